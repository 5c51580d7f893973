"""The organiser's forms: what is wrong stands beside its field, and what was typed stays."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.planning import NoAuction, NotAnAuctionCompany
from marketplace.auctions.viewing import ViewingTooShort
from marketplace.core import clock
from marketplace.core.refusals import WrongState
from marketplace.notices.models import Notice
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import (
    announced_lot,
    bidder,
    drafted,
    member,
    organisation,
    outcome,
    person,
    planned,
)
from tests.tasks.conftest import commit  # noqa: F401  # what follows from an action is carried out at once

pytestmark = pytest.mark.django_db


def local(days):
    return f"{timezone.localtime() + timedelta(days=days):%Y-%m-%dT%H:%M}"


def day(days):
    return f"{timezone.localdate() + timedelta(days=days):%Y-%m-%d}"


def typed(**facts):
    """Return what an organiser types to plan a session in twenty days."""
    organiser = organisation("government")
    return {
        "title": "秋季专场",
        "organiser": organiser.pk,
        "legal_form": "open_bidding",
        "registration_closes_at": local(18),
        "starts_at": local(20),
        "deposit_percent": "10",
        "deposit_scope": "lot",
        "sells_to_single_bidder": "on",
    } | facts


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"title": ""}, {"title"}),
        (
            {"starts_at": local(-1), "registration_closes_at": local(-2), "deposit_percent": "150"},
            {"starts_at", "registration_closes_at", "deposit_percent"},
        ),
        ({"registration_closes_at": local(-2)}, {"registration_closes_at"}),
        ({"registration_closes_at": local(21)}, {"registration_closes_at"}),
        ({"starts_at": "下周三"}, {"starts_at"}),
        ({"starts_at": "0001-01-01T00:00"}, {"starts_at"}),
        ({"deposit_percent": "50"}, {"deposit_percent"}),
        ({"deposit_percent": "4"}, {"deposit_percent"}),
        (
            {"legal_form": "licensed_auction"},
            {"auction_company", "company_licence", "auctioneer_name", "auctioneer_licence", "viewing_from"},
        ),
        ({"company_licence": "33-2026-001"}, {"company_licence"}),
        ({"viewing_from": day(15)}, {"viewing_until"}),
        ({"viewing_from": day(15), "viewing_until": day(14)}, {"viewing_until"}),
        ({"viewing_from": day(15), "viewing_until": day(21)}, {"viewing_until"}),
        ({"viewing_from": "明天"}, {"viewing_from"}),
        ({"viewing_place": "长" * 201}, {"viewing_place"}),
        ({"bidder_conditions": "长" * 2001}, {"bidder_conditions"}),
        ({"organiser": "0"}, {"organiser"}),
    ],
)
def test_a_session_that_cannot_be_planned_so(client, facts, fields):
    sign_in(client, person("organiser"))

    page = client.post(reverse("session-plan"), typed(**facts))

    assert page.status_code == 200
    assert set(page.context["form"].errors) == fields
    assert page.context["form"]["legal_form"].value() == typed(**facts)["legal_form"]
    assert not AuctionSession.objects.exists()


def auction(**facts):
    """Return what an organiser types to plan an auction by a licensed company."""
    return typed(
        **{
            "legal_form": "licensed_auction",
            "auction_company": organisation("auction_company").pk,
            "company_licence": "33-2026-001",
            "auctioneer_name": "陈样例",
            "auctioneer_licence": "PM-0042",
            "viewing_from": day(15),
            "viewing_until": day(17),
            "viewing_place": "展示中心二楼",
        }
        | facts
    )


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"auction_company": ""}, "auction_company"),
        ({"auction_company": "enterprise"}, "auction_company"),
        ({"auction_company": "unverified"}, "auction_company"),
        ({"company_licence": ""}, "company_licence"),
        ({"company_licence": "3" * 41}, "company_licence"),
        ({"auctioneer_name": " "}, "auctioneer_name"),
        ({"auctioneer_licence": ""}, "auctioneer_licence"),
        ({"viewing_from": "", "viewing_until": ""}, "viewing_from"),
        ({"viewing_until": day(15)}, "viewing_until"),
        ({"viewing_from": day(-3), "viewing_until": day(0)}, "viewing_until"),
    ],
)
def test_an_auction_that_lacks_what_the_law_asks_is_refused_beside_it(client, facts, field):
    given = auction(**facts)
    if given["auction_company"] == "enterprise":
        given["auction_company"] = organisation("enterprise").pk
    if given["auction_company"] == "unverified":
        given["auction_company"] = organisation("auction_company", state="pending").pk
    sign_in(client, person("organiser"))

    page = client.post(reverse("session-plan"), given)

    assert page.status_code == 200
    assert set(page.context["form"].errors) == {field}
    assert page.context["form"]["legal_form"].value() == "licensed_auction"
    assert not AuctionSession.objects.exists()


def test_an_auction_is_planned_moved_with_its_viewing_and_announced(client):
    sign_in(client, person("organiser"))
    client.post(reverse("session-plan"), auction())
    session = AuctionSession.objects.get()
    lot = drafted(session)
    actions.submit_lot(lot, by=member(lot.outcome.owner, "publisher"), organisation=lot.outcome.owner)
    actions.approve_lot(lot, by=person("organiser"))

    client.post(
        reverse("session-move", args=[session.number, "move"]),
        {"starts_at": local(24), "registration_closes_at": local(22)},
    )
    asked = client.get(reverse("session-manage", args=[session.number])).content.decode()
    client.post(reverse("session-move", args=[session.number, "announce"]))

    session.refresh_from_db()
    lot.refresh_from_db()
    first, last = (f"{timezone.localtime(at):%H:%M}" for at in (lot.starts_at, lot.ends_at))
    assert re.search(f"拍品 1 件，竞价 .*{first}.* 至 .*{last}", asked)
    assert session.state == "registration"
    assert session.announcement["viewing"] == {"from": day(19), "until": day(21), "place": "展示中心二楼"}
    assert session.announcement["auction_company"]["licence"] == "33-2026-001"


@pytest.mark.parametrize(
    ("kind", "state", "refusal"),
    [
        ("enterprise", "verified", NotAnAuctionCompany),
        ("auction_company", "suspended", NotAnAuctionCompany),
    ],
)
def test_the_action_too_takes_only_a_verified_auction_company(kind, state, refusal):
    first = timezone.localdate() + timedelta(days=12)
    facts = {
        "legal_form": "licensed_auction",
        "auction_company": organisation(kind, state=state),
        "company_licence": "33",
        "auctioneer_name": "陈",
        "auctioneer_licence": "PM",
        "viewing_from": first,
        "viewing_until": first + timedelta(days=1),
    }

    with pytest.raises(refusal):
        planned(**facts)

    assert not AuctionSession.objects.exists()


def test_open_bidding_has_no_auctioneer():
    with pytest.raises(NoAuction):
        planned(auctioneer_name="陈样例")

    assert not AuctionSession.objects.exists()


def test_an_auction_whose_viewing_has_passed_is_not_announced(client):
    first = timezone.localdate() + timedelta(days=1)
    session = planned(
        legal_form="licensed_auction",
        auction_company=organisation("auction_company"),
        company_licence="33",
        auctioneer_name="陈",
        auctioneer_licence="PM",
        viewing_from=first,
        viewing_until=first + timedelta(days=1),
    )
    lot = drafted(session)
    actions.submit_lot(lot, by=member(lot.outcome.owner, "publisher"), organisation=lot.outcome.owner)
    actions.approve_lot(lot, by=person("organiser"))
    session.refresh_from_db()

    with clock.moved_to(timezone.now() + timedelta(days=2)), pytest.raises(ViewingTooShort):
        actions.announce_session(session, by=person("organiser"))

    session.refresh_from_db()
    assert session.announced_at is None


def test_a_session_is_planned(client):
    sign_in(client, person("organiser"))

    client.post(reverse("session-plan"), typed())

    assert AuctionSession.objects.get().state == "planning"


@pytest.mark.parametrize(
    ("facts", "fields"),
    [
        ({"start_price": "一百万"}, {"start_price"}),
        ({"start_price": "0"}, {"start_price"}),
        ({"starts_at": local(19)}, {"starts_at"}),
        ({"ends_at": local(20)}, {"ends_at"}),
        ({"object_of_sale": ""}, {"object_of_sale"}),
        ({"outcome": "reserved"}, {"outcome"}),
        ({"format": ""}, {"format"}),
        ({"format": "dutch"}, {"format"}),
    ],
)
def test_a_lot_that_cannot_be_added_so(client, facts, fields):
    session, offered = planned(), outcome()
    starts = timezone.localtime(session.starts_at) + timedelta(minutes=1)
    given = {
        "outcome": offered.pk,
        "mode": "assignment",
        "format": "sealed",
        "object_of_sale": "发明专利转让",
        "start_price": "120",
        "starts_at": f"{starts:%Y-%m-%dT%H:%M}",
        "ends_at": f"{starts + timedelta(hours=1):%Y-%m-%dT%H:%M}",
    } | facts
    if given["outcome"] == "reserved":
        given["outcome"] = outcome(state="reserved").pk
    sign_in(client, person("organiser"))

    page = client.post(reverse("lot-add", args=[session.number]), given)

    assert page.status_code == 200
    assert set(page.context["form"].errors) == fields
    assert page.context["form"]["mode"].value() == "assignment"
    assert not Lot.objects.exists()


def test_a_late_announcement_is_refused_beside_the_time_and_the_session_is_moved(client):
    session = planned()
    lot = drafted(session)
    actions.submit_lot(lot, by=member(lot.outcome.owner, "publisher"), organisation=lot.outcome.owner)
    actions.approve_lot(lot, by=person("organiser"))
    soon = timezone.now() + timedelta(days=3)
    AuctionSession.objects.filter(pk=session.pk).update(starts_at=soon, registration_closes_at=soon)
    Lot.objects.filter(pk=lot.pk).update(starts_at=soon, ends_at=soon + timedelta(hours=2))
    sign_in(client, person("organiser"))

    page = client.post(reverse("session-move", args=[session.number, "announce"]))
    assert "starts_at" in page.context["forms"]["times"].errors
    assert "7" in page.content.decode()
    wrong = {"starts_at": local(-3), "registration_closes_at": local(9)}
    page = client.post(reverse("session-move", args=[session.number, "move"]), wrong)
    assert "starts_at" in page.context["forms"]["times"].errors
    later = {"starts_at": local(10), "registration_closes_at": local(9)}
    client.post(reverse("session-move", args=[session.number, "move"]), later)
    lot.refresh_from_db()
    assert f"{timezone.localtime(lot.starts_at):%Y-%m-%dT%H:%M}" == later["starts_at"]
    assert lot.ends_at - lot.starts_at == timedelta(hours=2)
    page = client.get(reverse("session-manage", args=[session.number])).content.decode()
    assert 'data-dialog="announce"' in page
    assert '<dialog id="announce"' in page  # asked first: the terms do not change afterwards
    client.post(reverse("session-move", args=[session.number, "announce"]))

    session.refresh_from_db()
    assert session.state == "registration"


def test_an_announced_session_keeps_its_time():
    lot = announced_lot(starts_at=timezone.now() + timedelta(days=1))
    later = timezone.now() + timedelta(days=30)

    with pytest.raises(WrongState):
        actions.move_session(lot.session, by=person("organiser"), starts_at=later, registration_closes_at=later)

    lot.refresh_from_db()
    assert lot.starts_at < later


def test_a_session_without_a_reviewed_lot_says_what_is_missing(client):
    session = planned()
    drafted(session)
    sign_in(client, person("organiser"))

    page = client.post(reverse("session-move", args=[session.number, "announce"]))

    assert page.context["forms"]["times"].non_field_errors()
    session.refresh_from_db()
    assert session.announced_at is None


@pytest.mark.parametrize("reserve", ["99", "很多", "0"])
def test_a_reserve_that_cannot_be_is_refused_beside_it_and_kept(client, reserve):
    lot = drafted(planned())
    sign_in(client, member(lot.outcome.owner, "publisher"))

    page = client.post(reverse("lot-move", args=[lot.number, "submit"]), {"reserve": reserve})

    assert set(page.context["forms"]["submit"].errors) == {"reserve"}
    assert f'value="{reserve}"' in page.content.decode()
    lot.refresh_from_db()
    assert (lot.state, lot.has_reserve) == ("draft", False)


def test_publishers_of_another_institute_do_not_find_the_lot(client):
    lot = drafted(planned())
    sign_in(client, member(organisation("institute"), "publisher"))

    assert client.get(reverse("lot-manage", args=[lot.number])).status_code == 404
    assert client.post(reverse("lot-move", args=[lot.number, "submit"])).status_code == 404


@pytest.mark.parametrize("verb", ["withdraw", "return"])
def test_a_reason_that_is_missing_or_too_long_is_asked_for_beside_it(client, verb):
    lot = drafted(planned())
    actions.submit_lot(lot, by=member(lot.outcome.owner, "publisher"), organisation=lot.outcome.owner)
    sign_in(client, person("organiser"))

    for reason in ["", "长" * 301]:
        page = client.post(reverse("lot-move", args=[lot.number, verb]), {"reason": reason})
        assert set(page.context["forms"][verb].errors) == {"reason"}
        assert reason in page.content.decode()

    lot.refresh_from_db()
    assert lot.state == "review"


def test_the_organiser_declares_a_default_of_a_confirmed_sale(client):
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    actions.confirm_sale(lot, by=person("organiser"))
    sign_in(client, person("organiser"))
    address = reverse("lot-move", args=[lot.number, "default"])

    assert address in client.get(reverse("lot-manage", args=[lot.number])).content.decode()
    client.post(address, {"ground": "refused", "reason": "书面表示不签约"})

    lot.refresh_from_db()
    assert lot.state == "defaulted"


def test_a_session_is_cancelled_only_by_who_says_so_twice(client):
    session = planned()
    sign_in(client, person("organiser"))
    address = reverse("session-move", args=[session.number, "cancel"])

    page = client.post(address, {"reason": "场地不可用"})

    assert set(page.context["forms"]["cancel"].errors) == {"sure"}
    assert "场地不可用" in page.content.decode()
    session.refresh_from_db()
    assert session.state != "cancelled"
    client.post(address, {"reason": "场地不可用", "sure": "on"})
    session.refresh_from_db()
    assert (session.state, session.cancellation_reason) == ("cancelled", "场地不可用")


def test_the_seller_says_no_and_the_organiser_reads_why(client, commit):  # noqa: F811
    lot, organiser = drafted(planned()), person("organiser")
    publisher, address = member(lot.outcome.owner, "publisher"), reverse("lot-move", args=[lot.number, "decline"])
    manage = reverse("lot-manage", args=[lot.number])
    sign_in(client, publisher)

    nothing = client.post(address, {"reason": " "})
    commit(lambda: client.post(address, {"reason": "起拍价过低，应不低于评估价"}))
    sign_in(client, organiser)
    told = client.get(manage).content.decode()
    refused = client.post(address, {"reason": "代为拒绝"})

    assert set(nothing.context["forms"]["decline"].errors) == {"reason"}
    assert "供方不同意这些条件：" in told
    assert "应不低于评估价" in told
    assert refused.status_code == 403
    assert Notice.objects.filter(kind="lot.declined", user=organiser).count() == 1
    lot.refresh_from_db()
    assert lot.state == "draft"
    actions.submit_lot(lot, by=publisher, organisation=lot.outcome.owner)
    assert "供方不同意这些条件" not in client.get(manage).content.decode()


def test_no_is_said_of_a_draft_only(client):
    lot = drafted(planned())
    publisher = member(lot.outcome.owner, "publisher")
    actions.submit_lot(lot, by=publisher, organisation=lot.outcome.owner)

    with pytest.raises(WrongState):
        actions.decline_lot(lot, by=publisher, organisation=lot.outcome.owner, reason="反悔")
