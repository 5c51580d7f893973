-- Bidding on a lot (auction-engine.md §2). The living text: each change adds a migration with its own
-- frozen copy of this file, and a test compares the functions in the database with it.
-- The rules stand once more, readable, in ladder.py; property tests hold the two together.
-- Every query of a bid is one more start of the executor, and a row of all columns costs more to describe than to read:
-- so few queries, of the columns they need.

-- All of these are plpgsql, whose plans are kept: a function in the language sql is parsed again for every bid.

-- Canonical JSON, version 1: keys in byte order, no white space, only what must be escaped is escaped.
CREATE OR REPLACE FUNCTION lot_canonical(value jsonb) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN CASE jsonb_typeof(value)
        WHEN 'object' THEN '{' || coalesce((
            SELECT string_agg(to_json(e.key)::text || ':' || lot_canonical(e.value), ',' ORDER BY e.key COLLATE "C")
            FROM jsonb_each(value) e), '') || '}'
        WHEN 'array' THEN '[' || coalesce((
            SELECT string_agg(lot_canonical(e.value), ',' ORDER BY e.ordinality)
            FROM jsonb_array_elements(value) WITH ORDINALITY e), '') || ']'
        WHEN 'string' THEN to_json(value #>> '{}')::text
        ELSE value::text
    END;
END $$;

-- An instant as the record writes it: UTC, microseconds, Z.
CREATE OR REPLACE FUNCTION lot_instant(moment timestamptz) RETURNS text
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
    RETURN to_char(moment AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"');
END $$;

-- The increment that holds at a price; none below the first band. Band by band: a query of the array costs ten times as much.
CREATE OR REPLACE FUNCTION lot_step(ladder jsonb, price bigint) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    begins bigint;
    highest bigint;
    step bigint;
BEGIN
    FOR place IN 0 .. jsonb_array_length(ladder) - 1 LOOP
        begins := (ladder -> place ->> 'from')::bigint;
        IF begins <= price AND (highest IS NULL OR begins > highest) THEN
            highest := begins;
            step := (ladder -> place ->> 'step')::bigint;
        END IF;
    END LOOP;
    RETURN step;
END $$;

-- The lot's lock: every transition takes it first, in the order of arrival. 7204 is the class of lot locks.
CREATE OR REPLACE FUNCTION lot_lock(lot bigint) RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(7204, lot::integer);
END $$;

-- Write one event behind the `last_seq` events of a lot, and move its seq, head and times; with `the_leader`, that bidder
-- leads at its amount. The caller holds the lot's lock, has read `last_seq`, `previous` (the head, or what was announced)
-- since, and gives times that are not before the last ones. What is hashed is lot_canonical of the event, put together
-- here in the order of its keys: taken apart into jsonb and sorted, it took as long as everything else about a bid.
CREATE OR REPLACE FUNCTION write_lot_event(
    the_lot bigint, the_number text, last_seq integer, previous text, the_kind text, the_source text, the_alias text,
    the_amount bigint, arrived timestamptz, decided timestamptz, the_payload jsonb, the_leader bigint
) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    head text;
BEGIN
    head := encode(sha256(convert_to(
        '{"alias":' || coalesce(to_json(the_alias)::text, 'null')
        || ',"amount":' || coalesce(the_amount::text, 'null')
        || ',"arrived_at":"' || lot_instant(arrived) || '","decided_at":"' || lot_instant(decided)
        || '","kind":' || to_json(the_kind)::text || ',"lot":' || to_json(the_number)::text
        || ',"payload":' || CASE WHEN the_payload = '{}' THEN '{}' ELSE lot_canonical(the_payload) END
        || ',"prev":' || to_json(previous)::text || ',"seq":' || (last_seq + 1)::text
        || ',"source":' || to_json(the_source)::text || ',"v":1}', 'UTF8')), 'hex');
    INSERT INTO marketplace_lotevent
        (lot_id, seq, kind, source, alias, amount, arrived_at, decided_at, payload, prev_hash, hash)
    VALUES (the_lot, last_seq + 1, the_kind, the_source, the_alias, the_amount, arrived, decided, the_payload,
        previous, head);
    IF the_leader IS NULL THEN
        UPDATE marketplace_lot
        SET seq = last_seq + 1, head_hash = head, last_at = arrived, last_decided_at = decided
        WHERE id = the_lot;
    ELSE
        UPDATE marketplace_lot
        SET seq = last_seq + 1, head_hash = head, last_at = arrived, last_decided_at = decided,
            price = the_amount, leader_id = the_leader, leader_alias = the_alias, calls = 0, called_at = NULL
        WHERE id = the_lot;
    END IF;
    RETURN head;
END $$;

-- Append one event to a lot's chain. The caller holds the lot's lock.
CREATE OR REPLACE FUNCTION append_lot_event(
    the_lot bigint, the_kind text, the_source text, the_alias text, the_amount bigint,
    arrived timestamptz, decided timestamptz, the_payload jsonb
) RETURNS text
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    lot record;
BEGIN
    SELECT l.number, l.seq, CASE WHEN l.seq = 0 THEN s.announcement_hash ELSE l.head_hash END AS previous,
        l.last_at, l.last_decided_at INTO STRICT lot
    FROM marketplace_lot l JOIN marketplace_auctionsession s ON s.id = l.session_id
    WHERE l.id = the_lot FOR UPDATE OF l;
    arrived := greatest(arrived, lot.last_at);
    RETURN write_lot_event(the_lot, lot.number, lot.seq, lot.previous, the_kind, the_source, the_alias, the_amount,
        arrived, greatest(decided, arrived, lot.last_decided_at), the_payload, NULL);
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

-- Why an organisation may never bid on a lot (拍卖法 Art. 22-23, 30), spoken for by a person: a code, or an empty text.
-- The same stands once more, readable, in conflicts.py. plpgsql, so that its plans are kept: every bid asks it.
CREATE OR REPLACE FUNCTION bidder_conflict(the_bidder bigint, the_agent bigint, the_lot bigint) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    conflict text;
BEGIN
    SELECT CASE
        WHEN b.id = seller.id THEN 'seller'
        WHEN b.uscc = ANY (seller.related_usccs) OR seller.uscc = ANY (b.related_usccs) THEN 'related'
        WHEN b.id IN (s.organiser_id, s.auction_company_id) THEN 'host'
        WHEN EXISTS (SELECT FROM marketplace_organisation h WHERE h.id IN (s.organiser_id, s.auction_company_id)
            AND (b.uscc = ANY (h.related_usccs) OR h.uscc = ANY (b.related_usccs))) THEN 'host_related'
        WHEN EXISTS (SELECT FROM marketplace_membership m WHERE m.user_id = the_agent AND m.state = 'active'
            AND m.organisation_id IN (seller.id, s.organiser_id, s.auction_company_id)) THEN 'insider'
        WHEN EXISTS (SELECT FROM marketplace_user_groups g JOIN auth_group a ON a.id = g.group_id
            WHERE g.user_id = the_agent AND a.name IN ('organiser', 'auctioneer', 'finance')) THEN 'insider'
        WHEN EXISTS (SELECT FROM marketplace_coowner c WHERE c.outcome_id = l.outcome_id AND c.organisation_id = b.id)
            AND NOT EXISTS (SELECT FROM marketplace_priorityholder h
                WHERE h.lot_id = l.id AND h.struck_at IS NULL AND h.channel <> 'waiver'
                AND (h.organisation_id = b.id OR h.uscc = b.uscc)) THEN 'co_owner'
        ELSE coalesce((SELECT CASE WHEN bool_or(r.state = 'forfeited') THEN 'defaulted' ELSE 'barred' END
            FROM marketplace_bidderregistration r JOIN marketplace_lot e ON e.id = r.lot_id
            WHERE r.organisation_id = b.id AND r.is_barred AND e.outcome_id = l.outcome_id AND NOT e.is_practice
            HAVING count(*) > 0), '')
        END INTO STRICT conflict
    FROM marketplace_lot l
    JOIN marketplace_auctionsession s ON s.id = l.session_id
    JOIN marketplace_researchoutcome o ON o.id = l.outcome_id
    JOIN marketplace_organisation seller ON seller.id = o.owner_id
    CROSS JOIN marketplace_organisation b
    WHERE l.id = the_lot AND b.id = the_bidder;
    RETURN conflict;
END $$;

-- What the web asks before a bid, at once: the conflict, if any, and the registration of the organisation for the lot with its
-- powers of attorney, a row each; one row without them where it has none. Where the person who applied asks, the decision
-- itself looks for the same conflict, and no time is lost on it here.
CREATE OR REPLACE FUNCTION bid_entitlement(the_lot bigint, the_organisation bigint, the_agent bigint) RETURNS TABLE (
    conflict text, registration bigint, applicant bigint, agent bigint, state varchar, valid_from date, valid_until date
)
LANGUAGE plpgsql STABLE SET plan_cache_mode = force_generic_plan AS $$
BEGIN
    RETURN QUERY
        SELECT CASE WHEN r.agent_id = the_agent THEN '' ELSE bidder_conflict(the_organisation, the_agent, the_lot) END,
            r.id, r.agent_id, a.agent_id, a.state, a.valid_from, a.valid_until
        FROM (SELECT) asked
        LEFT JOIN marketplace_bidderregistration r ON r.lot_id = the_lot AND r.organisation_id = the_organisation
            AND r.state <> 'rejected' AND r.withdrawn_at IS NULL
        LEFT JOIN marketplace_agentauthority a ON a.registration_id = r.id
        ORDER BY a.id;
END $$;

-- The registration that a person may bid on because it applied: in person, or with a power of attorney of its own that is in
-- force today (authorities.py: why_not_speak). None for anybody else, of whom bid_entitlement knows more.
CREATE OR REPLACE FUNCTION registration_of_applicant(the_lot bigint, the_organisation bigint, the_applicant bigint)
RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
DECLARE
    today date := (clock_timestamp() AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    RETURN (SELECT r.id FROM marketplace_bidderregistration r
        WHERE r.lot_id = the_lot AND r.organisation_id = the_organisation AND r.agent_id = the_applicant
            AND r.state <> 'rejected' AND r.withdrawn_at IS NULL
            AND (NOT EXISTS (SELECT FROM marketplace_agentauthority a
                    WHERE a.registration_id = r.id AND a.agent_id = the_applicant)
                OR EXISTS (SELECT FROM marketplace_agentauthority a
                    WHERE a.registration_id = r.id AND a.agent_id = the_applicant AND a.state = 'accepted'
                        AND today BETWEEN a.valid_from AND a.valid_until)));
END $$;

-- What stands against a bidder at an instant: an empty text if nothing does. One query tells that nothing does of nearly
-- every bid: whether there is any tie that could be a conflict, and any power of attorney. Of whoever has one, it is asked.
CREATE OR REPLACE FUNCTION bidder_obstacle(the_registration bigint, the_lot bigint, at timestamptz) RETURNS text
LANGUAGE plpgsql STABLE AS $$
DECLARE
    bidder record;
    conflict text;
    today date := (at AT TIME ZONE 'Asia/Shanghai')::date;
BEGIN
    SELECT r.organisation_id, r.agent_id, r.is_barred, r.state, b.state AS standing, d.state AS deposit,
        b.id = seller.id OR b.uscc = ANY (seller.related_usccs) OR seller.uscc = ANY (b.related_usccs)
            OR EXISTS (SELECT FROM marketplace_organisation h WHERE h.id IN (s.organiser_id, s.auction_company_id)
                AND (h.id = b.id OR b.uscc = ANY (h.related_usccs) OR h.uscc = ANY (b.related_usccs)))
            OR EXISTS (SELECT FROM marketplace_membership m WHERE m.user_id = r.agent_id AND m.state = 'active'
                AND m.organisation_id IN (seller.id, s.organiser_id, s.auction_company_id))
            OR EXISTS (SELECT FROM marketplace_user_groups g WHERE g.user_id = r.agent_id)
            OR EXISTS (SELECT FROM marketplace_coowner c WHERE c.outcome_id = l.outcome_id AND c.organisation_id = b.id)
            OR EXISTS (SELECT FROM marketplace_bidderregistration e WHERE e.organisation_id = b.id AND e.is_barred)
            AS has_ties,
        EXISTS (SELECT FROM marketplace_agentauthority a WHERE a.registration_id = r.id) AS has_papers
    INTO bidder
    FROM marketplace_bidderregistration r
    JOIN marketplace_organisation b ON b.id = r.organisation_id
    JOIN marketplace_lot l ON l.id = r.lot_id
    JOIN marketplace_auctionsession s ON s.id = l.session_id
    JOIN marketplace_researchoutcome o ON o.id = l.outcome_id
    JOIN marketplace_organisation seller ON seller.id = o.owner_id
    LEFT JOIN marketplace_deposit d ON d.id = r.deposit_id
    WHERE r.id = the_registration AND r.lot_id = the_lot;
    IF NOT FOUND THEN RETURN 'not_qualified'; END IF;
    IF bidder.is_barred THEN RETURN 'barred'; END IF;
    IF bidder.has_ties THEN
        conflict := bidder_conflict(bidder.organisation_id, bidder.agent_id, the_lot);
        IF conflict <> '' THEN RETURN conflict; END IF;
    END IF;
    IF bidder.standing <> 'verified' THEN RETURN 'not_verified'; END IF;
    IF bidder.state <> 'qualified' THEN RETURN 'not_qualified'; END IF;
    IF bidder.deposit IS DISTINCT FROM 'held' THEN RETURN 'deposit_missing'; END IF;
    -- who applied with a power of attorney bids while one is in force: whether the person who bids holds it, the action
    -- asks (authorities.py); in the hall nobody signs in, so there this is all that is asked
    IF bidder.has_papers
        AND EXISTS (SELECT FROM marketplace_agentauthority a
            WHERE a.registration_id = the_registration AND a.agent_id = bidder.agent_id)
        AND NOT EXISTS (SELECT FROM marketplace_agentauthority a WHERE a.registration_id = the_registration
            AND a.state = 'accepted' AND today BETWEEN a.valid_from AND a.valid_until)
    THEN
        RETURN 'no_authority';
    END IF;
    RETURN '';
END $$;

-- The decision: the same for the web, for property tests and for demo history (with times of their own). Without `decided`
-- it is the instant at which the lot's lock was taken.
CREATE OR REPLACE FUNCTION decide_bid(
    the_lot bigint, the_registration bigint, the_key text, the_amount bigint, the_source text,
    arrived timestamptz, decided timestamptz
) RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    lot record;
    outranks boolean := false;
    t timestamptz;
    least_amount bigint;
    obstacle text := '';
    head text;
    new_end timestamptz;
    reply jsonb;
BEGIN
    PERFORM lot_lock(the_lot);
    decided := coalesce(decided, clock_timestamp());
    SELECT l.number, l.format, l.state, l.starts_at, l.ends_at, l.start_price, l.price, l.leader_id, l.increment_ladder,
        l.seq, l.head_hash, l.last_at, l.last_decided_at, l.extension_window, l.extensions, l.most_extensions,
        r.alias, r.priority_rank, a.seq AS said_seq, a.amount AS said_amount, a.answer AS said INTO STRICT lot
    FROM marketplace_lot l
    LEFT JOIN marketplace_bidderregistration r ON r.id = the_registration AND r.lot_id = the_lot
    LEFT JOIN marketplace_bidanswer a
        ON a.lot_id = the_lot AND a.registration_id = the_registration AND a.key = the_key
    WHERE l.id = the_lot FOR UPDATE OF l;
    IF lot.said IS NOT NULL THEN
        RETURN CASE WHEN lot.said_amount = the_amount THEN lot.said
            ELSE jsonb_build_object('accepted', false, 'reason', 'key_reused', 'seq', lot.said_seq) END;
    END IF;
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
        obstacle := bidder_obstacle(the_registration, the_lot, t);
        IF the_amount = lot.price AND lot.priority_rank IS NOT NULL THEN
            SELECT lot.priority_rank < coalesce(r.priority_rank, 32767) INTO outranks
            FROM marketplace_bidderregistration r WHERE r.id = lot.leader_id;
        END IF;
        IF obstacle <> '' THEN NULL;
        ELSIF the_amount > 1000000000000000 THEN obstacle := 'too_large';
        ELSIF lot.leader_id = the_registration THEN obstacle := 'leads_already';
        ELSIF the_amount < least_amount AND NOT coalesce(outranks, false) THEN obstacle := 'too_low';
        END IF;
    END IF;
    IF obstacle <> '' THEN
        RETURN jsonb_build_object('accepted', false, 'reason', obstacle, 'least', least_amount, 'price', lot.price,
            'seq', lot.seq, 'arrived_at', lot_instant(arrived), 'starts_at', lot_instant(lot.starts_at),
            'ends_at', lot_instant(lot.ends_at));
    END IF;

    IF lot.state = 'announced' THEN  -- afterwards it has an event and a head, as every lot that is open
        PERFORM open_lot_if_due(the_lot, t);
        SELECT l.seq, l.head_hash, l.last_decided_at INTO STRICT lot.seq, lot.head_hash, lot.last_decided_at
        FROM marketplace_lot l WHERE l.id = the_lot;
    END IF;
    decided := greatest(decided, t, lot.last_decided_at);
    head := write_lot_event(the_lot, lot.number, lot.seq, lot.head_hash,
        CASE WHEN the_amount = lot.price THEN 'priority_match' ELSE 'bid' END,
        the_source, lot.alias, the_amount, t, decided, '{}', the_registration);
    reply := jsonb_build_object('accepted', true, 'lot', lot.number, 'seq', lot.seq + 1, 'hash', head,
        'alias', lot.alias, 'amount', the_amount, 'arrived_at', lot_instant(t), 'ends_at', lot_instant(lot.ends_at));
    IF t + lot.extension_window > lot.ends_at
        AND (lot.most_extensions IS NULL OR lot.extensions < lot.most_extensions)
    THEN
        new_end := t + lot.extension_window;
        PERFORM write_lot_event(the_lot, lot.number, lot.seq + 1, head, 'extended', the_source, '', NULL, t, decided,
            jsonb_build_object('count', lot.extensions + 1, 'ends_at', lot_instant(new_end),
                'was', lot_instant(lot.ends_at)), NULL);
        UPDATE marketplace_lot SET ends_at = new_end, extensions = lot.extensions + 1 WHERE id = the_lot;
        reply := reply || jsonb_build_object('ends_at', lot_instant(new_end));
    END IF;
    INSERT INTO marketplace_bidanswer (lot_id, registration_id, key, amount, seq, answer, given_at)
    VALUES (the_lot, the_registration, the_key, the_amount, lot.seq + 1, reply, decided);
    RETURN reply;
END $$;

-- No bid is taken where commits do not wait for the disk.
CREATE OR REPLACE FUNCTION require_durable_commits() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF current_setting('synchronous_commit') = 'off' THEN
        RAISE EXCEPTION 'bids need synchronous_commit' USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
END $$;

-- One bid from the web: stamp the arrival, look up the key, refuse what is too low without a lock, then queue. Called by the
-- two entries below, which see to it that the answer is on the disk when it is given. A role that may call the procedure
-- may call this too: who does so past it hears answers that a crash can undo, and can change no record by it. Its queries
-- are planned once for each connection, for any bid: by itself PostgreSQL plans the first five anew, and some of them always.
CREATE OR REPLACE FUNCTION queue_bid(the_lot bigint, the_registration bigint, the_key text, the_amount bigint)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s'
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    arrived timestamptz := clock_timestamp();
    lot record;
    least_amount bigint;
BEGIN
    IF the_registration IS NULL THEN
        RETURN jsonb_build_object('accepted', false, 'reason', 'not_applicant');
    END IF;
    -- Safe without a lock: while a lot is open its price only rises, so what is too low for any price seen here is too
    -- low at its place in the queue as well. Not so on a hybrid lot, where the auctioneer may void the last bid: with a
    -- void under way (lock held, not committed) the row read here still shows the voided price, and a bid would be
    -- refused that its place in the queue, behind the void, accepts. There every bid is decided in the queue; a floor is
    -- slow enough for that. A bid that queues is measured by the price where it is decided, so a void before it can only
    -- let it in, and whoever was refused before a void was refused by the price that held then; nothing is remembered of
    -- a refusal, so the same bid may be sent again.
    SELECT l.format, l.state, l.starts_at, l.ends_at, l.price, l.leader_id, l.increment_ladder, l.seq,
        a.seq AS said_seq, a.amount AS said_amount, a.answer AS said INTO lot
    FROM marketplace_lot l
    LEFT JOIN marketplace_bidanswer a
        ON a.lot_id = the_lot AND a.registration_id = the_registration AND a.key = the_key
    WHERE l.id = the_lot;
    IF lot.said IS NOT NULL THEN
        RETURN CASE WHEN lot.said_amount = the_amount THEN lot.said
            ELSE jsonb_build_object('accepted', false, 'reason', 'key_reused', 'seq', lot.said_seq) END;
    END IF;
    least_amount := lot.price + lot_step(lot.increment_ladder, lot.price);
    IF lot.format <> 'hybrid' AND lot.state = 'open' AND arrived >= lot.starts_at AND arrived < lot.ends_at
        AND the_amount < least_amount AND lot.leader_id <> the_registration
    THEN
        IF (the_amount <> lot.price
                OR (SELECT priority_rank IS NULL FROM marketplace_bidderregistration WHERE id = the_registration))
            AND bidder_obstacle(the_registration, the_lot, arrived) = ''
        THEN
            RETURN jsonb_build_object('accepted', false, 'reason', 'too_low', 'least', least_amount, 'price', lot.price,
                'seq', lot.seq, 'arrived_at', lot_instant(arrived), 'starts_at', lot_instant(lot.starts_at),
                'ends_at', lot_instant(lot.ends_at));
        END IF;
    END IF;
    RETURN decide_bid(the_lot, the_registration, the_key, the_amount, 'online', arrived, NULL);
END $$;

-- One bid within a transaction of the caller's, whose commit waits for the disk.
CREATE OR REPLACE FUNCTION place_bid(the_lot bigint, the_registration bigint, the_key text, the_amount bigint)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM require_durable_commits();
    RETURN queue_bid(the_lot, the_registration, the_key, the_amount);
END $$;

-- Everything committed before this is on the disk, and with the standby that commits wait for, once the transaction of this
-- call is committed: the log of the database is written in order, so a word that is there has all before it there. Where
-- all of it is on the disk already, and no standby is waited for, nothing is written. A standby is asked for nothing.
CREATE OR REPLACE FUNCTION keep_record() RETURNS void
LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF pg_is_in_recovery() THEN
        RETURN;
    END IF;
    IF current_setting('synchronous_standby_names') <> '' OR pg_current_wal_flush_lsn() < pg_current_wal_insert_lsn() THEN
        IF current_setting('synchronous_commit') = 'off' THEN
            SET LOCAL synchronous_commit = on;
        END IF;
        PERFORM pg_logical_emit_message(true, 'lot', '');
    END IF;
END $$;

-- One bid outside any transaction: the lot's lock goes with the decision, and the wait for the disk comes after it, when the
-- next bid is being decided. All who wait for the disk share one write; with the lock held each would have its own, one
-- after the other. Nobody hears an answer before what it rests on is on the disk, refusals included, and whoever shows the
-- bids of a lot waits alike (locking.py): a crash can only cut a tail nobody heard of.
CREATE OR REPLACE PROCEDURE place_bid_and_keep(
    the_lot bigint, the_registration bigint, the_key text, the_amount bigint, INOUT reply jsonb
)
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM require_durable_commits();
    IF the_registration IS NULL THEN  -- nothing is told that could be lost, and a bid of an agent who asks on waits for no disk
        reply := jsonb_build_object('accepted', false, 'reason', 'not_applicant');
        RETURN;
    END IF;
    SET LOCAL synchronous_commit = off;
    reply := queue_bid(the_lot, the_registration, the_key, the_amount);
    COMMIT;
    PERFORM keep_record();
END $$;

-- One bid from the floor of a hybrid lot, entered by the auctioneer: the same ladder, keys, obstacles and queue.
CREATE OR REPLACE FUNCTION place_floor_bid(the_lot bigint, the_registration bigint, the_key text, the_amount bigint)
RETURNS jsonb
LANGUAGE plpgsql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s'
SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    arrived timestamptz := clock_timestamp();
BEGIN
    PERFORM require_durable_commits();
    RETURN decide_bid(the_lot, the_registration, the_key, the_amount, 'floor', arrived, NULL);
END $$;

-- The web bids through place_bid_and_keep, place_bid and place_floor_bid alone, which stamp the time; where it has a role of
-- its own, it cannot decide.
REVOKE EXECUTE ON FUNCTION decide_bid(bigint, bigint, text, bigint, text, timestamptz, timestamptz) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION append_lot_event(
    bigint, text, text, text, bigint, timestamptz, timestamptz, jsonb) FROM PUBLIC;
REVOKE EXECUTE ON FUNCTION write_lot_event(
    bigint, text, integer, text, text, text, text, bigint, timestamptz, timestamptz, jsonb, bigint) FROM PUBLIC;
