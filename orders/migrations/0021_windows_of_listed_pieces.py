import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0020_wishes_in_one_order'),
    ]

    operations = [
        migrations.AddField(
            model_name='listedpiece',
            name='window',
            field=models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='orders.orderwindow'),
        ),
    ]
