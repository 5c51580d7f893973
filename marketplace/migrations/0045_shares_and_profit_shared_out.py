"""Shares allotted, profits of years, corrections of paid lines; what was entered with a proof is kept as it was."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.codes
from marketplace.core.migrating import AtOnce

KEPT = """
CREATE FUNCTION keep_evidenced() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    marks text[] := ARRAY['reversed_at', 'reversed_by_id', 'reversal_reason'];
BEGIN
    IF TG_OP = 'DELETE' OR to_jsonb(OLD)->>'reversed_at' IS NOT NULL
       OR to_jsonb(NEW) - marks <> to_jsonb(OLD) - marks THEN
        RAISE EXCEPTION 'What was entered with a proof is not changed or deleted'
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER profitreport_kept BEFORE UPDATE OR DELETE ON marketplace_profitreport
    FOR EACH ROW EXECUTE FUNCTION keep_evidenced();
CREATE TRIGGER shareallotment_kept BEFORE UPDATE OR DELETE ON marketplace_shareallotment
    FOR EACH ROW EXECUTE FUNCTION keep_evidenced();
CREATE TRIGGER allotmentline_kept BEFORE UPDATE OR DELETE ON marketplace_allotmentline
    FOR EACH ROW EXECUTE FUNCTION keep_evidenced();
