import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Who is signed in has a code sent to a number that nobody has yet."""

    dependencies = [
        ('communities', '0023_places_of_wishes'),
    ]

    operations = [
        migrations.AddField(
            model_name='signincode',
            name='user',
            field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
    ]
