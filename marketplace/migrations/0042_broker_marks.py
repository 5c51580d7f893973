"""Marks of brokers, satisfaction in the rule of evaluation; needs are disclosed by confidentiality in their deal."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from marketplace.core.migrating import AtOnce


def disclose_needs(apps, schema_editor):
    """Name the enterprise where both accepted already: until now only the way into the deal did."""
    Deal, NeedDisclosure = apps.get_model("marketplace", "Deal"), apps.get_model("marketplace", "NeedDisclosure")
    in_force = Deal.objects.filter(need__isnull=False).annotate(
        sides=models.Count("nda_acceptances"), since=models.Max("nda_acceptances__accepted_at")
    )
    for deal in in_force.filter(sides=2):
        NeedDisclosure.objects.get_or_create(
            need_id=deal.need_id, organisation_id=deal.seller_id, defaults={"since": deal.since}
        )


class Migration(migrations.Migration):
    dependencies = [
        ("marketplace", "0041_deal_rooms"),
    ]

    operations = [
        AtOnce([
        migrations.AddField(
            model_name="evaluationrule",
            name="full_satisfaction",
            field=models.PositiveSmallIntegerField(
                default=450,
                help_text="450 stands for a mean mark of 4.5.",
                validators=[
                    django.core.validators.MinValueValidator(100),
                    django.core.validators.MaxValueValidator(500),
                ],
                verbose_name="mean mark for all points (hundredths)",
            ),
        ),
        migrations.AddField(
            model_name="evaluationrule",
            name="weight_satisfaction",
            field=models.PositiveSmallIntegerField(
                default=0,
                validators=[django.core.validators.MaxValueValidator(50)],
                verbose_name="weight of satisfaction",
            ),
        ),
        migrations.CreateModel(
            name="BrokerMark",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(
                        choices=[("seller", "seller"), ("buyer", "buyer")], max_length=10, verbose_name="side"
                    ),
                ),
                (
                    "mark",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="mark",
                    ),
                ),
                ("words", models.TextField(blank=True, max_length=1000, verbose_name="in words")),
                ("given_at", models.DateTimeField()),
                (
                    "broker",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="marks", to="marketplace.techbroker"
                    ),
                ),
                (
                    "deal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="broker_marks", to="marketplace.deal"
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "mark of a broker",
                "verbose_name_plural": "marks of brokers",
                "ordering": ["given_at", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("deal", "side"), name="brokermark_once_per_side"),
                    models.CheckConstraint(condition=models.Q(("mark__range", (1, 5))), name="brokermark_1_to_5"),
                ],
            },
        ),
        ]),
        migrations.RunPython(disclose_needs, migrations.RunPython.noop),
    ]
