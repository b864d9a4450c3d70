from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("communities", "0008_what_to_do_when_goods_are_short"),
    ]

    operations = [
        migrations.AddField(
            model_name='membership',
            name='lives_elsewhere',
            field=models.BooleanField(default=False, verbose_name='lives elsewhere'),
        ),
        migrations.AddField(
            model_name='resident',
            name='left_at',
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name='moved out'),
        ),
        migrations.AddConstraint(
            model_name='membership',
            constraint=models.CheckConstraint(condition=models.Q(('lives_elsewhere', False), ('role', 'resident'), _connector='OR'), name='membership_elsewhere_for_residents'),
        ),
    ]
