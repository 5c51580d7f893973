"""The functions that bid (a frozen copy of auctions/bidding.sql), append-only tables, frozen terms."""

from pathlib import Path

from django.db import migrations

BIDDING = (Path(__file__).parent / "bidding_v1.sql").read_text(encoding="utf-8")
FUNCTIONS = """
DROP FUNCTION place_bid(bigint, bigint, text, bigint);
DROP FUNCTION decide_bid(bigint, bigint, text, bigint, text, timestamptz, timestamptz);
DROP FUNCTION bidder_obstacle(bigint, bigint);
DROP FUNCTION open_lot_if_due(bigint, timestamptz);
DROP FUNCTION append_lot_event(bigint, text, text, text, bigint, timestamptz, timestamptz, jsonb);
DROP FUNCTION lot_lock(bigint);
DROP FUNCTION lot_step(jsonb, bigint);
DROP FUNCTION lot_instant(timestamptz);
DROP FUNCTION lot_canonical(jsonb);
"""
NEVER_CHANGED = """
CREATE TRIGGER lotevent_append_only BEFORE UPDATE OR DELETE ON marketplace_lotevent
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER bidanswer_append_only BEFORE UPDATE OR DELETE ON marketplace_bidanswer
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER lotanchor_append_only BEFORE UPDATE OR DELETE ON marketplace_lotanchor
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE FUNCTION refuse_new_terms() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the terms of % are frozen by its announcement', OLD.number USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER lot_terms_frozen BEFORE UPDATE ON marketplace_lot FOR EACH ROW
    WHEN (OLD.announced_at IS NOT NULL AND (
        OLD.number, OLD.session_id, OLD.outcome_id, OLD.format, OLD.mode, OLD.object_of_sale, OLD.start_price,
        OLD.increment_ladder, OLD.reserve_commitment, OLD.deposit, OLD.starts_at, OLD.extension_window,
        OLD.most_extensions, OLD.sells_to_single_bidder, OLD.announced_at
    ) IS DISTINCT FROM (
        NEW.number, NEW.session_id, NEW.outcome_id, NEW.format, NEW.mode, NEW.object_of_sale, NEW.start_price,
        NEW.increment_ladder, NEW.reserve_commitment, NEW.deposit, NEW.starts_at, NEW.extension_window,
        NEW.most_extensions, NEW.sells_to_single_bidder, NEW.announced_at
    )) EXECUTE FUNCTION refuse_new_terms();
CREATE TRIGGER session_terms_frozen BEFORE UPDATE ON marketplace_auctionsession FOR EACH ROW
    WHEN (OLD.announced_at IS NOT NULL AND (
        OLD.number, OLD.legal_form, OLD.organiser_id, OLD.announcement, OLD.announcement_hash, OLD.announced_at
    ) IS DISTINCT FROM (
        NEW.number, NEW.legal_form, NEW.organiser_id, NEW.announcement, NEW.announcement_hash, NEW.announced_at
    )) EXECUTE FUNCTION refuse_new_terms();
"""
CHANGEABLE = """
DROP TRIGGER session_terms_frozen ON marketplace_auctionsession;
DROP TRIGGER lot_terms_frozen ON marketplace_lot;
DROP FUNCTION refuse_new_terms();
DROP TRIGGER lotanchor_append_only ON marketplace_lotanchor;
DROP TRIGGER bidanswer_append_only ON marketplace_bidanswer;
DROP TRIGGER lotevent_append_only ON marketplace_lotevent;
"""


class Migration(migrations.Migration):
    dependencies = [("marketplace", "0009_auctions_records")]
    operations = [migrations.RunSQL(BIDDING, FUNCTIONS), migrations.RunSQL(NEVER_CHANGED, CHANGEABLE)]
