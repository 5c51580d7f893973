"""Amendments of an announcement: before the bidding only, frozen, chained, told to whom they concern."""

import hashlib
import json
import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InternalError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.amending import (
    BiddingBegan,
    NotAnnounced,
    NothingNew,
    RegistrationShortened,
    SummaryMissing,
    announcement_problems,
)
from marketplace.auctions.documents import ASKED_ALWAYS
from marketplace.auctions.invariants import all_problems, lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AnnouncementAmendment, AuctionSession
from marketplace.auctions.planning import RegistrationInThePast, RegistrationTooLong
from marketplace.auctions.reasons import ReasonMissing
from marketplace.auctions.viewing import ViewingBegunBefore, ViewingOver, ViewingTooShort
from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person, planned
from tests.marketplace.auctions.test_announcement import licensed, soon
from tests.pdf_text import text_of

pytestmark = pytest.mark.django_db


def amend(session, **facts):
    said = {"by": person("organiser"), "summary": "会场改到三楼", "reason": "原会场检修", "venue": "三楼"} | facts
    return actions.amend_announcement(AuctionSession.objects.get(pk=session.pk), **said)


def announced(**facts):
    """Return an announced session whose bidding begins in ten days, its registration ending a day before."""
    lot = announced_lot(starts_at=soon(), **facts)
    earlier = lot.session.starts_at - timedelta(days=1)
    AuctionSession.objects.filter(pk=lot.session_id).update(registration_closes_at=earlier)
    return AuctionSession.objects.get(pk=lot.session_id)


def test_an_amendment_is_frozen_beside_the_announcement():
    session = announced(venue="二楼")
    frozen, fingerprint = session.announcement, session.announcement_hash

    first = amend(session, venue="三楼")
    second = amend(session, summary="另须提交资信证明", bidder_conditions="提交资信证明")

    session.refresh_from_db()
    assert (session.venue, session.bidder_conditions) == ("三楼", "提交资信证明")
    assert (session.announcement, session.announcement_hash) == (frozen, fingerprint)
    assert first.content["changes"] == {"venue": {"was": "二楼", "now": "三楼"}}
    assert (first.prev_hash, second.prev_hash) == (fingerprint, first.hash)
    assert announcement_problems(session) == []
    assert Entry.objects.about(session).filter(kind=Kind.SESSION_AMENDED).count() == 2


def test_lots_keep_their_announcement_and_their_record():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=9))
    amend(lot.session, venue="三楼")
    own = bidder(lot, at=timezone.now())
    actions.decide_bid(lot, own, amount=160 * WAN, key="a", arrived_at=lot.starts_at)

    lot.refresh_from_db()
    assert lot.events.get(seq=1).prev_hash == lot.session.announcement_hash
    assert lot_problems(lot) == []
    assert all_problems() == []


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({"summary": " \n"}, SummaryMissing),
        ({"summary": "长" * 2001}, SummaryMissing),
        ({"reason": ""}, ReasonMissing),
        ({"registration_closes_at": -timedelta(hours=1)}, RegistrationShortened),
        ({"registration_closes_at": timedelta(days=2)}, RegistrationTooLong),
    ],
)
def test_what_cannot_be_published_is_refused(facts, refusal):
    session = announced()
    if isinstance(moved := facts.get("registration_closes_at"), timedelta):
        facts = {"registration_closes_at": session.registration_closes_at + moved}

    with pytest.raises(refusal):
        amend(session, **facts)

    assert not AnnouncementAmendment.objects.exists()
    assert AuctionSession.objects.get(pk=session.pk).registration_closes_at == session.registration_closes_at


def test_a_registration_that_is_over_is_opened_again_for_the_future_only():
    session = announced()
    over = session.registration_closes_at

    with clock.moved_to(over + timedelta(hours=3)):
        with pytest.raises(RegistrationInThePast):
            amend(session, registration_closes_at=over + timedelta(hours=1))
        amend(session, registration_closes_at=over + timedelta(hours=5))

    session.refresh_from_db()
    assert session.registration_closes_at == over + timedelta(hours=5)


def test_the_same_amendment_sent_twice_is_published_once():
    session = announced()
    amend(session, venue="三楼")

    with pytest.raises(NothingNew):
        amend(session, venue="三楼")

    assert session.amendments.count() == 1


def test_words_that_change_nothing_are_not_published():
    session = announced(venue="三楼")

    with pytest.raises(NothingNew):
        amend(session, venue="三楼", summary="其他事项不变")

    assert not session.amendments.exists()


