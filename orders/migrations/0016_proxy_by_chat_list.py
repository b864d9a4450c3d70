from django.db import migrations, models


class Migration(migrations.Migration):
    """An order of a chat list that came after the cutoff has its road too."""

    dependencies = [
        ('orders', '0015_window_erased'),
    ]

    operations = [
        migrations.AlterField(
            model_name='proxywish',
            name='road',
            field=models.CharField(choices=[('phone', 'telephone'), ('door', 'at the door'), ('paper', 'on paper'), ('hotline', 'hotline'), ('chain', 'chat list')], max_length=20, verbose_name='how it was asked for'),
        ),
        migrations.RemoveConstraint(
            model_name='proxywish',
            name='proxy_road_known',
        ),
        migrations.AddConstraint(
            model_name='proxywish',
            constraint=models.CheckConstraint(condition=models.Q(('road__in', ('phone', 'door', 'paper', 'hotline', 'chain'))), name='proxy_road_known'),
        ),
    ]
