"""Before the close a sealed amount is readable nowhere, and nobody learns who has bid, or how many (invariant 12)."""

import copy
import json
import logging
import re
from base64 import b64encode
from datetime import timedelta

import pytest
import structlog
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions, drawing, sealed_box
from marketplace.auctions.frames import LANGUAGES
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot, SealedBid
from marketplace.auctions.saying_no import BidRefused
from marketplace.auctions.verifier import record_problems
from marketplace.core.journal import Entry
from marketplace.core.money import as_money, format_money, format_unrounded, format_wan, format_yuan, in_capitals
from marketplace.organisations.models import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.factories.people import sign_in
from tests.marketplace.auctions.calling import bearer, send
from tests.marketplace.auctions.making import announced_lot, bidder, end_now, member, organisation, person
from tests.marketplace.auctions.sealing import sealed, sealed_lot, withdrawn
from tests.marketplace.auctions.test_secrets import READERS, found, plain, public
from tests.standing_site import ensure_site

pytestmark = pytest.mark.long
AMOUNT, EARLIER, GONE, LOW = 1_737_373_753, 1_848_484_849, 1_959_595_957, 141_414_149  # fen, each told by its digits
STAFF = ["officer", "auditor", "organiser", "auctioneer", "finance"]


def words_of(fen):
    """Return the forms an amount may be read in: digits, 元, 万元, with and without separators, capitals."""
    forms = {str(fen), f"{fen:,}", format_yuan(fen), format_wan(fen), in_capitals(fen), f"{fen / 100:.2f}"}
    forms |= {
        form
        for language in LANGUAGES
        for form in (format_money(fen, language), format_unrounded(fen, language), as_money(fen, language)[0])
    }
    forms |= {f"{fen // 100}", f"{fen / WAN:.4f}"[:7], hex(fen)[2:], b64encode(str(fen).encode()).decode().rstrip("=")}
    return {re.sub(r"\s+", "", form) for form in forms}


SECRET = {word for fen in (AMOUNT, EARLIER, GONE, LOW) for word in words_of(fen)}


def test_the_words_looked_for_are_the_ones_an_amount_has():
    assert {"1737373753", "17,373,737.53", "17373737.53", "1,737.37"} <= words_of(AMOUNT)
    assert any("柒" in word for word in words_of(AMOUNT))
    assert all(len(word) >= 5 for word in SECRET), sorted(SECRET, key=len)[:3]


@pytest.fixture(scope="module")
def filled_room(lasting):
    return filled()


@pytest.fixture
def room(filled_room, for_now):
    """Return them for one test, which may change what it was given and what is in the tables."""
    return copy.deepcopy(filled_room)


def filled():
    """Return a running lot with a replaced, a withdrawn and a refused bid, and its bidders."""
    lot = sealed_lot(starts_at=timezone.now() - timedelta(minutes=1))
    first, second, third = bidder(lot), bidder(lot), bidder(lot)
    for number, one in enumerate((first, second, third)):  # numbers are drawn: one may have that of another
        type(one).objects.filter(pk=one.pk).update(alias=f"was {number}")
    # with letters: four digits alone stand in many a hash, and in fractions of a second
    for number, one in enumerate((first, second, third)):
        type(one).objects.filter(pk=one.pk).update(alias=f"771{number}ZQXW")
        one.refresh_from_db()
    sealed(first, EARLIER, "a")
    sealed(first, AMOUNT, "b")
    sealed(second, GONE, "a")
    withdrawn(second)
    with pytest.raises(BidRefused):
        sealed(third, LOW, "a")
    lot.refresh_from_db()
    return lot, first, second, third


def reader(who, lot, first, second):
    return {
        "visitor": lambda: None,
        "stranger": lambda: member(organisation(), "manager"),
        "seller": lambda: member(lot.outcome.owner, "publisher"),
        "bidder": lambda: first.agent,
        "other bidder": lambda: second.agent,
    }.get(who, lambda: person(who))()


