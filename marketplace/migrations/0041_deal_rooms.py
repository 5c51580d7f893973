"""Rules of deals, publicity of agreed prices, deal rooms."""

from datetime import date

import django.core.validators
from django.db import migrations, models

TERM_NOTE = "协议定价的，应当公示科技成果名称和拟交易价格，公示时间不少于15日；此处按工作日计，不短于15日。"
TERM_NOTE_EN = (
    "An agreed price is published with the name of the outcome for at least 15 days; counted here in working days, "
    "which is never shorter."
)
TERM = {
    "kind": "term", "holds_from": date(2016, 2, 26), "days": 15, "note": TERM_NOTE, "note_en": TERM_NOTE_EN,
    "source": "促进科技成果转化法第十八条；国发〔2016〕16号",
    "source_en": "Law on promoting the transformation of scientific and technological achievements, Art. 18; Guofa [2016] 16",
}  # fmt: skip
STAGES = {
    "negotiation": 30, "pricing": 30, "publicity": 60, "contract": 30, "registration": 45, "performance": 365,
}  # fmt: skip


def put_rules_in_force(apps, schema_editor):
    """The term of the law, not yet checked against its text, and how long a stage may take until staff say otherwise."""
    DealRule = apps.get_model("marketplace", "DealRule")
    DealRule.objects.create(**TERM)
    for stage, days in STAGES.items():
        DealRule.objects.create(
            kind="stage", stage=stage, holds_from=date(2026, 1, 1), days=days,
            source="平台设定", source_en="Set by the platform", is_checked=True,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0033_auctions_rehearsals"),
    ]

    operations = [
        migrations.AddField(
            model_name="publicity",
            name="extended_because",
            field=models.CharField(blank=True, max_length=500, verbose_name="why extended"),
        ),
        migrations.AlterField(
            model_name="publicity",
            name="matter",
            field=models.CharField(
                choices=[("sale_result", "result of a sale"), ("agreed_price", "agreed price")],
                max_length=20,
                verbose_name="matter",
            ),
        ),
        migrations.CreateModel(
            name="DealRule",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("term", "working days an agreed price is in publicity"),
                            ("stage", "days until a stage stalls"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                (
                    "stage",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("negotiation", "negotiation"),
                            ("pricing", "pricing"),
                            ("publicity", "price publicity"),
                            ("contract", "contract"),
                            ("registration", "registration"),
                            ("performance", "performance"),
                            ("done", "completed"),
                            ("terminated", "terminated"),
                        ],
                        max_length=20,
                        verbose_name="stage",
                    ),
                ),
                ("holds_from", models.DateField(verbose_name="holds from")),
                (
                    "days",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="number of days"
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=1000, verbose_name="what it says")),
                ("note_en", models.TextField(blank=True, max_length=1000, verbose_name="what it says, in English")),
                ("source", models.CharField(max_length=200, verbose_name="source")),
                ("source_en", models.CharField(blank=True, max_length=200, verbose_name="source, in English")),
                ("is_checked", models.BooleanField(default=False, verbose_name="checked against the text")),
            ],
            options={
                "verbose_name": "rule of deals",
                "verbose_name_plural": "rules of deals",
                "ordering": ["kind", "stage", "-holds_from", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("days__gte", 1)), name="dealrule_has_days"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind", "term"), ("stage", "")),
                            models.Q(("kind", "stage"), models.Q(("stage", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="dealrule_stage_iff_about_one",
                    ),
                ],
            },
        ),
        migrations.RunPython(put_rules_in_force, migrations.RunPython.noop),
    ]
