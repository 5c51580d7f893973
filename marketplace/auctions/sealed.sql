-- Sealed bids on a lot (一次性报价). The living text: each change adds a migration with its own frozen copy of this
-- file, and a test compares the functions in the database with it. The database sees commitments and boxes, never an
-- amount; the amount was checked before it was sealed. The rules stand once more, readable, in sealed_rules.py.

-- The decision about a sealed bid, its replacement, or (with an empty commitment and no box) its withdrawal.
-- The answer bears neither number nor fingerprint of the event: either would tell a bidder how many others there are.
CREATE OR REPLACE FUNCTION decide_sealed_bid(
    the_lot bigint, the_registration bigint, the_key text, the_commitment text, the_box bytea,
    arrived timestamptz, decided timestamptz
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    lot marketplace_lot%ROWTYPE;
    bidder marketplace_bidderregistration%ROWTYPE;
    earlier marketplace_sealedbid%ROWTYPE;
    standing text;
    obstacle text := '';
    t timestamptz;
    act text;
    the_seq integer;
    reply jsonb;
BEGIN
    PERFORM lot_lock(the_lot);
    SELECT * INTO STRICT lot FROM marketplace_lot WHERE id = the_lot FOR UPDATE;
    SELECT * INTO earlier FROM marketplace_sealedbid
    WHERE lot_id = the_lot AND registration_id = the_registration AND key = the_key;
    IF FOUND THEN
        RETURN CASE WHEN earlier.commitment = the_commitment THEN earlier.answer
            ELSE jsonb_build_object('accepted', false, 'reason', 'key_reused') END;
    END IF;
    SELECT * INTO bidder FROM marketplace_bidderregistration WHERE id = the_registration AND lot_id = the_lot;
    SELECT coalesce((SELECT commitment FROM marketplace_sealedbid
        WHERE lot_id = the_lot AND registration_id = the_registration ORDER BY seq DESC LIMIT 1), '') INTO standing;
    t := greatest(arrived, lot.last_at);

    IF lot.format <> 'sealed' THEN obstacle := 'not_sealed';
    ELSIF lot.state IN ('announced', 'open') AND arrived < lot.starts_at THEN obstacle := 'not_open_yet';
    ELSIF lot.state NOT IN ('announced', 'open') THEN
        obstacle := CASE WHEN lot.state IN ('suspended', 'postponed', 'withdrawn') THEN lot.state
            WHEN lot.state IN ('draft', 'review', 'approved') THEN 'not_open_yet' ELSE 'ended' END;
    ELSIF t >= lot.ends_at THEN obstacle := 'ended';
    ELSE
        obstacle := bidder_obstacle(the_registration, the_lot, t);
        IF obstacle = '' AND the_commitment = '' AND standing = '' THEN obstacle := 'nothing_sealed'; END IF;
    END IF;
    IF obstacle <> '' THEN
        RETURN jsonb_build_object('accepted', false, 'reason', obstacle, 'arrived_at', lot_instant(arrived),
            'starts_at', lot_instant(lot.starts_at), 'ends_at', lot_instant(lot.ends_at));
    END IF;

    PERFORM open_lot_if_due(the_lot, t);
    decided := greatest(decided, t, lot.last_decided_at);
    act := CASE WHEN the_commitment = '' THEN 'sealed_withdrawn' WHEN standing = '' THEN 'sealed'
        ELSE 'sealed_replaced' END;
    PERFORM append_lot_event(the_lot, act, 'online', bidder.alias, NULL, t, decided,
        CASE WHEN the_commitment = '' THEN '{}' ELSE jsonb_build_object('commitment', the_commitment) END);
    SELECT seq INTO STRICT the_seq FROM marketplace_lot WHERE id = the_lot;
    reply := jsonb_build_object('accepted', true, 'lot', lot.number, 'kind', act, 'alias', bidder.alias,
        'commitment', CASE WHEN the_commitment = '' THEN standing ELSE the_commitment END,
        'arrived_at', lot_instant(t), 'ends_at', lot_instant(lot.ends_at));
    INSERT INTO marketplace_sealedbid (lot_id, registration_id, key, commitment, box, seq, answer, given_at)
    VALUES (the_lot, the_registration, the_key, the_commitment, the_box, the_seq, reply, decided);
    RETURN reply;
END $$;

-- One sealed bid or withdrawal from the web: stamp the arrival, look up the key, then queue.
CREATE OR REPLACE FUNCTION place_sealed_bid(
    the_lot bigint, the_registration bigint, the_key text, the_commitment text, the_box bytea
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    arrived timestamptz := clock_timestamp();
    earlier marketplace_sealedbid%ROWTYPE;
BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
        RAISE EXCEPTION 'bids need synchronous_commit' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT * INTO earlier FROM marketplace_sealedbid
    WHERE lot_id = the_lot AND registration_id = the_registration AND key = the_key;
    IF FOUND THEN
        RETURN CASE WHEN earlier.commitment = the_commitment THEN earlier.answer
            ELSE jsonb_build_object('accepted', false, 'reason', 'key_reused') END;
    END IF;
    PERFORM lot_lock(the_lot);
    RETURN decide_sealed_bid(
        the_lot, the_registration, the_key, the_commitment, the_box, arrived, clock_timestamp());
END $$;

-- As with decide_bid: the web seals through place_sealed_bid alone, which stamps the time.
REVOKE EXECUTE ON FUNCTION decide_sealed_bid(
    bigint, bigint, text, text, bytea, timestamptz, timestamptz) FROM PUBLIC;
