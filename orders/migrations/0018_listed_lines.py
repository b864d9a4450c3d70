import config.kernel.constraints
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """A round knows the lines of its lists as long as it lives, not as long as an import's rows."""

    dependencies = [
        ('communities', '0023_places_of_wishes'),
        ('kernel', '0004_parked_messages'),
        ('orders', '0017_limits_of_templates'),
    ]

    operations = [
        migrations.CreateModel(
            name='ListedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField(verbose_name='row')),
                ('mark', models.CharField(blank=True, default='', max_length=24)),
                ('how', models.CharField(choices=[('place', 'place'), ('add', 'add'), ('update', 'update'), ('cancel', 'cancel'), ('gone', 'gone'), ('late', 'late'), ('same', 'same')], max_length=10)),
                ('community', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.community')),
                ('household', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.household')),
                ('order', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orders.order')),
                ('upload', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='kernel.import', verbose_name='import')),
                ('window', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.orderwindow')),
            ],
            options={
                'indexes': [
                    models.Index(fields=['window', 'community'], name='listed_by_window'),
                ],
                'constraints': [
                    models.UniqueConstraint(fields=('upload', 'number'), name='listed_row_once'),
                    models.CheckConstraint(condition=models.Q(('how__in', ['place', 'add', 'update', 'cancel', 'gone', 'late', 'same'])), name='listed_how_known'),
                    config.kernel.constraints.CompositeForeignKey(fields=('household', 'community'), name='listed_household_same_community', to='communities.Household', to_fields=('id', 'community')),
                    config.kernel.constraints.CompositeForeignKey(fields=('window', 'community'), name='listed_community_joined_window', to='orders.WindowCommunity', to_fields=('window', 'community')),
                    config.kernel.constraints.CompositeForeignKey(fields=('order', 'window'), name='listed_order_same_window', to='orders.Order', to_fields=('id', 'window')),
                ],
            },
        ),
        migrations.CreateModel(
            name='ListedPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quantity', models.PositiveIntegerField(verbose_name='quantity')),
                ('line', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='orders.listedline')),
                ('offer', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.offer')),
            ],
            options={
                'constraints': [
                    models.UniqueConstraint(fields=('line', 'offer'), name='listed_offer_once'),
                    models.CheckConstraint(condition=models.Q(('quantity__gte', 1), ('quantity__lte', 9999)), name='listed_quantity_range'),
                ],
            },
        ),
    ]
