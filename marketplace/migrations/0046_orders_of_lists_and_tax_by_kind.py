"""Indexes for the orders in which long lists are read."""

from django.db import migrations, models
from django.db.models import F

from marketplace.core.migrating import AtOnce


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0044_auctions_again_and_objects")]
    operations = [
        AtOnce([
            migrations.AddIndex("deal", models.Index(fields=["state", "moved_at", "id"], name="deal_of_a_column")),
            migrations.AddIndex("deal", models.Index(fields=["moved_at", "id"], name="deal_by_its_last_step")),
            migrations.AddIndex("interest", models.Index(fields=["shown_at", "id"], name="interest_newest")),
            migrations.AddIndex(
                "technologycontract", models.Index(fields=["total_amount", "id"], name="contract_largest_total")
            ),
            migrations.AddIndex(
                "technologycontract", models.Index(fields=["technical_amount", "id"], name="contract_largest_technical")
            ),
            migrations.AddIndex(
                "technologycontract",
                models.Index(
                    F("registered_on").desc(nulls_last=True), F("id").desc(), name="contract_last_registered"
                ),
            ),
            migrations.AddIndex(
                "technologycontract", models.Index(fields=["complete_on", "id"], name="contract_longest_waiting")
            ),
            migrations.AddIndex(
                "technologycontract",
                models.Index(fields=["state", "complete_on", "review_days"], name="contract_queue"),
            ),
        ]),
    ]
