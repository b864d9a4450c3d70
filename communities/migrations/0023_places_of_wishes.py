from django.db import migrations, models


class Migration(migrations.Migration):
    """From where a wish to join came."""

    dependencies = [
        ("communities", "0022_codes_of_askers"),
    ]

    operations = [
        migrations.AddField(
            model_name="joinrequest",
            name="place",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
