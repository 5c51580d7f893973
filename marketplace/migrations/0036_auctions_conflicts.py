"""Bids ask for every conflict and for a power of attorney in force (bidding.sql, version 5; sealed.sql, version 3)."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
BIDDING = (HERE / "bidding_v5.sql").read_text(encoding="utf-8")
SEALED = (HERE / "sealed_v3.sql").read_text(encoding="utf-8")
OLD = "DROP FUNCTION bidder_obstacle(bigint, bigint);\n"
NEW = """
DROP FUNCTION bidder_obstacle(bigint, bigint, timestamptz);
DROP FUNCTION bidder_conflict(bigint, bigint, bigint);
"""
BIDDING_BEFORE = (HERE / "bidding_v4.sql").read_text(encoding="utf-8")
SEALED_BEFORE = (HERE / "sealed_v2.sql").read_text(encoding="utf-8")


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0035_auctions_authorities")]

    operations = [migrations.RunSQL(OLD + BIDDING + SEALED, NEW + BIDDING_BEFORE + SEALED_BEFORE)]
