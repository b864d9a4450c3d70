import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("communities", "0010_household_codes"),
        migrations.swappable_dependency(settings.KNOX_TOKEN_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('name', models.CharField(blank=True, default='', max_length=60, verbose_name='name')),
                ('via', models.CharField(choices=[('console', 'given by a coordinator'), ('slip', 'household slip'), ('phone', 'one-time code'), ('mini_program', 'mini-program')], default='console', max_length=20, verbose_name='signed in by')),
                ('used_at', models.DateTimeField(verbose_name='last used')),
                ('token', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='device', to=settings.KNOX_TOKEN_MODEL)),
            ],
            options={
                'verbose_name': 'device',
                'verbose_name_plural': 'devices',
            },
        ),
    ]