@pytest.mark.parametrize(
    ("first", "last", "refusal"), [(-9, -8, ViewingOver), (-1, 2, ViewingBegunBefore), (0, 2, None)]
)
def test_days_that_are_over_are_not_announced(first, last, refusal):
    session, today = announced(), clock.today()
    days = {"viewing_from": today + timedelta(days=first), "viewing_until": today + timedelta(days=last)}

    if refusal is None:
        amend(session, **days)
    else:
        with pytest.raises(refusal):
            amend(session, **days)

    assert session.amendments.count() == (refusal is None)


def test_viewing_that_has_begun_is_prolonged():
    session = announced()
    today = clock.today()
    amend(session, viewing_from=today, viewing_until=today + timedelta(days=2))

    with clock.moved_to(timezone.now() + timedelta(days=1)):
        amend(session, viewing_until=today + timedelta(days=4))

    session.refresh_from_db()
    assert (session.viewing_from, session.viewing_until) == (today, today + timedelta(days=4))


def test_viewing_of_an_auction_keeps_its_two_days():
    session = announced(**licensed())

    with pytest.raises(ViewingTooShort):
        amend(session, viewing_until=session.viewing_from)

    session.refresh_from_db()
    assert session.viewing_until > session.viewing_from


def test_prices_and_times_of_bidding_are_not_amended():
    session = announced()
    starts_at = session.starts_at

    amend(session, starts_at=starts_at + timedelta(days=5), deposit_percent=20)

    session.refresh_from_db()
    assert (session.starts_at, session.deposit_percent) == (starts_at, 10)
    assert set(session.amendments.get().content["changes"]) == {"venue"}


def test_before_the_announcement_the_plan_is_changed_instead():
    session = planned()

    with pytest.raises(NotAnnounced):
        amend(session)


def test_at_the_beginning_of_the_bidding_it_is_too_late():
    session = announced()

    with clock.moved_to(session.starts_at - timedelta(microseconds=1)):
        amend(session)
    with (
        clock.moved_to(session.starts_at),
        pytest.raises(BiddingBegan, match=f"{timezone.localtime(session.starts_at):%H:%M}"),
    ):
        amend(session, summary="太晚")

    assert session.amendments.count() == 1


def test_a_cancelled_session_is_not_amended():
    session = announced()
    actions.cancel_session(session, by=person("organiser"), reason="取消")

    with pytest.raises(WrongState):
        amend(session)


@pytest.mark.parametrize("role", ["auctioneer", "finance", "officer", "auditor", None])
def test_only_organisers_amend(role):
    session = announced()

    with pytest.raises(PermissionDenied):
        amend(session, by=person(role) if role else person())

    assert not session.amendments.exists()


def test_a_longer_registration_is_longer_for_everybody():
    session = announced()
    lot = session.lots.get()
    firm = organisation()
    registration = actions.apply_for_lot(lot, by=member(firm, "bidder"), organisation=firm, declared=True)
    actions.admit_bidder(registration, by=person("organiser"), missing=ASKED_ALWAYS)

    amend(session, registration_closes_at=session.starts_at)
    with clock.moved_to(session.starts_at - timedelta(hours=2)):
        late = organisation()
        actions.apply_for_lot(
            lot.__class__.objects.get(pk=lot.pk), by=member(late, "bidder"), organisation=late, declared=True
        )

    registration.deposit.refresh_from_db()
    assert registration.deposit.due_at == session.starts_at


def test_a_changed_row_is_found():
    session = announced()
    amend(session, venue="三楼")
    amend(session, summary="又及", venue="四楼")

    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        content = json.dumps(session.amendments.get(position=1).content | {"summary": "会场改到四楼"})
        cursor.execute("UPDATE marketplace_announcementamendment SET content = %s WHERE position = 1", [content])
        cursor.execute("SET LOCAL session_replication_role = origin")

    assert announcement_problems(session) == [
        f"{session.number} amendment 1: its content does not give its fingerprint"
    ]
    assert announcement_problems(session)[0] in all_problems()


def test_the_database_refuses_to_change_an_amendment():
    amendment = amend(announced())

    for statement in (
        "UPDATE marketplace_announcementamendment SET hash = 'x'",
        "DELETE FROM marketplace_announcementamendment",
    ):
        with pytest.raises((InternalError, IntegrityError)), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)

    amendment.refresh_from_db()


def test_pages_and_papers_show_it(client):
    session = announced(venue="二楼")
    amendment = amend(session, venue="#三楼*")
    lot = session.lots.get()

    announcement = client.get(session.announcement_url).content.decode()
    pdf = text_of(client.get(reverse("announcement-pdf", args=[session.number])).content)
    lines = client.get(reverse("announcement-file", args=[session.number])).content.decode().splitlines()

    assert 'id="amendment-1"' in announcement
    for said in ("会场改到三楼", "原会场检修", "#三楼*", "二楼", amendment.hash):
        assert said in announcement
        assert said in pdf
    assert hashlib.sha256(lines[1].encode()).hexdigest() == amendment.hash
    for page in (lot.get_absolute_url(), session.get_absolute_url()):
        assert f"{session.announcement_url}#amendment-1" in client.get(page).content.decode()


