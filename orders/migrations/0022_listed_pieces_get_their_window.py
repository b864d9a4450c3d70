from django.db import migrations
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    line_of = apps.get_model('orders', 'ListedLine')
    window = line_of.objects.filter(pk=OuterRef('line')).values('window')
    apps.get_model('orders', 'ListedPiece').objects.filter(window=None).update(window=Subquery(window))


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0021_windows_of_listed_pieces'),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