@pytest.mark.parametrize("who", READERS)
def test_no_page_file_or_frame_tells_anybody(client, room, who):
    lot, first, second, _third = room
    user = reader(who, lot, first, second)
    if user is not None:
        sign_in(client, user)

    pages = public(client, lot)

    assert found(pages, SECRET) == set()
    own = {"bidder": {"7710ZQXW"}, "other bidder": {"7711ZQXW"}}.get(who, set())
    assert {word for _name, word in found(pages, ["7710ZQXW", "7711ZQXW", "7712ZQXW"])} <= own
    own_commitment = {bid.commitment for bid in SealedBid.objects.standing().filter(registration=first)}
    commitments = set(SealedBid.objects.exclude(commitment="").values_list("commitment", flat=True))
    assert {word for _name, word in found(pages, commitments)} == (own_commitment if who == "bidder" else set())
    frame = json.loads(client.get(reverse("lot-state", args=[lot.number])).content)
    assert (frame["seq"], frame["head"], frame["events"], frame["price"], frame["leader"]) == (0, "", [], None, "")
    assert lot.head_hash not in "".join(pages.values())


@pytest.mark.parametrize("who", STAFF)
def test_no_staff_page_tells(client, room, who):
    lot, first, _second, _third = room
    sign_in(client, person(who))
    names = [
        ("session-manage", lot.session.number),
        ("lot-manage", lot.number),
        ("lot-console", lot.number),
        ("lot-console-health", lot.number),
        ("registration-review", first.code),
        ("registration-detail", first.code),
        ("deposit-detail", first.deposit.code),
        ("deposit-list",),
        ("session-manage-list",),
        ("desk",),
    ]

    pages = {name: client.get(reverse(name, args=args)) for name, *args in names}

    shown = {name: plain(page) for name, page in pages.items() if page.status_code == 200}
    assert shown
    assert found(shown, SECRET | {"7710ZQXW", "7711ZQXW", lot.head_hash}) == set()


def test_the_admin_shows_neither_number_nor_fingerprint(client, room):
    lot, *_bidders = room
    ensure_site()
    set_up_groups()
    sign_in(client, people.staff(Role.OFFICER, is_staff=True))

    page = client.get(f"/admin/lots/inspect/{lot.pk}/")

    assert page.status_code == 200
    text = plain(page)
    assert found({"inspect": text}, SECRET | {lot.head_hash, "7710ZQXW"}) == set()
    assert f"{lot.seq}" not in re.findall(r"<dd[^>]*>\s*(\d+)\s*</dd>", page.content.decode())


def test_neither_frame_nor_etag_nor_record_moves_with_a_bid(client, room):
    lot, _first, _second, third = room
    state = reverse("lot-state", args=[lot.number])
    before = client.get(state).headers["ETag"], client.get(reverse("lot-record", args=[lot.number])).content

    sealed(third, 170 * WAN)

    after = client.get(state).headers["ETag"], client.get(reverse("lot-record", args=[lot.number])).content
    assert after == before
    assert record_problems([json.loads(line) for line in after[1].decode().splitlines()]) == []


def test_neither_hall_nor_console_nor_the_organisers_page_moves_with_a_bid(client, room):
    lot, _first, _second, third = room
    sign_in(client, person("auctioneer"))

    def shown():
        """Return what stands in the pages, without the tokens of forms and the time."""
        pages = [client.get(reverse(name, args=[lot.number])) for name in ("lot-hall", "lot-console", "lot-manage")]
        said = re.findall(r'(?:data-seq="|class="code">#)(\d+)', "".join(page.content.decode() for page in pages))
        return (
            said,
            [row["event"].seq for row in pages[1].context["rows"]],
            [page for page in pages if 'data-live="count"' in page.content.decode()],
            [page.context.get("quiet") for page in pages],
        )

    before = shown()
    sealed(third, 170 * WAN)

    assert shown() == before == (["0", "0", "0", "0"], [], [], [None, None, None])


