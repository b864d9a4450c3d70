"""How many doors a floor has: rooms beyond them are doubtful."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0005_service_phone"),
    ]

    operations = [
        migrations.AddField(
            model_name="building",
            name="doors",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="doors on each floor"
            ),
        ),
    ]
