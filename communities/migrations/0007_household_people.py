"""How many people live in a household, where somebody said."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0006_building_doors"),
    ]

    operations = [
        migrations.AddField(
            model_name="household",
            name="people",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="people"),
        ),
    ]
