"""Rules of deals, publicity of agreed prices, deal rooms."""

from datetime import date

import django.core.validators
import django.db.models.deletion
from django.conf import settings
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


def enter_papers(apps, schema_editor):
    """Files laid down before have no version: each is the next one of its name, by the side its person is in."""
    File, Deal = apps.get_model("marketplace", "File"), apps.get_model("marketplace", "Deal")
    Membership, DealPaper = apps.get_model("marketplace", "Membership"), apps.get_model("marketplace", "DealPaper")
    of_deals = apps.get_model("contenttypes", "ContentType").objects.filter(app_label="marketplace", model="deal")
    for file in File.objects.filter(subject_type__in=of_deals).order_by("pk"):
        deal = Deal.objects.get(pk=file.subject_id)
        mine = set(Membership.objects.filter(user=file.added_by_id).values_list("organisation", flat=True))
        side = "seller" if deal.seller_id in mine else "buyer" if deal.buyer_id in mine else "broker"
        version = DealPaper.objects.filter(deal=deal, side=side, title=file.name).count() + 1
        DealPaper.objects.create(deal=deal, file=file, side=side, title=file.name, version=version)


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0040_contracts_of_the_register"),
    ]

    operations = [
        migrations.CreateModel(
            name="DealPaper",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("seller", "seller"), ("buyer", "buyer"), ("broker", "broker")],
                        max_length=10,
                        verbose_name="laid down by",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                ("version", models.PositiveSmallIntegerField(default=1, verbose_name="version")),
            ],
            options={
                "verbose_name": "document of a deal",
                "verbose_name_plural": "documents of deals",
                "ordering": ["id"],
            },
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
            },
        ),
        migrations.CreateModel(
            name="Resumption",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("ended_because", models.CharField(max_length=500, verbose_name="why it had ended")),
                ("ended_at", models.DateTimeField()),
                ("reason", models.CharField(max_length=500, verbose_name="why it goes on")),
                ("resumed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "resumption of a deal",
                "verbose_name_plural": "resumptions of deals",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="TermSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                (
                    "side",
                    models.CharField(
                        choices=[("seller", "seller"), ("buyer", "buyer"), ("broker", "broker")],
                        max_length=10,
                        verbose_name="proposed by",
                    ),
                ),
                ("subject", models.TextField(max_length=1000, verbose_name="what is handed over")),
                (
                    "mode",
                    models.TextField(blank=True, max_length=1000, verbose_name="kind of transfer, territory, term"),
                ),
                ("price_terms", models.TextField(blank=True, max_length=1000, verbose_name="price and instalments")),
                ("delivery", models.TextField(blank=True, max_length=1000, verbose_name="delivery and acceptance")),
                ("rights", models.TextField(blank=True, max_length=1000, verbose_name="improvements and rights")),
                ("secrecy", models.TextField(blank=True, max_length=1000, verbose_name="secrecy")),
                ("liability", models.TextField(blank=True, max_length=1000, verbose_name="liability and disputes")),
                ("other", models.TextField(blank=True, max_length=1000, verbose_name="other terms")),
                ("written_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "term sheet",
                "verbose_name_plural": "term sheets",
                "ordering": ["-version"],
            },
        ),
        migrations.RemoveConstraint(
            model_name="dealnote",
            name="dealnote_meeting_iff_day",
        ),
        migrations.AddField(
            model_name="deal",
            name="reminded_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="last reminded"),
        ),
        migrations.AddField(
            model_name="dealnote",
            name="outcome",
            field=models.CharField(
                blank=True,
                choices=[
                    ("goes_on", "go on as planned"),
                    ("material", "material is missing"),
                    ("trial", "a test or a sample first"),
                    ("price_apart", "prices are far apart"),
                    ("terms_apart", "terms are far apart"),
                    ("paused", "paused"),
                    ("not_suited", "not suited"),
                ],
                max_length=20,
                verbose_name="what came of it",
            ),
        ),
        migrations.AddField(
            model_name="publicity",
            name="extended_because",
            field=models.CharField(blank=True, max_length=500, verbose_name="why extended"),
        ),
        migrations.AlterField(
            model_name="publicity",
            name="matter",
            field=models.CharField(
                choices=[
                    ("sale_result", "result of a sale"),
                    ("lead", "lead of a broker"),
                    ("reward", "reward of a broker"),
                    ("agreed_price", "agreed price"),
                    ("trial_price", "agreed price after a trial"),
                    ("distribution", "distribution of income"),
                ],
                max_length=20,
                verbose_name="matter",
            ),
        ),
        migrations.AddConstraint(
            model_name="dealnote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "meeting"), ("met_on__isnull", False)),
                    models.Q(("kind", "note"), ("met_on", None), ("outcome", ""), ("participants", "")),
                    _connector="OR",
                ),
                name="dealnote_meeting_iff_day",
            ),
        ),
        migrations.AddField(
            model_name="dealpaper",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="papers", to="marketplace.deal"
            ),
        ),
        migrations.AddField(
            model_name="dealpaper",
            name="file",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="deal_paper", to="marketplace.file"
            ),
        ),
        migrations.AddConstraint(
            model_name="dealrule",
            constraint=models.CheckConstraint(condition=models.Q(("days__gte", 1)), name="dealrule_has_days"),
        ),
        migrations.AddConstraint(
            model_name="dealrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "term"), ("stage", "")),
                    models.Q(("kind", "stage"), models.Q(("stage", ""), _negated=True)),
                    _connector="OR",
                ),
                name="dealrule_stage_iff_about_one",
            ),
        ),
        migrations.AddField(
            model_name="resumption",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="resumptions", to="marketplace.deal"
            ),
        ),
        migrations.AddField(
            model_name="resumption",
            name="ended_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="resumption",
            name="resumed_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="termsheet",
            name="deal",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="term_sheets", to="marketplace.deal"
            ),
        ),
        migrations.AddField(
            model_name="termsheet",
            name="written_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="dealpaper",
            constraint=models.UniqueConstraint(
                fields=("deal", "side", "title", "version"), name="dealpaper_version_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="dealpaper",
            constraint=models.CheckConstraint(
                condition=models.Q(("version__gte", 1), models.Q(("title", ""), _negated=True)),
                name="dealpaper_counts_from_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="resumption",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("reason", ""), _negated=True), models.Q(("ended_because", ""), _negated=True)
                ),
                name="resumption_has_reasons",
            ),
        ),
        migrations.AddConstraint(
            model_name="termsheet",
            constraint=models.UniqueConstraint(fields=("deal", "version"), name="termsheet_version_once"),
        ),
        migrations.RunPython(put_rules_in_force, migrations.RunPython.noop),
        migrations.RunPython(enter_papers, migrations.RunPython.noop),
    ]
