from django.db import migrations


def keep(apps, schema_editor):
    """Rows of imports still hold what they said for seven days."""
    rows = apps.get_model('kernel', 'ImportRow').objects.filter(
        upload__kind='orders', upload__subject_kind='window_community', upload__status='confirmed'
    )
    joined = apps.get_model('orders', 'WindowCommunity').objects.in_bulk(
        rows.values_list('upload__subject_id', flat=True).distinct()
    )
    line_of = apps.get_model('orders', 'ListedLine')
    piece_of = apps.get_model('orders', 'ListedPiece')
    for row in rows.select_related('upload').order_by('pk').iterator():
        values, place = row.values, joined.get(row.upload.subject_id)
        if place is None or values.get('household') is None or values['how'] == 'named':
            continue
        if row.result_id is None and not (row.result == 'left' and values['how'] == 'same'):
            continue
        line = line_of.objects.create(
            window_id=place.window_id,
            community_id=place.community_id,
            household_id=values['household'],
            upload_id=row.upload_id,
            number=row.number,
            mark=values.get('mark', ''),
            how=values['how'],
            order_id=row.result_id or values['order'],
        )
        piece_of.objects.bulk_create(
            piece_of(line=line, offer_id=one[0], quantity=one[1]) for one in values.get('lines', ())
        )


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0018_listed_lines'),
    ]

    operations = [
        migrations.RunPython(keep, migrations.RunPython.noop, elidable=True),
    ]
