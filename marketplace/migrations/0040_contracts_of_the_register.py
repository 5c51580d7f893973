"""Reviews by two people, changes, objections; the rows the register counts; its dated rules; parties' data."""

from datetime import date

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import marketplace.core.codes
import marketplace.core.identifiers

KEPT = """
CREATE TRIGGER registerrow_append_only BEFORE UPDATE OR DELETE ON marketplace_registerrow
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
"""
NOT_KEPT = "DROP TRIGGER registerrow_append_only ON marketplace_registerrow;"

MEASURE = "技术合同认定登记管理办法（征求意见稿，工业和信息化部，2024-12）"
MEASURE_EN = "Measures for the Registration of Technology Contracts (draft for comment, MIIT, December 2024)"
TAX = "财政部、国家税务总局关于全面推开营业税改征增值税试点的通知（财税〔2016〕36 号）附件 3"
TAX_EN = "Notice of the Ministry of Finance and the State Taxation Administration, Caishui [2016] No. 36, Annex 3"
INCOME = "中华人民共和国企业所得税法实施条例第九十条"
INCOME_EN = "Regulation on the Implementation of the Enterprise Income Tax Law, Art. 90"
RESEARCH = "研究开发费用税前加计扣除政策（委托研发）"
RESEARCH_EN = "Super-deduction of research and development expense (commissioned research)"
# what could not be compared with the text itself is marked unchecked: staff put it right in the admin
RULES = [
    {
        "kind": "large", "holds_from": date(2000, 2, 16), "amount_wan": 500, "source": MEASURE, "source_en": MEASURE_EN,
        "note": "技术交易额 500 万元以上的为大额合同，登记前须经复核。",
        "note_en": "A contract is large from a technical amount of 5 million yuan; it is reviewed twice.",
    },
    {
        "kind": "usual", "holds_from": date(2000, 2, 16), "days": 15, "source": MEASURE, "source_en": MEASURE_EN,
        "note": "自材料齐备之日起 15 个工作日内办结。",
        "note_en": "Decided within 15 working days of the day the material was complete.",
    },
    {
        "kind": "long", "holds_from": date(2000, 2, 16), "days": 30, "source": MEASURE, "source_en": MEASURE_EN,
        "note": "大额或有争议的合同 30 个工作日内办结。",
        "note_en": "Large and disputed contracts are decided within 30 working days.",
    },
    {
        "kind": "tax", "holds_from": date(2016, 5, 1), "concerns": "KF ZR XK", "source": TAX, "source_en": TAX_EN,
        "note": "技术转让、技术开发和与之相关的技术咨询、技术服务，经认定登记后可申请免征增值税；相关的咨询、服务价款须与转让、开发价款开在同一张发票上。",
        "note_en": "Technology transfer and development, with the consulting and services that belong to them and stand on the same invoice, are free of VAT once the contract is registered.",
    },
    {
        "kind": "tax", "holds_from": date(2008, 1, 1), "concerns": "ZR XK", "source": INCOME, "source_en": INCOME_EN,
        "note": "居民企业一个纳税年度内技术转让所得不超过 500 万元的部分免征企业所得税，超过部分减半征收。",
        "note_en": "Income of a resident enterprise from technology transfer is free of enterprise income tax up to 5 million yuan in a tax year, and taxed at half above.",
    },
    {
        "kind": "tax", "holds_from": date(2016, 1, 1), "concerns": "KF", "source": RESEARCH, "source_en": RESEARCH_EN,
        "note": "委托开发合同经登记的，委托方按费用实际发生额的 80% 计入加计扣除；未登记的不得享受。",
        "note_en": "With a registered contract, 80% of what commissioned development cost counts for the super-deduction of the commissioner; without registration nothing does.",
    },
]  # fmt: skip


def ship_rules(apps, schema_editor):
    rules = apps.get_model("marketplace", "RegistrationRule")
    rules.objects.bulk_create(rules(**rule) for rule in RULES)


