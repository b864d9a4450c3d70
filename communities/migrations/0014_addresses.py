
import config.kernel.constraints
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('communities', '0013_devices_of_tokens'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressQuestion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('text', models.CharField(blank=True, max_length=300, verbose_name='as it was written')),
                ('reason', models.CharField(max_length=30, verbose_name='why it is not sure')),
                ('source', models.CharField(choices=[('chat', 'pasted chat'), ('file', 'imported file'), ('phone', 'telephone'), ('paper', 'paper')], max_length=10, verbose_name='where it came from')),
                ('subject_kind', models.CharField(blank=True, default='', max_length=40)),
                ('subject_id', models.BigIntegerField(default=0)),
                ('phone_encrypted', models.BinaryField(null=True)),
                ('phone_masked', models.CharField(blank=True, default='', max_length=20, verbose_name='phone')),
                ('status', models.CharField(choices=[('open', 'to confirm'), ('answered', 'confirmed'), ('dropped', 'dropped')], default='open', max_length=10, verbose_name='status')),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('closed_at', models.DateTimeField(null=True, verbose_name='closed at')),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='address_questions', to='communities.community', verbose_name='community')),
                ('household', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='communities.household', verbose_name='household')),
            ],
            options={
                'verbose_name': 'address to confirm',
                'verbose_name_plural': 'addresses to confirm',
                'indexes': [
                    models.Index(condition=models.Q(('status', 'open')), fields=['community', 'asked_at'], name='address_question_open'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('status', 'open'), models.Q(('subject_kind', ''), _negated=True)), fields=('subject_kind', 'subject_id'), name='address_question_once_per_row'),
                    models.UniqueConstraint(fields=('id', 'community'), name='address_question_community'),
                    models.CheckConstraint(condition=models.Q(models.Q(('household__isnull', False), ('status', 'answered')), models.Q(models.Q(('status', 'answered'), _negated=True), ('household', None)), _connector='OR'), name='address_question_answer_is_household'),
                    models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('status', 'open')), models.Q(models.Q(('status', 'open'), _negated=True), ('closed_at__isnull', False)), _connector='OR'), name='address_question_closed_at'),
                    config.kernel.constraints.CompositeForeignKey(fields=('household', 'community'), name='address_question_household_same_community', to='communities.Household', to_fields=('id', 'community')),
                ],
            },
        ),
        migrations.CreateModel(
            name='AddressCandidate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.community')),
                ('household', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='communities.household')),
                ('question', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, related_name='candidates', to='communities.addressquestion')),
            ],
            options={
                'verbose_name': 'possible household',
                'verbose_name_plural': 'possible households',
                'constraints': [
                    models.UniqueConstraint(fields=('question', 'household'), name='address_candidate_once'),
                    config.kernel.constraints.CompositeForeignKey(fields=('question', 'community'), name='address_candidate_question_same_community', to='communities.AddressQuestion', to_fields=('id', 'community')),
                    config.kernel.constraints.CompositeForeignKey(fields=('household', 'community'), name='address_candidate_household_same_community', to='communities.Household', to_fields=('id', 'community')),
                ],
            },
        ),
        migrations.CreateModel(
            name='AddressRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('alias', 'a name for a building or a door'), ('name', 'another name of the community'), ('lane', 'a name for a lane'), ('house_room', 'two numbers are building and room'), ('unit_room', 'two numbers are unit and room'), ('no_units', 'people say a unit, the register has none'), ('rooms', 'rooms from … to …'), ('group', 'the chat of a building')], max_length=20, verbose_name='kind')),
                ('words', models.CharField(blank=True, default='', help_text="The name, the chat's name, or the first room of a range.", max_length=60, verbose_name='what people write')),
                ('meaning', models.CharField(blank=True, default='', help_text="The lane (empty: the community's own), or the last room of a range.", max_length=40, verbose_name='what it means')),
                ('building', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='communities.building', verbose_name='building')),
                ('community', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='address_rules', to='communities.community', verbose_name='community')),
                ('household', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.CASCADE, to='communities.household', verbose_name='household')),
            ],
            options={
                'verbose_name': 'address rule',
                'verbose_name_plural': 'address rules',
                'constraints': [
                    models.UniqueConstraint(fields=('community', 'kind', 'words', 'building'), name='address_rule_once', nulls_distinct=False, violation_error_message='The community has this rule already.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['alias', 'name', 'lane', 'rooms', 'group']), _negated=True), models.Q(('words', ''), _negated=True), _connector='OR'), name='address_rule_has_words', violation_error_message='Write down what people write.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind__in', ['alias', 'group']), _negated=True), ('building__isnull', False), _connector='OR'), name='address_rule_names_building', violation_error_message='Choose the building that is meant.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('kind', 'rooms'), _negated=True), models.Q(('meaning', ''), _negated=True), _connector='OR'), name='address_rule_rooms_have_an_end', violation_error_message='Write down the last room.'),
                    models.CheckConstraint(condition=models.Q(('household', None), ('kind', 'alias'), _connector='OR'), name='address_rule_door_is_alias'),
                    config.kernel.constraints.CompositeForeignKey(fields=('building', 'community'), name='address_rule_building_same_community', to='communities.Building', to_fields=('id', 'community')),
                    config.kernel.constraints.CompositeForeignKey(fields=('household', 'community'), name='address_rule_household_same_community', to='communities.Household', to_fields=('id', 'community')),
                ],
            },
        ),
    ]
