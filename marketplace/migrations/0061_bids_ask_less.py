"""A bid asks less: fewer queries, planned once, and what it cannot change is not looked at (bidding.sql, version 7)."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from marketplace.core.migrating import AtOnce

HERE = Path(__file__).parent
BIDDING = (HERE / "bidding_v7.sql").read_text(encoding="utf-8")
BIDDING_BEFORE = (HERE / "bidding_v6.sql").read_text(encoding="utf-8")
WITH_LEADER = "DROP FUNCTION append_lot_event(bigint, text, text, text, bigint, timestamptz, timestamptz, jsonb, bigint);\n"
DROPPED = """
DROP FUNCTION append_lot_event(bigint, text, text, text, bigint, timestamptz, timestamptz, jsonb);
DROP FUNCTION write_lot_event(
    bigint, text, integer, text, text, text, text, bigint, timestamptz, timestamptz, jsonb, bigint);
"""

# The condition of a trigger is parsed for each statement that could fire it. A statement that names none of the terms
# cannot, and now says so: what is refused is the same.
TERMS = (
    "number, session_id, outcome_id, format, mode, object_of_sale, object_parts, defects, start_price, "
    "increment_ladder, reserve_commitment, deposit, starts_at, extension_window, most_extensions, "
    "sells_to_single_bidder, call_pause, announced_at"
)
FROZEN = """
DROP TRIGGER lot_terms_frozen ON marketplace_lot;
CREATE TRIGGER lot_terms_frozen BEFORE UPDATE {of_terms} ON marketplace_lot FOR EACH ROW
    WHEN (OLD.announced_at IS NOT NULL AND (
        OLD.number, OLD.session_id, OLD.outcome_id, OLD.format, OLD.mode, OLD.object_of_sale, OLD.object_parts,
        OLD.defects, OLD.start_price, OLD.increment_ladder, OLD.reserve_commitment, OLD.deposit,
        CASE WHEN OLD.state = 'postponed' AND NEW.state = 'announced' THEN NEW.starts_at ELSE OLD.starts_at END,
        OLD.extension_window, OLD.most_extensions, OLD.sells_to_single_bidder, OLD.call_pause, OLD.announced_at
    ) IS DISTINCT FROM (
        NEW.number, NEW.session_id, NEW.outcome_id, NEW.format, NEW.mode, NEW.object_of_sale, NEW.object_parts,
        NEW.defects, NEW.start_price, NEW.increment_ladder, NEW.reserve_commitment, NEW.deposit, NEW.starts_at,
        NEW.extension_window, NEW.most_extensions, NEW.sells_to_single_bidder, NEW.call_pause, NEW.announced_at
    )) EXECUTE FUNCTION refuse_new_terms();
DROP TRIGGER lot_sealed_key_kept ON marketplace_lot;
CREATE TRIGGER lot_sealed_key_kept BEFORE UPDATE {of_key} ON marketplace_lot FOR EACH ROW
    WHEN (OLD.sealed_key IS NOT NULL AND OLD.sealed_key IS DISTINCT FROM NEW.sealed_key)
    EXECUTE FUNCTION refuse_new_terms();
"""


def of_a_lot(name):
    """Return the lot of an event or an answer; (lot, seq) is unique, so an index of the lot alone is not needed."""
    return models.ForeignKey(
        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name=name, to="marketplace.lot"
    )


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0060_plan_apart")]

    operations = [
        migrations.RunSQL(WITH_LEADER + BIDDING, DROPPED + BIDDING_BEFORE),
        migrations.RunSQL(
            FROZEN.format(of_terms=f"OF {TERMS}", of_key="OF sealed_key"), FROZEN.format(of_terms="", of_key="")
        ),
        AtOnce([
        migrations.AlterField(model_name="lotevent", name="lot", field=of_a_lot("events")),
        migrations.AlterField(model_name="bidanswer", name="lot", field=of_a_lot("answers")),
        ]),
    ]