"""
NOT_KEPT = """
DROP TRIGGER profitreport_kept ON marketplace_profitreport;
DROP TRIGGER shareallotment_kept ON marketplace_shareallotment;
DROP TRIGGER allotmentline_kept ON marketplace_allotmentline;
DROP FUNCTION keep_evidenced();
"""
# a plan about profit named its years only by their number: they begin with the year the contract was signed
NAMED = """
UPDATE marketplace_distributionplan plan
SET profit_from = extract(year FROM coalesce(contract.signed_on, (plan.drafted_at AT TIME ZONE 'Asia/Shanghai')::date))
FROM marketplace_technologycontract contract
WHERE contract.id = plan.contract_id AND plan.basis = 'profit';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0044_auctions_again_and_objects'),
    ]

    operations = [
        AtOnce([
        migrations.CreateModel(
            name='AllotmentLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
            ],
            options={
                'verbose_name': 'allotted share',
                'verbose_name_plural': 'allotted shares',
                'ordering': ['allotment', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ProfitReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('entered_at', models.DateTimeField()),
                ('reversed_at', models.DateTimeField(null=True)),
                ('reversal_reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('profit', models.BigIntegerField(verbose_name='operating profit')),
            ],
            options={
                'verbose_name': 'reported profit of a year',
                'verbose_name_plural': 'reported profits of years',
                'ordering': ['contract', 'year', 'id'],
            },
        ),
        migrations.CreateModel(
            name='ShareAllotment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('entered_at', models.DateTimeField()),
                ('reversed_at', models.DateTimeField(null=True)),
                ('reversal_reason', models.CharField(blank=True, max_length=500, verbose_name='reason')),
                ('company', models.CharField(max_length=120, verbose_name='company')),
                ('unit', models.CharField(choices=[('shares', 'shares of a company limited by shares'), ('capital', 'registered capital of a limited company, in yuan')], max_length=10, verbose_name='counted in')),
                ('amount', models.BigIntegerField(verbose_name='formed by the technology')),
                ('company_total', models.BigIntegerField(verbose_name='the whole company')),
                ('registered_on', models.DateField(verbose_name='change registered on')),
            ],
            options={
                'verbose_name': 'allotment of shares',
                'verbose_name_plural': 'allotments of shares',
                'ordering': ['contract', '-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='distributionplan',
            name='plan_years_of_profit_only',
        ),
        migrations.RemoveConstraint(
            model_name='payoutline',
            name='payoutline_payee_once',
        ),
        migrations.RemoveConstraint(
            model_name='payoutline',
            name='payoutline_broker_cost_once',
        ),
        migrations.RemoveConstraint(
            model_name='payoutline',
            name='payoutline_amount_positive',
        ),
        migrations.RemoveConstraint(
            model_name='payoutline',
            name='payoutline_paid_with_day_and_reference',
        ),
        migrations.AddField(
            model_name='distributionplan',
            name='profit_from',
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='first year of profit'),
        ),
        migrations.AddField(
            model_name='payoutline',
            name='reason',
            field=models.CharField(blank=True, max_length=500, verbose_name='reason'),
        ),
        migrations.AddField(
            model_name='payoutline',
            name='reverses',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='reversed_by', to='marketplace.payoutline'),
        ),
        migrations.AlterField(
            model_name='distribution',
            name='receipt',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='distribution', to='marketplace.receipt'),
        ),
        migrations.AlterField(
            model_name='payoutline',
            name='state',
            field=models.CharField(choices=[('payable', 'to be paid out'), ('paid', 'paid out'), ('cancelled', 'cancelled: the payment was reversed'), ('to_reclaim', 'to be paid back'), ('reclaimed', 'paid back'), ('corrected', 'paid out wrongly, corrected'), ('reversing', 'correction')], default='payable', editable=False, max_length=12, verbose_name='state'),
        ),
        migrations.RunSQL(NAMED, migrations.RunSQL.noop),
        migrations.AddConstraint(
            model_name='distributionplan',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('basis', 'profit'), ('profit_from__gt', 0), ('profit_years__gt', 0)), models.Q(models.Q(('basis', 'profit'), _negated=True), ('profit_from', None), ('profit_years', None)), _connector='OR'), name='plan_years_of_profit_only'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['corrected', 'reversing']), _negated=True), fields=('distribution', 'share'), name='payoutline_payee_once'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.UniqueConstraint(condition=models.Q(('share', None), models.Q(('state__in', ['corrected', 'reversing']), _negated=True)), fields=('distribution',), name='payoutline_broker_cost_once'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount__lt', 0), ('reverses__isnull', False), ('state', 'reversing'), models.Q(('reason', ''), _negated=True)), models.Q(('amount__gt', 0), ('reason', ''), ('reverses', None), models.Q(('state', 'reversing'), _negated=True)), _connector='OR'), name='payoutline_negative_iff_it_reverses'),
        ),
        migrations.AddConstraint(
            model_name='payoutline',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paid_by', None), ('paid_on', None), ('reference', ''), ('state__in', ['payable', 'cancelled'])), models.Q(('state__in', ['paid', 'to_reclaim', 'reclaimed', 'corrected', 'reversing']), ('paid_by__isnull', False), ('paid_on__isnull', False), models.Q(('reference', ''), _negated=True)), _connector='OR'), name='payoutline_paid_with_day_and_reference'),
        ),
        migrations.AddField(
            model_name='allotmentline',
            name='share',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='allotment_lines', to='marketplace.planshare'),
        ),
        migrations.AddField(
            model_name='profitreport',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='profitreport',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='profitreport',
            name='evidence',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file', verbose_name='evidence'),
        ),
        migrations.AddField(
            model_name='profitreport',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='marketplace.distributionplan'),
        ),
        migrations.AddField(
            model_name='profitreport',
            name='reversed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='distribution',
            name='profit',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='distribution', to='marketplace.profitreport'),
        ),
        migrations.AddConstraint(
            model_name='distribution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('profit', None), ('receipt__isnull', False)), models.Q(('broker_cost', 0), ('direct_cost', 0), ('profit__isnull', False), ('receipt', None), ('tax', 0)), _connector='OR'), name='distribution_of_a_receipt_or_a_year'),
        ),
        migrations.AddField(
            model_name='shareallotment',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='shareallotment',
            name='entered_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='shareallotment',
            name='evidence',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.file', verbose_name='evidence'),
        ),
        migrations.AddField(
            model_name='shareallotment',
            name='plan',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(class)ss', to='marketplace.distributionplan'),
        ),
        migrations.AddField(
            model_name='shareallotment',
            name='reversed_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='allotmentline',
            name='allotment',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='marketplace.shareallotment'),
        ),
        migrations.AddConstraint(
            model_name='profitreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reversal_reason', ''), ('reversed_at', None), ('reversed_by', None)), models.Q(('reversed_at__isnull', False), ('reversed_by__isnull', False), models.Q(('reversal_reason', ''), _negated=True)), _connector='OR'), name='profitreport_reversed_whole'),
        ),
        migrations.AddConstraint(
            model_name='profitreport',
            constraint=models.CheckConstraint(condition=models.Q(('profit__gt', 0)), name='profitreport_profit_positive'),
        ),
        migrations.AddConstraint(
            model_name='profitreport',
            constraint=models.UniqueConstraint(condition=models.Q(('reversed_at', None)), fields=('contract', 'year'), name='profitreport_year_once'),
        ),
        migrations.AddConstraint(
            model_name='shareallotment',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reversal_reason', ''), ('reversed_at', None), ('reversed_by', None)), models.Q(('reversed_at__isnull', False), ('reversed_by__isnull', False), models.Q(('reversal_reason', ''), _negated=True)), _connector='OR'), name='shareallotment_reversed_whole'),
        ),
        migrations.AddConstraint(
            model_name='shareallotment',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('company_total__gte', models.F('amount'))), name='shareallotment_part_of_the_company'),
        ),
        migrations.AddConstraint(
            model_name='shareallotment',
            constraint=models.UniqueConstraint(condition=models.Q(('reversed_at', None)), fields=('contract',), name='shareallotment_once'),
        ),
        migrations.AddConstraint(
            model_name='allotmentline',
            constraint=models.UniqueConstraint(fields=('allotment', 'share'), name='allotmentline_payee_once'),
        ),
        migrations.AddConstraint(
            model_name='allotmentline',
            constraint=models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='allotmentline_amount_positive'),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
        ]),
    ]
