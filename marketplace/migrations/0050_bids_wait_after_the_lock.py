"""A bid waits for the disk after the lot's lock is free again, and takes half the work (bidding.sql, version 6)."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

HERE = Path(__file__).parent
BIDDING = (HERE / "bidding_v6.sql").read_text(encoding="utf-8")
BIDDING_BEFORE = (HERE / "bidding_v5.sql").read_text(encoding="utf-8")
SHORTER = "DROP FUNCTION append_lot_event(bigint, text, text, text, bigint, timestamptz, timestamptz, jsonb);\n"
DROPPED = """
DROP FUNCTION append_lot_event(bigint, text, text, text, bigint, timestamptz, timestamptz, jsonb, bigint);
DROP PROCEDURE place_bid_and_keep(bigint, bigint, text, bigint, jsonb);
DROP FUNCTION keep_record();
DROP FUNCTION queue_bid(bigint, bigint, text, bigint);
DROP FUNCTION require_durable_commits();
DROP FUNCTION bid_entitlement(bigint, bigint, bigint);
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0049_why_a_match_was_withdrawn")]

    operations = [
        migrations.RunSQL(SHORTER + BIDDING, DROPPED + BIDDING_BEFORE),
        migrations.AlterField(
            model_name="lot",
            name="leader",
            field=models.ForeignKey(
                db_index=False,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="marketplace.bidderregistration",
            ),
        ),
    ]
