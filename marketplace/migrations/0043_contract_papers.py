"""Returned numbers, registration lists, drafts with their clauses, performance; texts and rules shipped."""

import json
from datetime import date
from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.codes
from marketplace.core.migrating import AtOnce

TEXTS = Path(__file__).with_name("clause_texts_v1.json")


def ship_clauses(apps, schema_editor):
    """The first version of every clause; each names its articles and is marked as not yet checked by a lawyer."""
    ClauseText = apps.get_model("marketplace", "ClauseText")
    rows = json.loads(TEXTS.read_text("utf-8"))
    ClauseText.objects.bulk_create(ClauseText(version=1, holds_from=date(2021, 1, 1), **row) for row in rows)


LAW = "中华人民共和国促进科技成果转化法（2015 年修正）第四十五条（待与原文核对）"
LAW_EN = (
    "Law on Promoting the Transformation of Scientific and Technological Achievements (2015), Art. 45 (to be checked)"
)
FLOORS = [
    {
        "concerns": "shares", "percent": 50,
        "note": "利用职务科技成果作价投资的，从该项科技成果形成的股份或者出资比例中提取不低于百分之五十的比例。",
        "note_en": "Where the outcome is contributed for shares, at least half of the shares or of the capital it forms.",
    },
    {
        "concerns": "profit", "percent": 5, "years": 3, "years_most": 5,
        "note": "将职务科技成果自行实施或者与他人合作实施的，在实施转化成功投产后连续三至五年，每年从实施该项科技成果的营业利润中提取不低于百分之五的比例。",
        "note_en": "Where it is implemented by oneself or with others, at least 5 % of the operating profit from it in each of three to five years running after production began.",
    },
]  # fmt: skip


def ship_floors(apps, schema_editor):
    """The floors on shares and on profit, not yet compared with the text of the law."""
    SharingRule = apps.get_model("marketplace", "SharingRule")
    for floor in FLOORS:
        SharingRule.objects.create(
            kind="floor", holds_from=date(2015, 10, 1), source=LAW, source_en=LAW_EN, is_checked=False, **floor
        )


