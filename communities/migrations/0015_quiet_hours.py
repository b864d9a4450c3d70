from datetime import time

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0014_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name='community',
            name='quiet_from',
            field=models.TimeField(default=time(22, 0), verbose_name='quiet from'),
        ),
        migrations.AddField(
            model_name='community',
            name='quiet_until',
            field=models.TimeField(default=time(7, 0), verbose_name='quiet until'),
        ),
    ]
