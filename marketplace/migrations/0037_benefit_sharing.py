"""Payments, plans and payouts; receipts are kept as they were entered; the rules benefit sharing starts with."""

from datetime import date
from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.contracts.sharing.publicised
import marketplace.core.codes

KEPT = """
CREATE FUNCTION keep_receipt() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' OR OLD.reversed_at IS NOT NULL
       OR to_jsonb(NEW) - 'reversed_at' <> to_jsonb(OLD) - 'reversed_at' THEN
        RAISE EXCEPTION 'A receipt is not changed or deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER receipt_kept BEFORE UPDATE OR DELETE ON marketplace_receipt
    FOR EACH ROW EXECUTE FUNCTION keep_receipt();
"""
NOT_KEPT = """
DROP TRIGGER receipt_kept ON marketplace_receipt;
DROP FUNCTION keep_receipt();
"""

LAW = "中华人民共和国促进科技成果转化法（2015 年修正）第四十四、四十五条"
LAW_EN = "Law on Promoting the Transformation of Scientific and Technological Achievements (2015), Art. 44–45"
# what could not be compared with the text of the law is marked unchecked: staff put it right in the admin
RULES = [
    {
        "kind": "floor", "holds_from": date(2015, 10, 1), "concerns": "transfers", "percent": 50, "is_checked": True,
        "note": "转让、许可职务科技成果的，从净收入中提取不低于百分之五十的比例奖励完成、转化该成果的重要贡献人员；国家设立的研究开发机构、高等院校约定的，也不得低于此比例。",
        "note_en": "Of the net income of an assignment or a licence at least half goes to those who made and transferred the outcome; public units keep the floor also where they agreed on something else.",
        "source": LAW, "source_en": LAW_EN,
    },
    {
        "kind": "floor", "holds_from": date(2017, 5, 1), "concerns": "transfers", "percent": 70, "region": "33",
        "note": "浙江省规定的比例和施行日期尚未与条例原文核对。",
        "note_en": "Ratio and day of the provincial rule are not yet checked against its text.",
        "source": "浙江省促进科技成果转化条例（待核对）",
        "source_en": "Zhejiang regulations on promoting the transformation of achievements (to be checked)",
    },
    {
        "kind": "tax", "holds_from": date(2018, 7, 1), "concerns": "transfers", "percent": 50,
        "note": "符合条件的职务科技成果转化现金奖励，减按百分之五十计入当月工资、薪金所得；条件含收到收入后三年内发放和公示。",
        "note_en": "A cash reward that meets the conditions counts at half in the wage income of the month; among them payment within three years of the receipt, and publicity.",
        "source": "财税〔2018〕58 号（条件待核对）",
        "source_en": "Cai Shui [2018] No. 58 (conditions to be checked)",
    },
    {
        "kind": "term", "holds_from": date(2018, 7, 1), "days": 15,
        "note": "分配方案在单位内公示的最短期限，工作日；待与公示办法核对。",
        "note_en": "Shortest publicity of a plan, in working days; to be checked against the measures on publicity.",
        "source": "国科发政〔2018〕103 号（待核对）",
        "source_en": "Guo Ke Fa Zheng [2018] No. 103 (to be checked)",
    },
    *(
        {
            "kind": "formula", "holds_from": date(2015, 10, 1), "formula": formula, "note": note, "note_en": note_en,
            "source": "单位自定；法律未规定净收入的算法", "source_en": "Chosen by the unit: the law does not say how net income is computed",
        }
        for formula, note, note_en in [
            ("payment", "到账金额全额分配，成本和税费由单位承担。", "The whole payment is shared; the unit bears cost and tax."),
            ("costs", "到账金额减直接成本，税费由单位承担。", "The payment less direct cost; the unit bears the tax."),
            ("costs_and_tax", "到账金额减直接成本和税费。", "The payment less direct cost and tax."),
        ]
    ),
]


