from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kernel", "0003_heartbeat")]

    operations = [
        migrations.AddIndex(
            model_name="outboxmessage",
            index=models.Index(
                condition=models.Q(("parked_at__isnull", False)),
                fields=["parked_at"],
                name="outbox_parked",
            ),
        ),
    ]
