from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("communities", "0020_robots_left_out"),
    ]

    operations = [
        migrations.AddField(
            model_name="resident",
            name="phone_confirmed",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="resident",
            name="phone_closed",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
    ]
