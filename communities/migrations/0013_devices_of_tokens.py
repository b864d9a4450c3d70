"""Every token that was issued before there were devices gets one, so that its owner can see it and end it."""

import uuid

from django.db import migrations


def add_devices(apps, editor):
    device = apps.get_model("communities", "Device")
    tokens = device._meta.get_field("token").related_model.objects.filter(device=None)
    device.objects.bulk_create(
        device(public_id=uuid.uuid4(), token_id=token.pk, used_at=token.created) for token in tokens
    )


class Migration(migrations.Migration):
    dependencies = [("communities", "0012_consents")]

    operations = [migrations.RunPython(add_devices, migrations.RunPython.noop)]
