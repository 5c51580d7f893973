"""After the contract: paid, put into production; the day, by whose word, and where it is shown."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.following_up import NotOnThatDay, UnknownStep
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot, SaleMilestone
from marketplace.auctions.report_paper import report_headings, report_rows
from marketplace.auctions.session_report import SessionReport
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from tests.factories.people import sign_in
from tests.marketplace.auctions.making import announced_lot, bidder, member, organisation, person
from tests.pdf_text import text_of

TODAY = timezone.localdate


def confirmed():
    """Return a lot that was sold and confirmed, its session over."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(days=3), lasts=timedelta(hours=1))
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    while actions.move_session_on(lot.session):
        lot.session.refresh_from_db()
    actions.confirm_sale(lot, by=person("organiser"))
    return again(lot)


def again(lot):
    return Lot.objects.select_related("outcome__owner", "session", "leader__organisation", "leader__agent").get(
        pk=lot.pk
    )


def contracted():
    lot = confirmed()
    actions.mark_contracted(lot, by=None)
    return again(lot)


@pytest.fixture(scope="module")
def lasting_lot(lasting):
    return contracted()


@pytest.fixture
def lot(lasting_lot, for_now):
    """Return a lot whose contract is signed."""
    return again(lasting_lot)


def said(lot, kind="paid", *, by=None, on=None, organisation=None):
    by = by or person("organiser")
    on = on or TODAY()
    return actions.note_milestone(lot, by=by, kind=kind, happened_on=on, organisation=organisation)


def test_the_report_shows_the_day_and_by_whose_word(client, lot):
    buyer, seller = lot.leader, lot.outcome.owner
    paid_on = TODAY() - timedelta(days=1)
    said(lot, "paid", by=member(seller, "publisher"), organisation=seller, on=paid_on)
    said(lot, "in_production", by=buyer.agent, organisation=buyer.organisation)
    sign_in(client, person("officer"))
    number = lot.session.number

    follow = SessionReport(lot.session).sold[0].follow_up
    page = client.get(reverse("session-report", args=[number])).content.decode()
    paper = text_of(client.get(reverse("report-pdf", args=[number])).content)
    row = dict(zip(map(str, report_headings()), report_rows(SessionReport(lot.session))[0], strict=True))

    assert (follow.paid.happened_on, follow.paid.said_for) == (paid_on, seller)
    assert (follow.in_production.happened_on, follow.in_production.said_by) == (TODAY(), buyer.agent)
    for text in (page, paper):
        assert "供方" in text
        assert "买受人" in text
        assert paid_on.isoformat() in text
        assert buyer.agent.name not in text
    assert (row["已付款"], row["已投产"]) == (paid_on, TODAY())


@pytest.mark.django_db
def test_nothing_is_said_before_the_contract_is_signed():
    lot = confirmed()

    with pytest.raises(WrongState):
        said(lot)

    assert not SaleMilestone.objects.exists()


@pytest.mark.parametrize("days", [-4, 1])
def test_the_day_lies_between_the_end_of_the_bidding_and_today(days, lot):
    with pytest.raises(NotOnThatDay):
        said(lot, on=TODAY() + timedelta(days=days))
    with pytest.raises(UnknownStep):
        said(lot, "celebrated")

    assert not SaleMilestone.objects.exists()


def test_a_later_word_replaces_the_earlier_and_the_journal_keeps_both(lot):
    said(lot, on=TODAY() - timedelta(days=2))

    said(lot, by=lot.leader.agent, organisation=lot.leader.organisation, on=TODAY() - timedelta(days=1))

    milestone = SaleMilestone.objects.get()
    assert (milestone.happened_on, milestone.said_by) == (TODAY() - timedelta(days=1), lot.leader.agent)
    days = [entry.data["happened_on"] for entry in Entry.objects.filter(kind="lot.milestone_noted").order_by("pk")]
    assert days == [(TODAY() - timedelta(days=2)).isoformat(), (TODAY() - timedelta(days=1)).isoformat()]


def test_strangers_finance_and_auditors_say_nothing(client, lot):
    firm = organisation()
    for user, house in [(member(firm, "bidder"), firm), (person("finance"), None), (person("auditor"), None)]:
        with pytest.raises(PermissionDenied):
            said(lot, by=user, organisation=house)
        sign_in(client, user)
        address = reverse("lot-milestone", args=[lot.number])
        assert client.post(address, {"kind": "paid", "happened_on": TODAY().isoformat()}).status_code == 403
        assert "milestones/" not in client.get(lot.get_absolute_url()).content.decode()

    assert not SaleMilestone.objects.exists()


@pytest.mark.parametrize("who", ["seller", "buyer", "organiser"])
def test_each_of_them_notes_it_on_the_page_of_the_lot(client, who, lot):
    user = {
        "seller": lambda: member(lot.outcome.owner, "publisher"),
        "buyer": lambda: lot.leader.agent,
        "organiser": lambda: person("organiser"),
    }[who]()
    house = {"seller": lot.outcome.owner, "buyer": lot.leader.organisation}.get(who)
    sign_in(client, user)
    address = reverse("lot-milestone", args=[lot.number])

    wrong = client.post(address, {"kind": "paid", "happened_on": "2020-01-01"})
    page = client.post(address, {"kind": "paid", "happened_on": TODAY().isoformat()}, follow=True)

    assert set(wrong.context["milestone_form"].errors) == {"happened_on"}
    milestone = SaleMilestone.objects.get()
    assert (milestone.said_by, milestone.said_for) == (user, house)
    assert f"由{milestone.word_of}登记" in page.content.decode()
