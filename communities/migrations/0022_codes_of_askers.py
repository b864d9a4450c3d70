from django.db import migrations, models


class Migration(migrations.Migration):
    """Which device asked for a one-time code."""

    dependencies = [
        ("communities", "0021_confirmed_phones"),
    ]

    operations = [
        migrations.AddField(
            model_name="signincode",
            name="asked_by",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
