import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("communities", "0011_devices"),
    ]

    operations = [
        migrations.CreateModel(
            name='Consent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('ordering', 'ordering for the household'), ('care_notes', 'notes on care'), ('direct_delivery', 'delivery by the supplier')], max_length=20, verbose_name='purpose')),
                ('version', models.CharField(max_length=20, verbose_name='version of the text')),
                ('how', models.CharField(choices=[('in_app', 'by the person, on a device'), ('oral', 'by word of mouth')], max_length=10, verbose_name='how')),
                ('given_at', models.DateTimeField(verbose_name='given')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='withdrawn')),
                ('noted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('resident', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to='communities.resident')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='consents', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'consent',
                'verbose_name_plural': 'consents',
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('resident', None), ('user__isnull', False)), models.Q(('resident__isnull', False), ('user', None)), _connector='OR'), name='consent_of_one'), models.CheckConstraint(condition=models.Q(models.Q(('how', 'in_app'), ('noted_by', None), ('user__isnull', False)), models.Q(('how', 'oral'), ('resident__isnull', False)), _connector='OR'), name='consent_how'), models.CheckConstraint(condition=models.Q(('withdrawn_at', None), ('withdrawn_at__gte', models.F('given_at')), _connector='OR'), name='consent_withdrawn_after_given'), models.UniqueConstraint(condition=models.Q(('user__isnull', False), ('withdrawn_at', None)), fields=('user', 'purpose', 'version'), name='consent_of_account_once'), models.UniqueConstraint(condition=models.Q(('resident__isnull', False), ('withdrawn_at', None)), fields=('resident', 'purpose', 'version'), name='consent_of_resident_once')],
            },
        ),
    ]