def count_what_stands(apps, schema_editor):
    """Give each contract registered before its row; large contracts keep the days of review they had."""
    contracts, rows = apps.get_model("marketplace", "TechnologyContract"), apps.get_model("marketplace", "RegisterRow")
    here, large = settings.REGION_CODE, 500 * 1_000_000
    contracts.objects.filter(technical_amount__gte=large).update(review_days=30)
    rows.objects.bulk_create(
        rows(
            contract=contract,
            kind="registered",
            counted_on=contract.registered_on,
            recorded_at=contract.registered_at,
            count=1,
            total=contract.total_amount,
            technical=contract.technical_amount,
            sold_here=contract.total_amount if contract.seller_region == here else 0,
            bought_here=contract.total_amount if contract.buyer_region == here else 0,
            large_count=int(contract.technical_amount >= large),
            large_technical=contract.technical_amount if contract.technical_amount >= large else 0,
        )
        for contract in contracts.objects.filter(state="registered").order_by("id").iterator()
    )


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0039_brokers_affairs'),
    ]

    operations = [
        migrations.CreateModel(
            name='ContractChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', marketplace.core.codes.CodeField()),
                ('state', models.CharField(choices=[('requested', 'requested'), ('granted', 'granted'), ('refused', 'refused')], default='requested', max_length=12, verbose_name='state')),
                ('reasons', models.TextField(max_length=2000, verbose_name='reasons')),
                ('requested_at', models.DateTimeField(verbose_name='requested')),
                ('total_before', models.BigIntegerField(verbose_name='total amount before')),
                ('technical_before', models.BigIntegerField(verbose_name='technical amount before')),
                ('begins_before', models.DateField(verbose_name='valid from, before')),
                ('ends_before', models.DateField(verbose_name='valid until, before')),
                ('items_before', models.JSONField(verbose_name='items before')),
                ('total_after', models.BigIntegerField(verbose_name='total amount after')),
                ('technical_after', models.BigIntegerField(verbose_name='technical amount after')),
                ('begins_after', models.DateField(verbose_name='valid from, after')),
                ('ends_after', models.DateField(verbose_name='valid until, after')),
                ('items_after', models.JSONField(verbose_name='items after')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='decided')),
            ],
            options={
                'verbose_name': 'change of a contract',
                'verbose_name_plural': 'changes of contracts',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='JointSeller',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('name', models.CharField(max_length=120, verbose_name='joint seller')),
                ('uscc', models.CharField(max_length=18, validators=[marketplace.core.identifiers.validate_uscc], verbose_name='credit code')),
                ('region', models.CharField(max_length=6, verbose_name='region code')),
                ('percent', models.DecimalField(decimal_places=2, max_digits=5, verbose_name='per cent')),
            ],
            options={
                'verbose_name': 'joint seller',
                'verbose_name_plural': 'joint sellers',
                'ordering': ['position'],
            },
        ),
        migrations.CreateModel(
            name='RegisterRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('registered', 'registered'), ('changed', 'changed'), ('cancelled', 'cancelled by a party'), ('revoked', 'revoked')], max_length=12, verbose_name='event')),
                ('counted_on', models.DateField(db_index=True, verbose_name='counted on')),
                ('recorded_at', models.DateTimeField()),
                ('count', models.SmallIntegerField(verbose_name='contracts')),
                ('total', models.BigIntegerField(verbose_name='total amount')),
                ('technical', models.BigIntegerField(verbose_name='technical amount')),
                ('sold_here', models.BigIntegerField(verbose_name='sold from the district')),
                ('bought_here', models.BigIntegerField(verbose_name='bought into the district')),
                ('large_count', models.SmallIntegerField(verbose_name='large contracts')),
                ('large_technical', models.BigIntegerField(verbose_name='technical amount of large contracts')),
            ],
            options={
                'verbose_name': 'row of the register',
                'verbose_name_plural': 'rows of the register',
                'ordering': ['counted_on', 'id'],
            },
        ),
        migrations.CreateModel(
            name='RegistrationRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('large', 'technical amount of a large contract'), ('usual', 'working days of a review'), ('long', 'working days for a large or disputed contract'), ('tax', 'tax note')], max_length=10, verbose_name='kind')),
                ('holds_from', models.DateField(verbose_name='holds from')),
                ('concerns', models.CharField(choices=[('any', 'every contract'), ('KF ZR XK', 'development, assignment and licence'), ('ZR XK', 'assignment and licence'), ('KF', 'development')], default='any', max_length=10, verbose_name='concerns')),
                ('amount_wan', models.PositiveIntegerField(blank=True, null=True, verbose_name='amount (10,000 yuan)')),
                ('days', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='working days')),
                ('note', models.TextField(max_length=1000, verbose_name='what it says')),
                ('note_en', models.TextField(blank=True, max_length=1000, verbose_name='what it says, in English')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
                ('source_en', models.CharField(blank=True, max_length=200, verbose_name='source, in English')),
                ('is_checked', models.BooleanField(default=False, verbose_name='checked against the text')),
            ],
            options={
                'verbose_name': 'rule of the registration',
                'verbose_name_plural': 'rules of the registration',
                'ordering': ['kind', '-holds_from', '-id'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='reviewdecision',
            name='reviewdecision_no_with_reasons',
        ),
        migrations.RemoveConstraint(
            model_name='technologycontract',
            name='contract_registered_iff_numbered',
        ),
        migrations.RemoveConstraint(
            model_name='technologycontract',
            name='contract_once_per_deal',
        ),
        migrations.AddField(
            model_name='technologycontract',
            name='first_reviewed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='technologycontract',
            name='is_disputed',
            field=models.BooleanField(default=False, editable=False, verbose_name='disputed'),
        ),
        migrations.AddField(
            model_name='technologycontract',
            name='large_from',
            field=models.BigIntegerField(default=500000000, editable=False, verbose_name='large from'),
        ),
        migrations.AddField(
            model_name='technologycontract',
            name='review_days',
            field=models.PositiveSmallIntegerField(default=15, editable=False, verbose_name='working days of the review'),
        ),
        migrations.AlterField(
            model_name='reviewdecision',
            name='kind',
            field=models.CharField(choices=[('returned', 'returned for supplement'), ('registered', 'registered'), ('refused', 'not registered'), ('corrected', 'registration number corrected'), ('passed_on', 'passed to the second review'), ('changed', 'change granted'), ('unchanged', 'change refused'), ('cancelled', 'registration cancelled'), ('revoked', 'registration revoked'), ('objected', 'objection made'), ('upheld', 'decision upheld after the objection'), ('reopened', 'review opened again after the objection')], max_length=12, verbose_name='decision'),
        ),
        migrations.AddConstraint(
            model_name='reviewdecision',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['registered', 'passed_on', 'changed']), models.Q(('reasons', ''), _negated=True), _connector='OR'), name='reviewdecision_no_with_reasons'),
        ),
        migrations.AddConstraint(
            model_name='technologycontract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('number__isnull', False), ('registered_at__isnull', False), ('registered_on__isnull', False), ('state__in', ['registered', 'change_requested', 'changed', 'cancelled', 'revoked', 'objection', 're_examined'])), models.Q(models.Q(('state__in', ['registered', 'change_requested', 'changed', 'cancelled', 'revoked']), _negated=True), ('number', None), ('registered_at', None), ('registered_on', None)), _connector='OR'), name='contract_registered_iff_numbered'),
        ),
        migrations.AddConstraint(
            model_name='technologycontract',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('state', 'not_registered'), _negated=True), models.Q(('number', None), ('state', 're_examined'), _negated=True)), fields=('deal',), name='contract_once_per_deal'),
        ),
        migrations.AddConstraint(
            model_name='technologycontract',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'expert_or_second_review'), _negated=True), ('first_reviewed_by__isnull', False), _connector='OR'), name='contract_second_review_after_first'),
        ),
        migrations.AddField(
            model_name='contractchange',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='contractchange',
            name='decided_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='contractchange',
            name='requested_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='jointseller',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='joint_sellers', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='registerrow',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='register_rows', to='marketplace.technologycontract'),
        ),
        migrations.AddConstraint(
            model_name='registrationrule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('amount_wan__gt', 0), ('days', None), ('kind', 'large')), models.Q(('amount_wan', None), ('days__gt', 0), ('kind__in', ['usual', 'long'])), models.Q(('amount_wan', None), ('days', None), ('kind', 'tax')), _connector='OR'), name='registrationrule_says_what_its_kind_needs'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'requested')), fields=('contract',), name='contractchange_one_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.CheckConstraint(condition=models.Q(('technical_after__gt', 0), ('technical_after__lte', models.F('total_after'))), name='contractchange_technical_within_total'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.CheckConstraint(condition=models.Q(('begins_after__lte', models.F('ends_after'))), name='contractchange_dates_in_order'),
        ),
        migrations.AddConstraint(
            model_name='contractchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('state', 'requested')), models.Q(models.Q(('state', 'requested'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='contractchange_decided_iff_not_requested'),
        ),
        migrations.AddConstraint(
            model_name='jointseller',
            constraint=models.UniqueConstraint(fields=('contract', 'uscc'), name='jointseller_once'),
        ),
        migrations.AddConstraint(
            model_name='jointseller',
            constraint=models.CheckConstraint(condition=models.Q(('percent__gt', 0), ('percent__lt', 100)), name='jointseller_has_a_share'),
        ),
        migrations.CreateModel(
            name='PartyData',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('side', models.CharField(choices=[('buyer', 'buyer'), ('seller', 'seller of the technology')], editable=False, max_length=6)),
                ('kind', models.CharField(choices=[('010', 'state organ'), ('021', 'public institution: research'), ('022', 'public institution: university'), ('023', 'public institution: health'), ('024', 'public institution: other'), ('030', 'association'), ('110', 'state-owned enterprise'), ('120', 'collective enterprise'), ('130', 'joint-stock cooperative'), ('140', 'joint operation'), ('150', 'limited liability company'), ('160', 'company limited by shares'), ('170', 'private enterprise'), ('180', 'other domestic enterprise'), ('200', 'enterprise of Hong Kong, Macao or Taiwan investors'), ('300', 'enterprise of foreign investors'), ('400', 'self-employed')], max_length=3, verbose_name='kind of party')),
                ('country', models.CharField(default='156', max_length=3, validators=[django.core.validators.RegexValidator('^[0-9]{3}$', 'A country code has three digits, 156 for China.')], verbose_name='country code')),
                ('is_transfer_org', models.BooleanField(default=False, verbose_name='technology transfer organisation')),
                ('is_rd_org', models.BooleanField(default=False, verbose_name='research and development organisation')),
                ('is_converted', models.BooleanField(default=False, verbose_name='institute converted into an enterprise')),
                ('in_hitech_zone', models.BooleanField(default=False, verbose_name='enterprise in a national high-tech zone')),
                ('is_listed', models.BooleanField(default=False, verbose_name='listed company')),
                ('scale', models.CharField(blank=True, choices=[('large', 'large enterprise'), ('medium', 'medium-sized enterprise'), ('small', 'small enterprise'), ('micro', 'micro enterprise'), ('none', 'no standard')], max_length=6, verbose_name='scale')),
                ('address', models.CharField(max_length=200, verbose_name='address')),
                ('representative', models.CharField(max_length=60, verbose_name='legal representative')),
                ('contact', models.CharField(max_length=60, verbose_name='contact person')),
                ('phone', models.CharField(max_length=30, verbose_name='phone of the contact')),
                ('postcode', models.CharField(max_length=6, validators=[django.core.validators.RegexValidator('^[0-9]{6}$', 'A postcode has six digits.')], verbose_name='postcode')),
            ],
            options={
                'verbose_name': 'data of a party',
                'verbose_name_plural': 'data of parties',
            },
        ),
        migrations.AddField(
            model_name='lineitem',
            name='corrected_at',
            field=models.DateTimeField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='lineitem',
            name='corrected_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='lineitem',
            name='corrected_technical',
            field=models.BigIntegerField(editable=False, null=True, verbose_name='technical by the registrar'),
        ),
        migrations.AddField(
            model_name='lineitem',
            name='correction',
            field=models.TextField(blank=True, editable=False, max_length=2000, verbose_name='reasons of the correction'),
        ),
        migrations.AlterField(
            model_name='reviewdecision',
            name='kind',
            field=models.CharField(choices=[('returned', 'returned for supplement'), ('registered', 'registered'), ('refused', 'not registered'), ('corrected', 'registration number corrected'), ('reclassed', 'item counted otherwise'), ('passed_on', 'passed to the second review'), ('changed', 'change granted'), ('unchanged', 'change refused'), ('cancelled', 'registration cancelled'), ('revoked', 'registration revoked'), ('objected', 'objection made'), ('upheld', 'decision upheld after the objection'), ('reopened', 'review opened again after the objection')], max_length=12, verbose_name='decision'),
        ),
        migrations.AddConstraint(
            model_name='lineitem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('corrected_at', None), ('corrected_by', None), ('corrected_technical', None), ('correction', '')), models.Q(('corrected_at__isnull', False), ('corrected_by__isnull', False), ('corrected_technical__gte', 0), ('corrected_technical__lte', models.F('amount')), models.Q(('correction', ''), _negated=True)), _connector='OR'), name='lineitem_corrected_by_somebody_with_reasons'),
        ),
        migrations.AddField(
            model_name='partydata',
            name='contract',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='party_data', to='marketplace.technologycontract'),
        ),
        migrations.AddField(
            model_name='partydata',
            name='industry',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='marketplace.industry', verbose_name='industry'),
        ),
        migrations.AddConstraint(
            model_name='partydata',
            constraint=models.UniqueConstraint(fields=('contract', 'side'), name='partydata_once_per_side'),
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
        migrations.RunPython(ship_rules, migrations.RunPython.noop),
        migrations.RunPython(count_what_stands, migrations.RunPython.noop),
    ]
