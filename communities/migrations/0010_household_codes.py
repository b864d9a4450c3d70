import config.kernel.constraints
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("communities", "0009_living_elsewhere"),
    ]

    operations = [
        migrations.CreateModel(
            name='HouseholdCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('digest', models.CharField(max_length=64, unique=True)),
                ('created_at', models.DateTimeField(verbose_name='created')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='until')),
                ('used', models.IntegerField(default=0, verbose_name='used')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='communities.household')),
            ],
            options={
                'verbose_name': 'household code',
                'verbose_name_plural': 'household codes',
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('household',), name='householdcode_one_live'), models.CheckConstraint(condition=models.Q(('used__gte', 0)), name='householdcode_used_counts')],
            },
        ),
        migrations.CreateModel(
            name='JoinRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('status', models.CharField(choices=[('waiting', 'waiting'), ('approved', 'approved'), ('refused', 'refused'), ('withdrawn', 'withdrawn')], default='waiting', max_length=10, verbose_name='state')),
                ('name', models.CharField(blank=True, default='', max_length=40, verbose_name='name')),
                ('phone_encrypted', models.BinaryField(null=True)),
                ('phone_index', models.CharField(blank=True, default='', max_length=64)),
                ('phone_masked', models.CharField(blank=True, default='', max_length=20, verbose_name='phone')),
                ('lives_elsewhere', models.BooleanField(default=False, verbose_name='lives elsewhere')),
                ('device', models.CharField(blank=True, default='', max_length=60, verbose_name='device')),
                ('consent', models.CharField(max_length=20, verbose_name='version of the consent')),
                ('claim', models.CharField(max_length=64, null=True, unique=True)),
                ('asked_at', models.DateTimeField(verbose_name='asked')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
                ('reason', models.CharField(blank=True, default='', max_length=200, verbose_name='reason')),
                ('token_at', models.DateTimeField(null=True, verbose_name='token taken')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='communities.community', verbose_name='community')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('household', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to='communities.household', verbose_name='household')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='join_requests', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'wish to join',
                'verbose_name_plural': 'wishes to join',
                'indexes': [models.Index(condition=models.Q(('status', 'waiting')), fields=['community', 'household'], name='joinrequest_waiting')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('status', 'waiting')), models.Q(models.Q(('status', 'waiting'), _negated=True), ('decided_at__isnull', False)), _connector='OR'), name='joinrequest_waits_or_is_decided'), models.CheckConstraint(condition=models.Q(('status', 'waiting'), models.Q(('name', ''), ('phone_encrypted', None), ('phone_index', ''), ('phone_masked', '')), _connector='OR'), name='joinrequest_forgets'), models.CheckConstraint(condition=models.Q(('claim__isnull', False), ('user__isnull', False), _connector='OR'), name='joinrequest_of_somebody'), models.CheckConstraint(condition=models.Q(models.Q(('status', 'approved'), _negated=True), ('user__isnull', False), _connector='OR'), name='joinrequest_approved_has_account'), models.CheckConstraint(condition=models.Q(('token_at', None), ('status', 'approved'), _connector='OR'), name='joinrequest_token_after_approval'), config.kernel.constraints.CompositeForeignKey(fields=('household', 'community'), name='joinrequest_household_same_community', to='communities.Household', to_fields=('id', 'community'))],
            },
        ),
    ]