class Migration(migrations.Migration):

    dependencies = [
        ("marketplace", "0042_broker_marks"),
    ]

    operations = [
        AtOnce([
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
            },
        ),
        migrations.CreateModel(
            name='ContractDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('content_sha256', models.CharField(max_length=64)),
                ('assembled_at', models.DateTimeField(verbose_name='put together')),
            ],
            options={
                'verbose_name': 'draft of a contract',
                'verbose_name_plural': 'drafts of contracts',
                'ordering': ['contract', '-version'],
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
            ],
            options={
                'verbose_name': 'milestone of a contract',
                'verbose_name_plural': 'milestones of contracts',
                'ordering': ['due_on', 'id'],
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
            ],
            options={
                'verbose_name': 'termination of a contract',
                'verbose_name_plural': 'terminations of contracts',
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
            ],
            options={
                'verbose_name': 'contract on a list',
                'verbose_name_plural': 'contracts on lists',
                'ordering': ['list', 'position'],
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
            ],
            options={
                'verbose_name': 'row of returned numbers',
                'verbose_name_plural': 'rows of returned numbers',
                'ordering': ['line'],
            },
        ),
        migrations.CreateModel(
            name='OutputReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('begins_on', models.DateField(verbose_name='from')),
                ('ends_on', models.DateField(verbose_name='until')),
                ('output', models.BigIntegerField(verbose_name='output')),
                ('due', models.BigIntegerField(verbose_name='due of it')),
                ('reported_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'report of output',
                'verbose_name_plural': 'reports of output',
                'ordering': ['begins_on', 'id'],
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
            ],
            options={
                'verbose_name': 'registration list',
                'verbose_name_plural': 'registration lists',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='distributionplan',
            name='basis',
            field=models.CharField(choices=[('income', 'net income of the contract'), ('shares', 'shares or capital formed by the technology'), ('profit', 'operating profit of each year, implemented by oneself or with others')], default='income', max_length=10, verbose_name='what is shared'),
        ),
        migrations.AddField(
            model_name='distributionplan',
            name='profit_years',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='years of profit'),
        ),
        migrations.AddField(
            model_name='instalment',
            name='is_royalty',
            field=models.BooleanField(default=False, editable=False, verbose_name='share of output'),
        ),
        migrations.AddField(
            model_name='sharingrule',
            name='years',
            field=models.PositiveSmallIntegerField(blank=True, help_text='Only of a floor on the operating profit.', null=True, verbose_name='years at least'),
        ),
        migrations.AddField(
            model_name='sharingrule',
            name='years_most',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='years at most'),
        ),
        migrations.AlterField(
            model_name='sharingrule',
            name='concerns',
            field=models.CharField(choices=[('any', 'every contract'), ('transfers', 'assignment and licence'), ('shares', 'technology contributed for shares'), ('profit', 'implemented by oneself or with others')], default='any', max_length=10, verbose_name='concerns'),
        ),
        migrations.AddConstraint(
            model_name='distributionplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('basis', 'profit'), ('profit_years__gt', 0)), models.Q(models.Q(('basis', 'profit'), _negated=True), ('profit_years', None)), _connector='OR'), name='plan_years_of_profit_only'),
        ),
        migrations.AddConstraint(
            model_name='sharingrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('concerns', 'profit'), ('kind', 'floor'), ('years__gt', 0), ('years_most__gte', models.F('years'))), models.Q(models.Q(('concerns', 'profit'), ('kind', 'floor'), _negated=True), ('years', None), ('years_most', None)), _connector='OR'), name='sharingrule_years_of_a_floor_on_profit'),
        ),
        migrations.AddConstraint(
            model_name='clausetext',
            constraint=models.UniqueConstraint(fields=('clause', 'concerns', 'version'), name='clausetext_version_once'),
        ),
        migrations.AddConstraint(
            model_name='clausetext',
            constraint=models.CheckConstraint(condition=models.Q(('text', ''), _negated=True), name='clausetext_says_something'),
        ),
        migrations.AddField(
            model_name='contractdraft',
            name='assembled_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contractdraft',
            name='clauses',
            field=models.ManyToManyField(related_name='drafts', to='marketplace.clausetext', verbose_name='texts of clauses'),
        ),
        migrations.AddField(
            model_name='contractdraft',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='contractdraft',
            name='docx',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file'),
        ),
        migrations.AddField(
            model_name='contractdraft',
            name='pdf',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file'),
        ),
        migrations.AddField(
            model_name='contractmilestone',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contractmilestone',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='milestones', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='contractmilestone',
            name='done_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contractmilestone',
            name='evidence',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file'),
        ),
        migrations.AddField(
            model_name='contractmilestone',
            name='planned_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contracttermination',
            name='answered_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contracttermination',
            name='begun_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contracttermination',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='terminations', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='contracttermination',
            name='evidence',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file'),
        ),
        migrations.AddField(
            model_name='listedcontract',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='listings', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='numberimport',
            name='taken_over_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='numberimport',
            name='uploaded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='numberrow',
            name='batch',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rows', to='marketplace.numberimport'),
        ),
        migrations.AddField(
            model_name='numberrow',
            name='contract',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='outputreport',
            name='instalment',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='output_report', to='marketplace.instalment'),
        ),
        migrations.AddField(
            model_name='outputreport',
            name='reported_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='outputreport',
            name='trial',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outputs', to='marketplace.trial'),
        ),
        migrations.AddField(
            model_name='registrationlist',
            name='fell_with',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.technologycontract', verbose_name='revoked contract'),
        ),
        migrations.AddField(
            model_name='registrationlist',
            name='issued_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='registrationlist',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='listedcontract',
            name='list',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='marketplace.registrationlist'),
        ),
        migrations.AddConstraint(
            model_name='contractdraft',
            constraint=models.UniqueConstraint(fields=('contract', 'version'), name='contractdraft_version_once'),
        ),
        migrations.AddConstraint(
            model_name='contractmilestone',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['due', 'dropped']), models.Q(('done_at__isnull', False), ('done_by__isnull', False), ('evidence__isnull', False), models.Q(('account', ''), _negated=True)), _connector='OR'), name='contractmilestone_done_with_evidence'),
        ),
        migrations.AddConstraint(
            model_name='contractmilestone',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('state', 'accepted')), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False), ('state', 'refused'), models.Q(('answer', ''), _negated=True)), models.Q(('state__in', ['accepted', 'refused']), _negated=True), _connector='OR'), name='contractmilestone_answered_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='contracttermination',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['proposed', 'agreed', 'declared'])), fields=('contract',), name='contracttermination_one_open_or_done'),
        ),
        migrations.AddConstraint(
            model_name='contracttermination',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='contracttermination_has_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='contracttermination',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'declared'), _negated=True), ('evidence__isnull', False), _connector='OR'), name='contracttermination_breach_with_evidence'),
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
            model_name='outputreport',
            constraint=models.CheckConstraint(condition=models.Q(('begins_on__lte', models.F('ends_on'))), name='outputreport_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='outputreport',
            constraint=models.CheckConstraint(condition=models.Q(('due__gte', 0), ('due__lte', models.F('output')), ('output__gte', 0)), name='outputreport_due_within_output'),
        ),
        migrations.AddConstraint(
            model_name='outputreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('due', 0), ('instalment', None)), models.Q(('due__gt', 0), ('instalment__isnull', False)), _connector='OR'), name='outputreport_due_is_an_instalment'),
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
        ]),
        migrations.RunPython(ship_clauses, migrations.RunPython.noop),
        migrations.RunPython(ship_floors, migrations.RunPython.noop),
    ]
