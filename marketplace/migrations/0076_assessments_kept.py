"""What registrars assessed is kept in rows of its own, beside what the seller declared."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What was assessed and still stands is kept; what was declared of a contract that is decided on counts for its review.
KEEP = """
UPDATE marketplace_technologycontract SET declared_technical = technical_amount;

UPDATE marketplace_technologycontract AS contract
SET declared_technical = GREATEST(contract.technical_amount, said.declared)
FROM (
    SELECT contract_id, COALESCE(SUM(amount) FILTER (WHERE is_technical), 0) AS declared
    FROM marketplace_lineitem GROUP BY contract_id
) AS said
WHERE said.contract_id = contract.id AND contract.state IN (
    'submitted', 'returned_for_supplement', 'accepted', 'first_review', 'expert_or_second_review'
);

INSERT INTO marketplace_assessment (
    contract_id, position, label, amount, declared, assessed, comes_to, reasons, assessed_by_id, assessed_at
)
SELECT item.contract_id, item.position, item.label, item.amount,
    CASE WHEN item.is_technical THEN item.amount ELSE 0 END, item.corrected_technical, contract.technical_amount,
    item.correction, item.corrected_by_id, item.corrected_at
FROM marketplace_lineitem AS item
JOIN marketplace_technologycontract AS contract ON contract.id = item.contract_id
WHERE item.corrected_technical IS NOT NULL
ORDER BY item.corrected_at, item.id;
"""

# That a rule is not compared with its text yet is said by `is_checked`, to staff; its source is printed on papers.
SOURCES = """
UPDATE marketplace_sharingrule
SET source = regexp_replace(source, '（(条件)?待(与原文)?核对）$', ''),
    source_en = regexp_replace(source_en, ' \\((conditions )?to be checked\\)$', '')
WHERE NOT is_checked;

UPDATE marketplace_coderule
SET source = regexp_replace(source, '（待核对）$', ''),
    source_en = regexp_replace(source_en, ' \\(to be checked\\)$', '')
WHERE NOT is_checked;
"""


class Migration(migrations.Migration):

    dependencies = [
        ('marketplace', '0075_revoked_admissions'),
    ]

    operations = [
        migrations.AddField(
            model_name='technologycontract',
            name='declared_technical',
            field=models.BigIntegerField(default=0, editable=False, verbose_name='technical amount as declared'),
        ),
        migrations.AddField(
            model_name='technologycontract',
            name='is_above_assessment',
            field=models.BooleanField(default=False, editable=False, verbose_name='above what was assessed'),
        ),
        migrations.CreateModel(
            name='Assessment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('label', models.CharField(max_length=120, verbose_name='item')),
                ('amount', models.BigIntegerField(verbose_name='amount')),
                ('declared', models.BigIntegerField(verbose_name='technical by the seller')),
                ('assessed', models.BigIntegerField(verbose_name='technical by the registrar')),
                ('comes_to', models.BigIntegerField(verbose_name='technical amount of the contract with it')),
                ('reasons', models.TextField(max_length=2000, verbose_name='reasons of the correction')),
                ('assessed_at', models.DateTimeField()),
                ('assessed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assessments', to='marketplace.technologycontract')),
                ('follows', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='followed_by', to='marketplace.assessment')),
            ],
            options={
                'verbose_name': 'assessment of an item',
                'verbose_name_plural': 'assessments of items',
                'ordering': ['id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('assessed__gte', 0), ('assessed__lte', models.F('amount')), ('declared__gte', 0), ('declared__lte', models.F('amount')), models.Q(('reasons', ''), _negated=True)), name='assessment_within_the_item_with_reasons')],
            },
        ),
        migrations.RunSQL(KEEP, migrations.RunSQL.noop),
        migrations.RunSQL(SOURCES, migrations.RunSQL.noop),
    ]