def typed(session, **facts):
    return {
        "summary": "会场改到三楼",
        "reason": "原会场检修",
        "venue": "三楼",
        "registration_closes_at": f"{timezone.localtime(session.registration_closes_at):%Y-%m-%dT%H:%M}",
    } | facts


def test_an_organiser_amends_from_the_page(client):
    session = announced(venue="二楼", introduction="第一行\n第二行")
    sign_in(client, person("organiser"))
    address = reverse("session-amend", args=[session.number])

    assert "二楼" in client.get(address).content.decode()
    answer = client.post(address, typed(session, introduction="第一行\r\n第二行"))

    assert answer["Location"] == session.announcement_url
    assert set(session.amendments.get().content["changes"]) == {"venue"}


def test_an_unchanged_form_is_refused_above_it_and_keeps_what_was_typed(client):
    session = announced(venue="三楼")
    sign_in(client, person("organiser"))

    page = client.post(reverse("session-amend", args=[session.number]), typed(session))

    assert page.context["form"].non_field_errors() == [str(NothingNew())]
    assert "原会场检修" in page.content.decode()
    assert not session.amendments.exists()


def test_the_question_before_publishing_says_who_is_told(client):
    session = announced()
    sign_in(client, person("organiser"))

    page = client.get(reverse("session-amend", args=[session.number])).content.decode()

    assert 'data-dialog="publish-amendment"' in page
    on_page, _tag, in_question = page.partition('<dialog id="publish-amendment"')
    assert "各拍品供方和已报名的竞买人会收到" in in_question
    assert "各拍品供方和已报名的竞买人会收到" in on_page  # for who has no script


def test_the_days_of_viewing_stand_first_to_last_then_the_place(client):
    session, today = announced(), clock.today()
    amend(session, viewing_from=today, viewing_until=today + timedelta(days=2), viewing_place="四楼")

    page = client.get(session.announcement_url).content.decode()
    said = page.partition('id="amendment-1"')[2]

    assert said.index("展示开始") < said.index("展示结束") < said.index("展示地点")


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"summary": ""}, "summary"),
        ({"reason": ""}, "reason"),
        ({"reason": "长" * 301}, "reason"),
        ({"registration_closes_at": ""}, "registration_closes_at"),
        ({"registration_closes_at": "下周"}, "registration_closes_at"),
        ({"registration_closes_at": "2020-01-01T09:00"}, "registration_closes_at"),
        ({"registration_closes_at": "2999-01-01T09:00"}, "registration_closes_at"),
        ({"viewing_from": "2026-13-01"}, "viewing_from"),
        ({"viewing_from": "2026-01-02"}, "viewing_until"),
        ({"viewing_from": "2026-01-02", "viewing_until": "2026-01-01"}, "viewing_until"),
        ({"viewing_from": "2026-01-02", "viewing_until": "2999-01-01"}, "viewing_until"),
        ({"venue": "长" * 121}, "venue"),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(client, facts, field):
    session = announced()
    sign_in(client, person("organiser"))

    page = client.post(reverse("session-amend", args=[session.number]), typed(session, **facts))

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {field}
    assert page.context["form"]["venue"].value() == typed(session, **facts)["venue"]
    assert not session.amendments.exists()


def test_the_page_says_why_it_is_too_late(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=5))
    sign_in(client, person("organiser"))
    address = reverse("session-amend", args=[lot.session.number])

    before = client.get(address).content.decode()
    answer = client.post(address, typed(lot.session))

    assert "竞价已于" in before
    assert answer.context["form"].non_field_errors()
    assert not lot.session.amendments.exists()


@pytest.mark.django_db(transaction=True)
def test_amendments_sent_at_once_are_numbered_one_after_the_other():
    session = announced()
    organisers = [person("organiser") for _number in range(4)]
    ready = threading.Barrier(4)

    def publish(number):
        try:
            ready.wait()
            amend(session, by=organisers[number], summary=f"修改之{number}", venue=f"{number} 楼")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=publish, args=[number]) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert list(session.amendments.values_list("position", flat=True)) == [1, 2, 3, 4]
    assert announcement_problems(session) == []
    last = session.amendments.get(position=4)
    assert AuctionSession.objects.get(pk=session.pk).venue == last.content["changes"]["venue"]["now"]
