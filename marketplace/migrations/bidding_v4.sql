-- Bidding on a lot (auction-engine.md §2). The living text: each change adds a migration with its own
-- frozen copy of this file, and a test compares the functions in the database with it.
-- The rules stand once more, readable, in ladder.py; property tests hold the two together.

-- Canonical JSON, version 1: keys in byte order, no white space, only what must be escaped is escaped.
CREATE OR REPLACE FUNCTION lot_canonical(value jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE jsonb_typeof(value)
        WHEN 'object' THEN '{' || coalesce((
            SELECT string_agg(to_json(e.key)::text || ':' || lot_canonical(e.value), ',' ORDER BY e.key COLLATE "C")
            FROM jsonb_each(value) e), '') || '}'
        WHEN 'array' THEN '[' || coalesce((
            SELECT string_agg(lot_canonical(e.value), ',' ORDER BY e.ordinality)
            FROM jsonb_array_elements(value) WITH ORDINALITY e), '') || ']'
        WHEN 'string' THEN to_json(value #>> '{}')::text
        ELSE value::text
    END
$$;

-- An instant as the record writes it: UTC, microseconds, Z.
CREATE OR REPLACE FUNCTION lot_instant(moment timestamptz) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- The increment that holds at a price.
CREATE OR REPLACE FUNCTION lot_step(ladder jsonb, price bigint) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT (band ->> 'step')::bigint FROM jsonb_array_elements(ladder) band
    WHERE (band ->> 'from')::bigint <= price ORDER BY (band ->> 'from')::bigint DESC LIMIT 1
$$;

-- The lot's lock: every transition takes it first, in the order of arrival. 7204 is the class of lot locks.
CREATE OR REPLACE FUNCTION lot_lock(lot bigint) RETURNS void
LANGUAGE sql VOLATILE AS $$
    SELECT pg_advisory_xact_lock(7204, lot::integer)
$$;

-- Append one event to a lot's chain and move seq, head and times. The caller holds the lot's lock.
CREATE OR REPLACE FUNCTION append_lot_event(
    the_lot bigint, the_kind text, the_source text, the_alias text, the_amount bigint,
    arrived timestamptz, decided timestamptz, the_payload jsonb
) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    lot marketplace_lot%ROWTYPE;
    genesis text;
    previous text;
    head text;
BEGIN
    SELECT * INTO STRICT lot FROM marketplace_lot WHERE id = the_lot FOR UPDATE;
    SELECT announcement_hash INTO STRICT genesis FROM marketplace_auctionsession WHERE id = lot.session_id;
    arrived := greatest(arrived, lot.last_at);
    decided := greatest(decided, arrived, lot.last_decided_at);
    previous := CASE WHEN lot.seq = 0 THEN genesis ELSE lot.head_hash END;
    head := encode(sha256(convert_to(lot_canonical(jsonb_build_object(
        'v', 1, 'lot', lot.number, 'seq', lot.seq + 1, 'kind', the_kind, 'source', the_source,
        'alias', the_alias, 'amount', the_amount, 'arrived_at', lot_instant(arrived),
        'decided_at', lot_instant(decided), 'payload', the_payload, 'prev', previous)), 'UTF8')), 'hex');
    INSERT INTO marketplace_lotevent
        (lot_id, seq, kind, source, alias, amount, arrived_at, decided_at, payload, prev_hash, hash)
    VALUES (the_lot, lot.seq + 1, the_kind, the_source, the_alias, the_amount, arrived, decided, the_payload,
        previous, head);
    UPDATE marketplace_lot
    SET seq = lot.seq + 1, head_hash = head, last_at = arrived, last_decided_at = decided
    WHERE id = the_lot;
    RETURN head;
END $$;

-- Open an announced lot whose time has come. Whoever does it, and whenever: the event is the same.
CREATE OR REPLACE FUNCTION open_lot_if_due(the_lot bigint, moment timestamptz) RETURNS boolean
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    lot marketplace_lot%ROWTYPE;
BEGIN
    PERFORM lot_lock(the_lot);
    SELECT * INTO STRICT lot FROM marketplace_lot WHERE id = the_lot FOR UPDATE;
    IF lot.state <> 'announced' OR moment < lot.starts_at THEN
        RETURN false;
    END IF;
    PERFORM append_lot_event(the_lot, 'opened', 'online', '', NULL, lot.starts_at, lot.starts_at,
        jsonb_build_object('ends_at', lot_instant(lot.ends_at), 'start_price', lot.start_price));
    UPDATE marketplace_lot SET state = 'open' WHERE id = the_lot;
    RETURN true;
END $$;

-- A step of the sale for the chain, from whoever carries it out: suspended, called, closed, revealed and the like. What
-- bidders do comes through the functions that decide it, never through here: the web's role may call this one.
CREATE OR REPLACE FUNCTION append_lot_step(
    the_lot bigint, the_kind text, the_source text, the_alias text, the_amount bigint, at timestamptz, the_payload jsonb
) RETURNS text
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF the_kind IN ('opened', 'bid', 'priority_match', 'sealed', 'sealed_replaced', 'sealed_withdrawn') THEN
        RAISE EXCEPTION '% is no step of the sale', the_kind USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN append_lot_event(the_lot, the_kind, the_source, the_alias, the_amount, at, at, the_payload);
END $$;

-- What stands against a bidder now: an empty text if nothing does.
CREATE OR REPLACE FUNCTION bidder_obstacle(the_registration bigint, the_lot bigint) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT CASE
            WHEN r.is_barred THEN 'barred'
            WHEN b.id = s.id OR b.uscc = ANY (s.related_usccs) OR s.uscc = ANY (b.related_usccs) THEN 'related'
            WHEN b.state <> 'verified' THEN 'not_verified'
            WHEN r.state <> 'qualified' THEN 'not_qualified'
            WHEN d.state IS DISTINCT FROM 'held' THEN 'deposit_missing'
            ELSE ''
        END
        FROM marketplace_bidderregistration r
        JOIN marketplace_lot l ON l.id = r.lot_id
        JOIN marketplace_researchoutcome o ON o.id = l.outcome_id
        JOIN marketplace_organisation s ON s.id = o.owner_id
        JOIN marketplace_organisation b ON b.id = r.organisation_id
        LEFT JOIN marketplace_deposit d ON d.id = r.deposit_id
        WHERE r.id = the_registration AND r.lot_id = the_lot), 'not_qualified')
