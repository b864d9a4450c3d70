from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0014_dropped_pieces_come_back'),
    ]

    operations = [
        migrations.AddField(
            model_name='orderwindow',
            name='erased_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
    ]
