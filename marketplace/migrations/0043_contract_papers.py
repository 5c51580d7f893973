"""Returned numbers, registration lists, drafts with their clauses, performance; texts and rules shipped."""

import json
from datetime import date
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.codes

TEXTS = Path(__file__).with_name("clause_texts_v1.json")


def ship_clauses(apps, schema_editor):
    """The first version of every clause; each names its articles and is marked as not yet checked by a lawyer."""
    ClauseText = apps.get_model("marketplace", "ClauseText")
    rows = json.loads(TEXTS.read_text("utf-8"))
    ClauseText.objects.bulk_create(ClauseText(version=1, holds_from=date(2021, 1, 1), **row) for row in rows)


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0041_deal_rooms'),
    ]

    operations = [
        migrations.CreateModel(
            name='ClauseText',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('clause', models.CharField(choices=[('subject', 'subject'), ('price', 'price and payment'), ('performance', 'performance'), ('acceptance', 'handing over and acceptance'), ('secrecy', 'secrecy'), ('results', 'whose the results are'), ('improvements', 'later improvements'), ('warranty', 'risk and infringement'), ('breach', 'breach of contract'), ('disputes', 'disputes'), ('final', 'final provisions')], max_length=20, verbose_name='clause')),
                ('concerns', models.CharField(blank=True, choices=[('', 'every contract'), ('KF', 'development'), ('ZR', 'assignment'), ('XK', 'licence'), ('ZX', 'consulting'), ('FW', 'service'), ('KF-commissioned', 'commissioned development'), ('KF-joint', 'joint development'), ('ZR-patent', 'patent assignment'), ('ZR-application', 'assignment of a patent application'), ('ZR-secret', 'assignment of a technical secret'), ('ZR-other', 'assignment of another right'), ('XK-exclusive', 'exclusive patent licence'), ('XK-sole', 'sole patent licence'), ('XK-ordinary', 'ordinary patent licence'), ('XK-secret', 'licence of a technical secret'), ('ZX-consulting', 'technical consulting'), ('FW-service', 'technical service'), ('FW-training', 'technical training'), ('FW-intermediary', 'technical intermediary service')], max_length=20, verbose_name='concerns')),
                ('version', models.PositiveSmallIntegerField(editable=False, verbose_name='version')),
                ('holds_from', models.DateField(verbose_name='holds from')),
                ('text', models.TextField(help_text='Filled in from the contract: {project} {outcome} {rights} {field} {total} {technical} {begins} {ends}.', max_length=4000, verbose_name='text in Chinese')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('source_en', models.CharField(blank=True, max_length=200, verbose_name='source, in English')),
                ('is_checked', models.BooleanField(default=False, verbose_name='checked against the text')),
            ],
            options={
                'verbose_name': 'text of a clause',
                'verbose_name_plural': 'texts of clauses',
                'ordering': ['clause', 'concerns', '-version'],
                'constraints': [models.UniqueConstraint(fields=('clause', 'concerns', 'version'), name='clausetext_version_once'), models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='clausetext_says_something')],
            },
        ),
        migrations.CreateModel(
            name='NumberImport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('state', models.CharField(choices=[('compared', 'compared, not yet taken over'), ('taken_over', 'taken over')], default='compared', editable=False, max_length=12, verbose_name='state')),
                ('file_name', models.CharField(max_length=200, verbose_name='file')),
                ('sha256', models.CharField(max_length=64)),
                ('uploaded_at', models.DateTimeField(verbose_name='uploaded')),
                ('taken_over_at', models.DateTimeField(null=True, verbose_name='taken over')),
                ('taken_over_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('uploaded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sheet of returned numbers',
                'verbose_name_plural': 'sheets of returned numbers',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='NumberRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(verbose_name='row')),
                ('said', models.JSONField()),
                ('verdict', models.CharField(blank=True, choices=[('good', 'matched'), ('taken', 'taken over'), ('differs', 'amount differs'), ('unknown', 'unknown'), ('other', 'registered under another number'), ('known', 'registered under this number'), ('own', 'of your own'), ('second', 'waits for its second review'), ('state', 'not under review'), ('number', 'number cannot be entered'), ('twice', 'twice in the sheet'), ('unreadable', 'cannot be read')], max_length=12)),
                ('rests_on', models.JSONField(default=dict)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='marketplace.numberimport')),
                ('contract', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.technologycontract')),
            ],
            options={
                'verbose_name': 'row of returned numbers',
                'verbose_name_plural': 'rows of returned numbers',
                'ordering': ['line'],
            },
        ),
        migrations.CreateModel(
            name='RegistrationList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('number', models.CharField(editable=False, max_length=20, null=True, unique=True, verbose_name='number of the list')),
                ('state', models.CharField(choices=[('awaiting', 'waits for its second review'), ('issued', 'issued'), ('refused', 'refused'), ('void', 'no longer valid')], editable=False, max_length=12, verbose_name='state')),
                ('is_large', models.BooleanField(verbose_name='of large contracts')),
                ('purpose', models.CharField(max_length=200, verbose_name='made for')),
                ('made_at', models.DateTimeField(verbose_name='made')),
                ('issued_at', models.DateTimeField(null=True, verbose_name='issued')),
                ('reasons', models.TextField(blank=True, max_length=2000, verbose_name='reasons')),
                ('ended_at', models.DateTimeField(null=True, verbose_name='ended')),
                ('fell_with', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.technologycontract', verbose_name='revoked contract')),
                ('issued_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'registration list',
                'verbose_name_plural': 'registration lists',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ListedContract',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='row')),
                ('number', models.CharField(max_length=30, verbose_name='registration number')),
                ('total', models.BigIntegerField(verbose_name='total amount')),
                ('technical', models.BigIntegerField(verbose_name='technical amount')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='marketplace.technologycontract')),
                ('list', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='marketplace.registrationlist')),
            ],
            options={
                'verbose_name': 'contract on a list',
                'verbose_name_plural': 'contracts on lists',
                'ordering': ['list', 'position'],
            },
        ),
        migrations.CreateModel(
            name='ContractDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('content_sha256', models.CharField(max_length=64)),
                ('assembled_at', models.DateTimeField(verbose_name='put together')),
                ('assembled_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('clauses', models.ManyToManyField(related_name='drafts', to='marketplace.clausetext', verbose_name='texts of clauses')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='marketplace.technologycontract')),
                ('docx', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file')),
                ('pdf', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file')),
            ],
            options={
                'verbose_name': 'draft of a contract',
                'verbose_name_plural': 'drafts of contracts',
                'ordering': ['contract', '-version'],
                'constraints': [models.UniqueConstraint(fields=('contract', 'version'), name='contractdraft_version_once')],
            },
        ),
        migrations.CreateModel(
            name='ContractMilestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('title', models.CharField(max_length=200, verbose_name='what')),
                ('due_on', models.DateField(verbose_name='due on')),
                ('state', models.CharField(choices=[('due', 'to be done'), ('done', 'done, waits for acceptance'), ('accepted', 'accepted'), ('refused', 'not accepted'), ('dropped', 'struck')], default='due', editable=False, max_length=10, verbose_name='state')),
                ('planned_at', models.DateTimeField()),
                ('account', models.TextField(blank=True, max_length=2000, verbose_name='what was done')),
                ('done_at', models.DateTimeField(null=True, verbose_name='done')),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer of the buyer')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='marketplace.technologycontract')),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'milestone of a contract',
                'verbose_name_plural': 'milestones of contracts',
                'ordering': ['due_on', 'id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['due', 'dropped']), models.Q(('done_at__isnull', False), ('done_by__isnull', False), ('evidence__isnull', False), models.Q(('account', ''), _negated=True)), _connector='OR'), name='contractmilestone_done_with_evidence'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('state', 'accepted')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('state', 'refused'), models.Q(('answer', ''), _negated=True)), models.Q(('state__in', ['accepted', 'refused']), _negated=True), _connector='OR'), name='contractmilestone_answered_by_somebody')],
            },
        ),
        migrations.CreateModel(
            name='ContractTermination',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('state', models.CharField(choices=[('proposed', 'proposed to the other side'), ('agreed', 'terminated by agreement'), ('declined', 'declined'), ('withdrawn', 'withdrawn'), ('declared', 'terminated for a breach')], editable=False, max_length=10, verbose_name='state')),
                ('side', models.CharField(choices=[('buyer', 'buyer'), ('seller', 'seller of the technology')], max_length=6, verbose_name='asked for by')),
                ('reason', models.TextField(max_length=2000, verbose_name='reason')),
                ('ends_on', models.DateField(verbose_name='ends on')),
                ('begun_at', models.DateTimeField()),
                ('answer', models.TextField(blank=True, max_length=2000, verbose_name='answer')),
                ('answered_at', models.DateTimeField(null=True)),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('begun_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terminations', to='marketplace.technologycontract')),
                ('evidence', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file')),
            ],
            options={
                'verbose_name': 'termination of a contract',
                'verbose_name_plural': 'terminations of contracts',
                'ordering': ['-id'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'agreed', 'declared'])), fields=('contract',), name='contracttermination_one_open_or_done'), models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='contracttermination_has_a_reason'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'declared'), _negated=True), ('evidence__isnull', False), _connector='OR'), name='contracttermination_breach_with_evidence')],
            },
        ),
        migrations.AddConstraint(
            model_name='numberimport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'compared'), ('taken_over_at', None), ('taken_over_by', None)), models.Q(('state', 'taken_over'), ('taken_over_at__isnull', False), ('taken_over_by__isnull', False)), _connector='OR'), name='numberimport_taken_over_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='numberrow',
            constraint=models.UniqueConstraint(fields=('batch', 'line'), name='numberrow_line_once'),
        ),
        migrations.AddConstraint(
            model_name='registrationlist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('issued_at', None), ('issued_by', None), ('number', None), ('state__in', ['awaiting', 'refused'])), models.Q(('issued_at__isnull', False), ('issued_by__isnull', False), ('number__isnull', False), ('state', 'issued')), ('state', 'void'), _connector='OR'), name='registrationlist_issued_with_number'),
        ),
        migrations.AddConstraint(
            model_name='registrationlist',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('fell_with', None), ('reasons', ''), ('state__in', ['awaiting', 'issued'])), models.Q(('ended_at__isnull', False), ('fell_with', None), ('state', 'refused'), models.Q(('reasons', ''), _negated=True)), models.Q(('ended_at__isnull', False), ('fell_with__isnull', False), ('reasons', ''), ('state', 'void')), _connector='OR'), name='registrationlist_ended_with_its_reason'),
        ),
        migrations.AddConstraint(
            model_name='registrationlist',
            constraint=models.CheckConstraint(condition=models.Q(('is_large', False), ('issued_by', None), models.Q(('issued_by', models.F('made_by')), _negated=True), _connector='OR'), name='registrationlist_large_by_two_people'),
        ),
        migrations.AddConstraint(
            model_name='listedcontract',
            constraint=models.UniqueConstraint(fields=('list', 'contract'), name='listedcontract_once'),
        ),
        migrations.RunPython(ship_clauses, migrations.RunPython.noop),
    ]
