import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Two wishes of one person may end in one order."""

    dependencies = [
        ('orders', '0019_lines_of_earlier_lists'),
    ]

    operations = [
        migrations.AlterField(
            model_name='waitingwish',
            name='order',
            field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waited_for', to='orders.order', verbose_name='order'),
        ),
    ]
