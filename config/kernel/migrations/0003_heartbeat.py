from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0002_intake")]

    operations = [
        migrations.CreateModel(
            name="Heartbeat",
            fields=[
                ("name", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
            ],
            options={"verbose_name": "heartbeat"},
        ),
    ]
