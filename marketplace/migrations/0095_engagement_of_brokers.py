"""A broker accepts the engagement in a deal, with the confidentiality terms; a side and its broker write for each other.

Brokers of deals under way, named before, are asked to accept now; those of deals that ended took part.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import F, Q

from marketplace.core.migrating import AtOnce

SIDES = [("seller", "seller"), ("buyer", "buyer")]


def keep_ended(apps, schema_editor):
    """Count the brokers of deals that have ended as having taken part until then: none can accept any more."""
    deals = apps.get_model("marketplace", "Deal").objects
    ended = deals.filter(broker__isnull=False, state__in=["done", "terminated"], ended_at__isnull=False)
    ended.update(broker_accepted_at=F("ended_at"))


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0093_what_the_registrar_is_told")]

    operations = [
        AtOnce(
            [
                migrations.AddField(
                    model_name="brokerconsent",
                    name="version",
                    field=models.CharField(blank=True, max_length=20, verbose_name="version"),
                ),
                migrations.AddField(
                    model_name="deal",
                    name="broker_accepted_at",
                    field=models.DateTimeField(editable=False, null=True, verbose_name="broker accepted"),
                ),
                migrations.AddField(
                    model_name="dealnote",
                    name="own_side",
                    field=models.CharField(blank=True, choices=SIDES, max_length=10, verbose_name="kept to the side"),
                ),
                migrations.AddField(
                    model_name="dealnote",
                    name="with_broker",
                    field=models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="marketplace.techbroker",
                        verbose_name="the side's broker reads it",
                    ),
                ),
                migrations.AlterField(
                    model_name="brokerconsent",
                    name="side",
                    field=models.CharField(choices=[*SIDES, ("broker", "broker")], max_length=10),
                ),
                migrations.AddConstraint(
                    model_name="brokerconsent",
                    constraint=models.CheckConstraint(
                        condition=Q(side="broker") & ~Q(version="") | ~Q(side="broker") & Q(version=""),
                        name="brokerconsent_of_broker_to_terms",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="deal",
                    constraint=models.CheckConstraint(
                        condition=Q(broker_accepted_at=None) | Q(broker__isnull=False),
                        name="deal_broker_accepted_by_broker",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dealnote",
                    constraint=models.CheckConstraint(
                        condition=Q(is_shared=False) | Q(own_side="", with_broker=None),
                        name="dealnote_own_side_is_private",
                    ),
                ),
                migrations.AddConstraint(
                    model_name="dealnote",
                    constraint=models.CheckConstraint(
                        condition=Q(with_broker=None) | ~Q(own_side=""), name="dealnote_broker_of_a_side"
                    ),
                ),
            ]
        ),
        migrations.RunPython(keep_ended, migrations.RunPython.noop),
    ]