def ship_rules(apps, schema_editor):
    SharingRule = apps.get_model("marketplace", "SharingRule")
    SharingRule.objects.bulk_create(SharingRule(**rule) for rule in RULES)


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0036_auctions_conflicts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='publicity',
            name='matter',
            field=models.CharField(choices=[('sale_result', 'result of a sale'), ('distribution', 'distribution of income')], max_length=20, verbose_name='matter'),
        ),
        migrations.CreateModel(
            name='DistributionPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('version', models.PositiveSmallIntegerField(verbose_name='version')),
                ('state', models.CharField(choices=[('draft', 'draft'), ('at_department', 'with the department'), ('at_institute', 'with the institute'), ('returned', 'returned with reasons'), ('in_publicity', 'in publicity'), ('effective', 'in effect'), ('superseded', 'replaced by a newer version'), ('objected', 'fell by an objection'), ('withdrawn', 'withdrawn')], default='draft', editable=False, max_length=20, verbose_name='state')),
                ('formula', models.CharField(choices=[('costs_and_tax', 'payment − direct cost − tax'), ('costs', 'payment − direct cost'), ('payment', 'the whole payment')], max_length=20, verbose_name='net income')),
                ('broker_as', models.CharField(choices=[('nobody', 'no broker is paid'), ('cost', 'as a cost, before the income is shared'), ('share', 'by a share of the net income')], default='nobody', max_length=10, verbose_name='broker')),
                ('broker_name', models.CharField(blank=True, max_length=120, verbose_name='name of the broker')),
                ('broker_rate', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, verbose_name='per cent of the payment for the broker')),
                ('department', models.CharField(max_length=120, verbose_name='department')),
                ('round', models.PositiveSmallIntegerField(default=0, editable=False)),
                ('drafted_at', models.DateTimeField(editable=False)),
                ('submitted_at', models.DateTimeField(editable=False, null=True)),
                ('effective_on', models.DateField(editable=False, null=True, verbose_name='in effect from')),
                ('superseded_on', models.DateField(editable=False, null=True, verbose_name='in effect until')),
                ('floor_percent', models.DecimalField(decimal_places=2, editable=False, max_digits=5, null=True)),
                ('agreement_reason', models.TextField(blank=True, editable=False, max_length=2000, verbose_name='why less is lawful')),
                ('agreement_at', models.DateTimeField(editable=False, null=True)),
                ('agreement_by', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agreement_file', models.OneToOneField(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file')),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='plans', to='marketplace.technologycontract')),
                ('department_head', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='approves for the department')),
                ('drafted_by', models.ForeignKey(editable=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'distribution plan',
                'verbose_name_plural': 'distribution plans',
                'ordering': ['contract', '-version'],
            },
            bases=(marketplace.contracts.sharing.publicised.Publicised, models.Model),
        ),
        migrations.CreateModel(
            name='Instalment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('due_on', models.DateField(verbose_name='due on')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('condition', models.CharField(blank=True, max_length=200, verbose_name='condition or milestone')),
                ('invoice_number', models.CharField(blank=True, max_length=40, verbose_name='invoice number')),
                ('invoiced_on', models.DateField(blank=True, null=True, verbose_name='invoiced on')),
                ('planned_at', models.DateTimeField()),
                ('reminded_on', models.DateField(null=True)),
                ('dropped_at', models.DateTimeField(null=True)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='instalments', to='marketplace.technologycontract')),
                ('planned_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'instalment',
                'verbose_name_plural': 'instalments',
                'ordering': ['due_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='PlanDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('round', models.PositiveSmallIntegerField()),
                ('stage', models.CharField(choices=[('department', 'department'), ('institute', 'institute')], max_length=12, verbose_name='step')),
                ('is_approved', models.BooleanField(verbose_name='approved')),
                ('reasons', models.TextField(blank=True, max_length=2000, verbose_name='reasons')),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='decisions', to='marketplace.distributionplan')),
            ],
            options={
                'verbose_name': 'decision on a plan',
                'verbose_name_plural': 'decisions on plans',
                'ordering': ['-decided_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PlanShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('position', models.PositiveSmallIntegerField()),
                ('kind', models.CharField(choices=[('inventor', 'inventor'), ('department', 'department'), ('institute', 'institute'), ('office', 'transfer office'), ('broker', 'broker'), ('other', 'other payee')], max_length=12, verbose_name='payee')),
                ('name', models.CharField(max_length=120, verbose_name='name')),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5, validators=[django.core.validators.MinValueValidator(Decimal('0.01')), django.core.validators.MaxValueValidator(Decimal('100'))], verbose_name='per cent')),
                ('is_leader', models.BooleanField(default=False, verbose_name='holds a leading post')),
                ('declaration', models.CharField(blank=True, max_length=500, verbose_name='declaration of the leading post')),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='marketplace.distributionplan')),
                ('user', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='plan_shares', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'payee of a plan',
                'verbose_name_plural': 'payees of plans',
                'ordering': ['plan', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Receipt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('bank_reference', models.CharField(max_length=60, verbose_name='bank reference')),
                ('entered_at', models.DateTimeField()),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('reversed_at', models.DateTimeField(null=True)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='marketplace.technologycontract')),
                ('entered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('instalment', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='receipts', to='marketplace.instalment')),
                ('reverses', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='marketplace.receipt')),
            ],
            options={
                'verbose_name': 'payment received',
                'verbose_name_plural': 'payments received',
                'ordering': ['received_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Distribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('direct_cost', models.BigIntegerField(verbose_name='direct cost')),
                ('tax', models.BigIntegerField(verbose_name='tax')),
                ('broker_cost', models.BigIntegerField(verbose_name='broker, as a cost')),
                ('net', models.BigIntegerField(verbose_name='net income')),
                ('to_inventors', models.BigIntegerField(verbose_name='to the inventors')),
                ('made_at', models.DateTimeField()),
                ('reversed_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('plan', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='distributions', to='marketplace.distributionplan')),
                ('receipt', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='distribution', to='marketplace.receipt')),
            ],
            options={
                'verbose_name': 'distribution',
                'verbose_name_plural': 'distributions',
                'ordering': ['-made_at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='SharingRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('floor', 'least share of the inventors'), ('formula', 'what net income is'), ('tax', 'part of a cash reward that is taxed'), ('term', 'days of publicity')], max_length=10, verbose_name='kind')),
                ('holds_from', models.DateField(verbose_name='holds from')),
                ('region', models.CharField(blank=True, help_text='First digits of the region code, 33 for Zhejiang.', max_length=6, verbose_name='region')),
                ('concerns', models.CharField(choices=[('any', 'every contract'), ('transfers', 'assignment and licence')], default='any', max_length=10, verbose_name='concerns')),
                ('percent', models.DecimalField(blank=True, decimal_places=2, max_digits=5, null=True, validators=[django.core.validators.MinValueValidator(Decimal('0')), django.core.validators.MaxValueValidator(Decimal('100'))], verbose_name='per cent')),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='working days')),
                ('formula', models.CharField(blank=True, choices=[('costs_and_tax', 'payment − direct cost − tax'), ('costs', 'payment − direct cost'), ('payment', 'the whole payment')], max_length=20, verbose_name='formula')),
                ('note', models.TextField(max_length=1000, verbose_name='what it says')),
                ('note_en', models.TextField(blank=True, max_length=1000, verbose_name='what it says, in English')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('source_en', models.CharField(blank=True, max_length=200, verbose_name='source, in English')),
                ('is_checked', models.BooleanField(default=False, verbose_name='checked against the text')),
                ('organisation', models.ForeignKey(blank=True, help_text='Empty: holds for all public institutes.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='sharing_rules', to='marketplace.organisation', verbose_name='own rule of')),
            ],
            options={
                'verbose_name': 'rule of benefit sharing',
                'verbose_name_plural': 'rules of benefit sharing',
                'ordering': ['kind', '-holds_from', '-id'],
            },
        ),
        migrations.CreateModel(
            name='PayoutLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('state', models.CharField(choices=[('payable', 'to be paid out'), ('paid', 'paid out'), ('cancelled', 'cancelled: the payment was reversed'), ('to_reclaim', 'to be paid back'), ('reclaimed', 'paid back')], default='payable', editable=False, max_length=12, verbose_name='state')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('tax_counted', models.BigIntegerField(null=True, verbose_name='counted for income tax')),
                ('paid_on', models.DateField(null=True, verbose_name='paid on')),
                ('reference', models.CharField(blank=True, max_length=60, verbose_name='reference of the payment')),
                ('reclaimed_on', models.DateField(null=True, verbose_name='paid back on')),
                ('reclaim_reference', models.CharField(blank=True, max_length=60, verbose_name='reference of the repayment')),
                ('distribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='marketplace.distribution')),
                ('paid_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('share', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='marketplace.planshare')),
                ('tax_rule', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.sharingrule')),
            ],
            options={
                'verbose_name': 'payout',
                'verbose_name_plural': 'payouts',
                'ordering': ['distribution', 'id'],
            },
        ),
        migrations.AddField(
            model_name='distributionplan',
            name='floor_rule',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.sharingrule'),
        ),
        migrations.AddConstraint(
            model_name='instalment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='instalment_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='instalment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('invoice_number', ''), ('invoiced_on', None)), models.Q(models.Q(('invoice_number', ''), _negated=True), ('invoiced_on__isnull', False)), _connector='OR'), name='instalment_invoice_with_its_day'),
        ),
        migrations.AddConstraint(
            model_name='plandecision',
            constraint=models.UniqueConstraint(fields=('plan', 'round', 'decided_by'), name='plandecision_person_once'),
        ),
        migrations.AddConstraint(
            model_name='plandecision',
            constraint=models.UniqueConstraint(fields=('plan', 'round', 'stage'), name='plandecision_step_once'),
        ),
        migrations.AddConstraint(
            model_name='plandecision',
            constraint=models.CheckConstraint(condition=models.Q(('is_approved', True), models.Q(('reasons', ''), _negated=True), _connector='OR'), name='plandecision_no_with_reasons'),
        ),
        migrations.AddConstraint(
            model_name='planshare',
            constraint=models.UniqueConstraint(fields=('plan', 'kind', 'name'), name='planshare_payee_once'),
        ),
        migrations.AddConstraint(
            model_name='planshare',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gt', 0), ('percent__lte', 100)), name='planshare_percent_in_range'),
        ),
        migrations.AddConstraint(
            model_name='planshare',
            constraint=models.CheckConstraint(condition=models.Q(('is_leader', False), ('kind', 'inventor'), _connector='OR'), name='planshare_only_inventors_lead'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__gt', 0), ('reason', ''), ('reverses', None)), models.Q(('amount__lt', 0), ('reversed_at', None), ('reverses__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='receipt_negative_iff_it_reverses'),
        ),
        migrations.AddConstraint(
            model_name='receipt',
            constraint=models.UniqueConstraint(condition=models.Q(('reversed_at', None), ('reverses', None)), fields=('contract', 'bank_reference'), name='receipt_bank_reference_once'),
        ),
        migrations.AddConstraint(
            model_name='distribution',
            constraint=models.CheckConstraint(condition=models.Q(('broker_cost__gte', 0), ('direct_cost__gte', 0), ('net__gt', 0), ('tax__gte', 0), ('to_inventors__gte', 0), ('to_inventors__lte', models.F('net'))), name='distribution_amounts_in_order'),
        ),
        migrations.AddConstraint(
            model_name='sharingrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('days', None), ('formula', ''), ('kind__in', ['floor', 'tax']), ('percent__isnull', False)), models.Q(('days__isnull', False), ('formula', ''), ('kind', 'term'), ('percent', None)), models.Q(('days', None), ('kind', 'formula'), ('percent', None), models.Q(('formula', ''), _negated=True)), _connector='OR'), name='sharingrule_says_what_its_kind_needs'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.UniqueConstraint(fields=('distribution', 'share'), name='payoutline_payee_once'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.UniqueConstraint(condition=models.Q(('share', None)), fields=('distribution',), name='payoutline_broker_cost_once'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payoutline_amount_positive'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_by', None), ('paid_on', None), ('reference', ''), ('state__in', ['payable', 'cancelled'])), models.Q(('paid_by__isnull', False), ('paid_on__isnull', False), ('state__in', ['paid', 'to_reclaim', 'reclaimed']), models.Q(('reference', ''), _negated=True)), _connector='OR'), name='payoutline_paid_with_day_and_reference'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reclaimed_on__isnull', False), ('state', 'reclaimed'), models.Q(('reclaim_reference', ''), _negated=True)), models.Q(models.Q(('state', 'reclaimed'), _negated=True), ('reclaim_reference', ''), ('reclaimed_on', None)), _connector='OR'), name='payoutline_reclaimed_with_day'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('tax_counted', None), ('tax_rule', None)), models.Q(('tax_counted__isnull', False), ('tax_rule__isnull', False)), _connector='OR'), name='payoutline_tax_with_its_rule'),
        ),
        migrations.AddConstraint(
            model_name='distributionplan',
            constraint=models.UniqueConstraint(fields=('contract', 'version'), name='plan_version_once'),
        ),
        migrations.AddConstraint(
            model_name='distributionplan',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'at_department', 'at_institute', 'returned', 'in_publicity'])), fields=('contract',), name='plan_one_on_its_way'),
        ),
        migrations.AddConstraint(
            model_name='distributionplan',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'effective')), fields=('contract',), name='plan_one_in_effect'),
        ),
        migrations.AddConstraint(
            model_name='distributionplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('effective_on__isnull', False), ('state', 'effective'), ('superseded_on', None)), models.Q(('effective_on__isnull', False), ('state', 'superseded'), ('superseded_on__gte', models.F('effective_on'))), models.Q(models.Q(('state__in', ['effective', 'superseded']), _negated=True), ('effective_on', None), ('superseded_on', None)), _connector='OR'), name='plan_effective_iff_dated'),
        ),
        migrations.AddConstraint(
            model_name='distributionplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('broker_as', 'cost'), ('broker_rate__gt', 0), ('broker_rate__lt', 100), models.Q(('broker_name', ''), _negated=True)), models.Q(models.Q(('broker_as', 'cost'), _negated=True), ('broker_rate', None)), _connector='OR'), name='plan_broker_cost_with_its_rate'),
        ),
        migrations.AddConstraint(
            model_name='distributionplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('agreement_at', None), ('agreement_by', None), ('agreement_file', None), ('agreement_reason', '')), models.Q(('agreement_at__isnull', False), ('agreement_by__isnull', False), ('agreement_file__isnull', False), models.Q(('agreement_reason', ''), _negated=True)), _connector='OR'), name='plan_agreement_whole_or_not_at_all'),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunPython(ship_rules, migrations.RunPython.noop),
    ]
