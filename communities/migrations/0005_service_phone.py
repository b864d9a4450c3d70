"""Whom residents of a community call, as it is published on posters."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("communities", "0004_unread_messages"),
    ]

    operations = [
        migrations.AddField(
            model_name="community",
            name="service_name",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="whom to call"),
        ),
        migrations.AddField(
            model_name="community",
            name="service_phone",
            field=models.CharField(blank=True, default="", max_length=30, verbose_name="duty phone"),
        ),
    ]
