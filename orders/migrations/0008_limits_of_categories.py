import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0007_what_to_do_when_goods_are_short'),
    ]

    operations = [
        migrations.CreateModel(
            name='CategoryLimit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(max_length=30, verbose_name='category')),
                ('household_limit', models.PositiveIntegerField(verbose_name='limit per household')),
                ('window', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='category_limits', to='orders.orderwindow', verbose_name='group buy')),
            ],
            options={
                'verbose_name': 'limit of a category',
                'verbose_name_plural': 'limits of categories',
                'constraints': [
                    models.UniqueConstraint(fields=('window', 'category'), name='category_limit_once'),
                    models.CheckConstraint(condition=models.Q(('household_limit__gte', 1)), name='category_limit_positive'),
                    models.CheckConstraint(condition=models.Q(('category', ''), _negated=True), name='category_limit_of_a_category'),
                ],
            },
        ),
    ]
