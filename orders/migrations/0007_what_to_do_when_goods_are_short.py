from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0008_what_to_do_when_goods_are_short'),
        ('orders', '0006_orders_with_fewer_keys'),
    ]

    operations = [
        migrations.AddField(
            model_name='order',
            name='substitutes',
            field=models.CharField(choices=[('like', 'a like product is fine'), ('not_dearer', 'a like product if it is not dearer'), ('refund', 'rather the money back'), ('call', 'please call me first')], db_default='refund', default='refund', max_length=20, verbose_name='if goods are short'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('substitutes__in', ['like', 'not_dearer', 'refund', 'call'])), name='order_substitutes_known'),
        ),
    ]
