"""The floor of a hybrid lot: calls and their pause, bids the auctioneer enters, voids (bidding.sql, version 3)."""

import datetime
from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent
BIDDING = (HERE / "bidding_v3.sql").read_text(encoding="utf-8")
NEW = """
DROP FUNCTION place_floor_bid(bigint, bigint, text, bigint);
DROP FUNCTION append_lot_step(bigint, text, text, text, bigint, timestamptz, jsonb);
"""
BEFORE = NEW + (
    (HERE / "bidding_v2.sql").read_text(encoding="utf-8")
)
FROZEN = """
DROP TRIGGER lot_terms_frozen ON marketplace_lot;
CREATE TRIGGER lot_terms_frozen BEFORE UPDATE ON marketplace_lot FOR EACH ROW
    WHEN (OLD.announced_at IS NOT NULL AND (
        OLD.number, OLD.session_id, OLD.outcome_id, OLD.format, OLD.mode, OLD.object_of_sale, OLD.start_price,
        OLD.increment_ladder, OLD.reserve_commitment, OLD.deposit, OLD.starts_at, OLD.extension_window,
        OLD.most_extensions, OLD.sells_to_single_bidder, {old}OLD.announced_at
    ) IS DISTINCT FROM (
        NEW.number, NEW.session_id, NEW.outcome_id, NEW.format, NEW.mode, NEW.object_of_sale, NEW.start_price,
        NEW.increment_ladder, NEW.reserve_commitment, NEW.deposit, NEW.starts_at, NEW.extension_window,
        NEW.most_extensions, NEW.sells_to_single_bidder, {new}NEW.announced_at
    )) EXECUTE FUNCTION refuse_new_terms();
"""
WITH_PAUSE = FROZEN.format(old="OLD.call_pause, ", new="NEW.call_pause, ")
WITHOUT = FROZEN.format(old="", new="")


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0024_auctions_sealed")]

    operations = [
        migrations.AddField(
            model_name="lot",
            name="call_pause",
            field=models.DurationField(
                default=datetime.timedelta(seconds=10), editable=False, verbose_name="pause after a call"
            ),
        ),
        migrations.AddField(
            model_name="lot", name="calls", field=models.PositiveSmallIntegerField(default=0, editable=False)
        ),
        migrations.AddField(model_name="lot", name="called_at", field=models.DateTimeField(editable=False, null=True)),
        migrations.AlterField(
            model_name="lotevent",
            name="kind",
            field=models.CharField(
                choices=[
                    ("opened", "opened"),
                    ("bid", "bid"),
                    ("priority_match", "bid by priority right"),
                    ("extended", "extended"),
                    ("suspended", "suspended"),
                    ("resumed", "resumed"),
                    ("called", "called"),
                    ("voided", "voided"),
                    ("sealed", "bid sealed"),
                    ("sealed_replaced", "sealed bid replaced"),
                    ("sealed_withdrawn", "sealed bid withdrawn"),
                    ("revealed", "sealed bid opened"),
                    ("closed", "closed"),
                    ("result", "result"),
                    ("withdrawn", "withdrawn"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="lot",
            constraint=models.CheckConstraint(
                condition=models.Q(("called_at", None), ("calls", 0))
                | models.Q(("called_at__isnull", False), ("calls__range", (1, 3)), ("price__isnull", False)),
                name="lot_called_at_a_price",
            ),
        ),
        migrations.RunSQL(BIDDING, BEFORE),
        migrations.RunSQL(WITH_PAUSE, WITHOUT),
    ]
