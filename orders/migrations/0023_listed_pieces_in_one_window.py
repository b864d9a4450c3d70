import config.kernel.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A piece of a line is on offer in the line's own window."""

    dependencies = [
        ('orders', '0022_listed_pieces_get_their_window'),
    ]

    operations = [
        migrations.AlterField(
            model_name='listedpiece',
            name='window',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.orderwindow'),
        ),
        migrations.AlterField(
            model_name='listedpiece',
            name='line',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='orders.listedline'),
        ),
        migrations.AlterField(
            model_name='listedpiece',
            name='offer',
            field=models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.offer'),
        ),
        migrations.AddConstraint(
            model_name='listedline',
            constraint=models.UniqueConstraint(fields=('id', 'window'), name='listed_with_window'),
        ),
        migrations.AddConstraint(
            model_name='listedpiece',
            constraint=config.kernel.constraints.CompositeForeignKey(fields=('line', 'window'), name='listed_piece_line_same_window', to='orders.ListedLine', to_fields=('id', 'window')),
        ),
        migrations.AddConstraint(
            model_name='listedpiece',
            constraint=config.kernel.constraints.CompositeForeignKey(fields=('offer', 'window'), name='listed_piece_offer_same_window', to='orders.Offer', to_fields=('id', 'window')),
        ),
    ]