def test_the_number_of_applicants_waits_for_the_close(client, room):
    lot, *_bidders = room
    address = reverse("session-detail", args=[lot.session.number])

    shown = client.get(address)
    assert shown.context["bidders"] == 0
    assert "尚未公布" in shown.content.decode()  # and not that nobody has applied
    gone = announced_lot(starts_at=timezone.now() + timedelta(days=7))
    actions.withdraw_lot(gone, by=person("organiser"), reason="供方撤回")
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # its terms are frozen: none moves a lot
        Lot.objects.filter(pk=gone.pk).update(session=lot.session, position=2)
        cursor.execute("SET LOCAL session_replication_role = origin")
    assert "尚未公布" in client.get(address).content.decode()  # a lot that left the sale has no applicants to show
    end_now(lot)
    actions.close_lot(lot)
    assert client.get(address).context["bidders"] == 3


def test_a_bidders_number_tells_nothing_about_how_many_there_are(for_now):
    lot = sealed_lot(starts_at=timezone.now())

    numbers = [int(bidder(lot).alias) for _place in range(6)]

    # of open bidding none would be above 32; that six of 9,999 are not happens once in 10^14 times
    assert max(numbers) > 32
    assert max(numbers) <= drawing.HIGHEST_NUMBER


def columns_that_hold_something():
    """Return (table, its columns that could hold an amount) for everything in the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, array_agg(column_name::text) FROM information_schema.columns"
            " WHERE table_schema = 'public' AND data_type NOT IN ('boolean', 'date') GROUP BY table_name"
        )
        return cursor.fetchall()


def hits(word):
    """Return where in the database a word stands: in text, numbers and JSON as they print, in bytes as they are."""
    found = []
    with connection.cursor() as cursor:
        for table, columns in columns_that_hold_something():
            holds = (
                f'count(*) FILTER (WHERE position(%(word)s in "{column}"::text) > 0'
                f" OR position(encode(%(bytes)s::bytea, 'hex') in \"{column}\"::text) > 0)"  # bytea prints as hex
                for column in columns
            )
            cursor.execute(f'SELECT {", ".join(holds)} FROM "{table}"', {"word": word, "bytes": word.encode()})
            found += [(table, column, word) for column, count in zip(columns, cursor.fetchone(), strict=True) if count]
    return found


def test_no_table_holds_an_amount_or_a_nonce(room):
    lot, first, _second, _third = room
    boxes = sealed_box.LotBoxes(lot.number, bytes(lot.sealed_key))
    nonces = {boxes.nonce_of(first.alias, AMOUNT, "b"), boxes.nonce_of(first.alias, EARLIER, "a")}
    raw = {fen.to_bytes(8).hex()[4:] for fen in (AMOUNT, EARLIER, GONE)}

    in_the_open = [
        hit for word in sorted({str(fen) for fen in (AMOUNT, EARLIER, GONE, LOW)} | nonces | raw) for hit in hits(word)
    ]
    in_words = [hit for word in (format_yuan(AMOUNT), in_capitals(AMOUNT), format_wan(AMOUNT)) for hit in hits(word)]

    assert in_the_open == in_words == []
    end_now(lot)
    actions.close_lot(lot)
    assert {(table, column) for table, column, _word in hits(str(AMOUNT))} >= {
        ("marketplace_lotevent", "amount"), ("marketplace_lot", "price")
    }  # fmt: skip  # the same look finds it once it is open
    assert {(table, column) for nonce in nonces for table, column, _word in hits(nonce)} == {
        ("marketplace_lotevent", "payload")
    }
    assert hits(str(EARLIER)) == hits(str(GONE)) == []  # what was replaced or withdrawn is never opened


def test_neither_cache_nor_session_holds_an_amount(client, room):
    lot, first, _second, third = room
    sign_in(client, first.agent)
    client.post(reverse("place-bid", args=[lot.number]), {"amount": f"{EARLIER / WAN}", "key": "p"})
    client.post(reverse("place-bid", args=[lot.number]), {"amount": f"{LOW / WAN}", "key": "q", "sure": "1"})
    send(lot, LOW, headers=bearer(third))

    values = [f"{name} {value!r}" for name, value in caches["default"]._cache.items()]

    assert values
    assert [word for word in SECRET for value in values if word in value] == []
    session = json.dumps(dict(client.session), default=str)
    assert [word for word in SECRET if word in session] == []


def test_logs_and_errors_hold_no_amount(client, room, monkeypatch, caplog):
    lot, first, second, third = room
    caplog.set_level(logging.DEBUG)
    sign_in(client, third.agent)
    client.raise_request_exception = False
    answers = []
    with structlog.testing.capture_logs() as logs, connection.execute_wrapper(_fails_on_sealed_bids):
        answers.append(
            client.post(reverse("place-bid", args=[lot.number]), {"amount": f"{AMOUNT / WAN}", "key": "x", "sure": "1"})
        )
        answers.append(send(lot, AMOUNT, headers=bearer(second)))
    with monkeypatch.context() as broken:
        broken.setattr(sealed_box, "lot_key", _cannot_unwrap)
        answers.append(
            client.post(reverse("place-bid", args=[lot.number]), {"amount": f"{AMOUNT / WAN}", "key": "y", "sure": "1"})
        )
        answers.append(send(lot, AMOUNT, headers=bearer(first)))
        end_now(lot)
        assert not actions.close_lot(lot)

    assert [answer.status_code for answer in answers] == [500, 500, 503, 503]
    assert answers[3].headers["Retry-After"] == "1"
    told = caplog.text + repr(logs) + "".join(answers[place].content.decode() for place in (1, 3))
    told += plain(answers[0])
    assert [word for word in SECRET if word in re.sub(r"\s+", "", told)] == []


def _fails_on_sealed_bids(execute, sql, params, many, context):
    if "place_sealed_bid" in sql:
        assert [word for word in SECRET if word in repr(params)] == []
        raise RuntimeError(f"the database went away during {sql} {params}")
    return execute(sql, params, many, context)


def _cannot_unwrap(_number, _wrapped):
    raise sealed_box.InvalidTag()


def test_the_database_is_told_no_amount(room):
    _lot, _first, _second, third = room
    seen = []

    def watch(execute, sql, params, many, context):
        seen.append(f"{sql} {params!r}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        sealed(third, AMOUNT, "t")
        sealed(third, EARLIER, "u")
        withdrawn(third, "v")

    assert seen
    assert [word for word in SECRET for said in seen if word in said] == []


def test_another_bidders_question_and_refusal_name_only_what_it_typed(client, room):
    lot, _first, _second, third = room
    sign_in(client, third.agent)

    asked = client.post(reverse("place-bid", args=[lot.number]), {"amount": "170", "key": "x"})
    low = client.post(reverse("place-bid", args=[lot.number]), {"amount": "159", "key": "y", "sure": "1"})
    program = [
        send(lot, 159 * WAN, headers=bearer(third)),
        send(lot, 170 * WAN, headers=bearer(third), confirmed=False),
    ]

    told = {str(place): plain(answer) for place, answer in enumerate([asked, low, *program])}
    assert found(told, SECRET | {"7710ZQXW", "7711ZQXW"}) == set()
    assert "seq" not in program[0].json()


def test_the_journal_of_a_sealed_lot_names_no_amount_and_no_bid(room):
    lot, *_bidders = room
    told = json.dumps(list(Entry.objects.values_list("kind", "data")), ensure_ascii=False)

    assert [word for word in SECRET if word in told] == []
    assert "sealed" not in told
    call_command("check_auctions")
    assert Lot.objects.get(pk=lot.pk).price is None
