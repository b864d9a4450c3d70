from django.db import migrations

# Pieces of orders that were taken off after the cutoff stood in `taken` until now. A cancelled round has given all back.
_PIECES = """
    UPDATE orders_offer o SET taken = o.taken {sign} gone.quantity
    FROM (
        SELECT l.offer_id, sum(l.quantity) AS quantity
        FROM orders_allocation a
        JOIN orders_orderline l ON l.id = a.line_id
        JOIN orders_order d ON d.id = l.order_id AND d.status = 'placed'
        WHERE a.cause = 'dropped'
        GROUP BY l.offer_id
    ) gone
    WHERE o.id = gone.offer_id AND o.cap IS NOT NULL
"""


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0013_surveys_and_requests'),
    ]

    operations = [
        migrations.RunSQL(_PIECES.format(sign="-"), _PIECES.format(sign="+")),
    ]