$$;

-- The decision: the same for the web, for property tests and for demo history (with times of their own).
CREATE OR REPLACE FUNCTION decide_bid(
    the_lot bigint, the_registration bigint, the_key text, the_amount bigint, the_source text,
    arrived timestamptz, decided timestamptz
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    lot marketplace_lot%ROWTYPE;
    bidder marketplace_bidderregistration%ROWTYPE;
    leader_rank integer;
    earlier marketplace_bidanswer%ROWTYPE;
    t timestamptz;
    least_amount bigint;
    obstacle text := '';
    head text;
    bid_seq integer;
    new_end timestamptz;
    reply jsonb;
BEGIN
    PERFORM lot_lock(the_lot);
    SELECT * INTO STRICT lot FROM marketplace_lot WHERE id = the_lot FOR UPDATE;
    SELECT * INTO earlier FROM marketplace_bidanswer
    WHERE lot_id = the_lot AND registration_id = the_registration AND key = the_key;
    IF FOUND THEN
        RETURN CASE WHEN earlier.amount = the_amount THEN earlier.answer
            ELSE jsonb_build_object('accepted', false, 'reason', 'key_reused', 'seq', earlier.seq) END;
    END IF;
    SELECT * INTO bidder FROM marketplace_bidderregistration WHERE id = the_registration AND lot_id = the_lot;
    SELECT coalesce(priority_rank, 32767) INTO leader_rank
    FROM marketplace_bidderregistration WHERE id = lot.leader_id;
    t := greatest(arrived, lot.last_at);
    least_amount := CASE WHEN lot.price IS NULL THEN lot.start_price
        ELSE lot.price + lot_step(lot.increment_ladder, lot.price) END;

    IF lot.format = 'sealed' THEN obstacle := 'sealed_only';  -- its amounts come through sealed.sql
    ELSIF the_source = 'floor' AND lot.format <> 'hybrid' THEN obstacle := 'no_floor';
    ELSIF lot.state IN ('announced', 'open') AND arrived < lot.starts_at THEN obstacle := 'not_open_yet';
    ELSIF lot.state NOT IN ('announced', 'open') THEN
        obstacle := CASE WHEN lot.state IN ('suspended', 'postponed', 'withdrawn') THEN lot.state
            WHEN lot.state IN ('draft', 'review', 'approved') THEN 'not_open_yet' ELSE 'ended' END;
    ELSIF t >= lot.ends_at THEN obstacle := 'ended';
    ELSE
        obstacle := bidder_obstacle(the_registration, the_lot);
        IF obstacle <> '' THEN NULL;
        ELSIF the_amount > 1000000000000000 THEN obstacle := 'too_large';
        ELSIF lot.leader_id = the_registration THEN obstacle := 'leads_already';
        ELSIF the_amount < least_amount
            AND NOT coalesce(the_amount = lot.price
                AND coalesce(bidder.priority_rank, 32767) < coalesce(leader_rank, 32767), false)
        THEN obstacle := 'too_low';
        END IF;
    END IF;
    IF obstacle <> '' THEN
        RETURN jsonb_build_object('accepted', false, 'reason', obstacle, 'least', least_amount, 'price', lot.price,
            'seq', lot.seq, 'arrived_at', lot_instant(arrived), 'starts_at', lot_instant(lot.starts_at),
            'ends_at', lot_instant(lot.ends_at));
    END IF;

    PERFORM open_lot_if_due(the_lot, t);
    decided := greatest(decided, t, lot.last_decided_at);
    head := append_lot_event(the_lot, CASE WHEN the_amount = lot.price THEN 'priority_match' ELSE 'bid' END,
        the_source, bidder.alias, the_amount, t, decided, '{}');
    UPDATE marketplace_lot
    SET price = the_amount, leader_id = the_registration, leader_alias = bidder.alias, calls = 0, called_at = NULL
    WHERE id = the_lot RETURNING seq INTO bid_seq;
    reply := jsonb_build_object('accepted', true, 'lot', lot.number, 'seq', bid_seq, 'hash', head,
        'alias', bidder.alias, 'amount', the_amount, 'arrived_at', lot_instant(t), 'ends_at', lot_instant(lot.ends_at));
    IF t + lot.extension_window > lot.ends_at
        AND (lot.most_extensions IS NULL OR lot.extensions < lot.most_extensions)
    THEN
        new_end := t + lot.extension_window;
        PERFORM append_lot_event(the_lot, 'extended', the_source, '', NULL, t, decided, jsonb_build_object(
            'count', lot.extensions + 1, 'ends_at', lot_instant(new_end), 'was', lot_instant(lot.ends_at)));
        UPDATE marketplace_lot SET ends_at = new_end, extensions = lot.extensions + 1 WHERE id = the_lot;
        reply := reply || jsonb_build_object('ends_at', lot_instant(new_end));
    END IF;
    INSERT INTO marketplace_bidanswer (lot_id, registration_id, key, amount, seq, answer, given_at)
    VALUES (the_lot, the_registration, the_key, the_amount, bid_seq, reply, decided);
    RETURN reply;
END $$;

-- One bid from the web: stamp the arrival, look up the key, refuse what is too low without a lock, then queue.
CREATE OR REPLACE FUNCTION place_bid(the_lot bigint, the_registration bigint, the_key text, the_amount bigint)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    arrived timestamptz := clock_timestamp();
    lot marketplace_lot%ROWTYPE;
    earlier marketplace_bidanswer%ROWTYPE;
    least_amount bigint;
BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
        RAISE EXCEPTION 'bids need synchronous_commit' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    SELECT * INTO earlier FROM marketplace_bidanswer
    WHERE lot_id = the_lot AND registration_id = the_registration AND key = the_key;
    IF FOUND THEN
        RETURN CASE WHEN earlier.amount = the_amount THEN earlier.answer
            ELSE jsonb_build_object('accepted', false, 'reason', 'key_reused', 'seq', earlier.seq) END;
    END IF;
    -- Safe without a lock: while a lot is open its price only rises, so what is too low for any price seen here is too
    -- low at its place in the queue as well. Not so on a hybrid lot, where the auctioneer may void the last bid: with a
    -- void under way (lock held, not committed) the row read here still shows the voided price, and a bid would be
    -- refused that its place in the queue, behind the void, accepts. There every bid is decided in the queue; a floor is
    -- slow enough for that. A bid that queues is measured by the price where it is decided, so a void before it can only
    -- let it in, and whoever was refused before a void was refused by the price that held then; nothing is remembered of
    -- a refusal, so the same bid may be sent again.
    SELECT * INTO lot FROM marketplace_lot WHERE id = the_lot;
    least_amount := lot.price + lot_step(lot.increment_ladder, lot.price);
    IF lot.format <> 'hybrid' AND lot.state = 'open' AND arrived >= lot.starts_at AND arrived < lot.ends_at
        AND the_amount < least_amount AND lot.leader_id <> the_registration
        AND (the_amount <> lot.price
            OR (SELECT priority_rank IS NULL FROM marketplace_bidderregistration WHERE id = the_registration))
        AND bidder_obstacle(the_registration, the_lot) = ''
    THEN
        RETURN jsonb_build_object('accepted', false, 'reason', 'too_low', 'least', least_amount, 'price', lot.price,
            'seq', lot.seq, 'arrived_at', lot_instant(arrived), 'starts_at', lot_instant(lot.starts_at),
            'ends_at', lot_instant(lot.ends_at));
    END IF;
    PERFORM lot_lock(the_lot);
    RETURN decide_bid(the_lot, the_registration, the_key, the_amount, 'online', arrived, clock_timestamp());
END $$;

-- One bid from the floor of a hybrid lot, entered by the auctioneer: the same ladder, keys, obstacles and queue.
CREATE OR REPLACE FUNCTION place_floor_bid(the_lot bigint, the_registration bigint, the_key text, the_amount bigint)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    arrived timestamptz := clock_timestamp();
BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
        RAISE EXCEPTION 'bids need synchronous_commit' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    PERFORM lot_lock(the_lot);
    RETURN decide_bid(the_lot, the_registration, the_key, the_amount, 'floor', arrived, clock_timestamp());
END $$;

-- The web bids through place_bid and place_floor_bid alone, which stamp the time; where it has a role
-- of its own, it cannot decide.
REVOKE EXECUTE ON FUNCTION decide_bid(bigint, bigint, text, bigint, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION append_lot_event(
    bigint, text, text, text, bigint, timestamptz, timestamptz, jsonb) FROM PUBLIC;
