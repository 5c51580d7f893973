"""By when a sale is signed and paid: counted as announced, said on the page of the lot, and on the desks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.days_of_sale import LastDay, last_day
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.session_report import SessionReport
from marketplace.contracts.actions import submit_contract
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.contracts.models import TechnologyContract
from marketplace.core import clock
from marketplace.core.working_days import add_working_days
from marketplace.deals.models import Deal
from marketplace.publicity.actions import answer_objection, make_objection
from marketplace.publicity.models import Publicity
from marketplace.publicity.taking_back import take_back_letter
from tests.factories.people import join, sign_in
from tests.marketplace.auctions.making import member, person
from tests.marketplace.auctions.test_milestones import again, confirmed, said
from tests.marketplace.contracts.factories import number_of
from tests.marketplace.contracts.test_from_deal import complete
from tests.marketplace.publicity.writing import entered

pytestmark = pytest.mark.usefixtures("for_now")

DAYS = {"signing_days": 3, "payment_days": 20}


def sold(**days):
    """Return a confirmed lot whose session has announced these days."""
    lot = confirmed()
    AuctionSession.objects.filter(pk=lot.session_id).update(**(days or DAYS))
    return again(lot)


def contracted(*, signed_on=None, **days):
    """Return a lot whose contract was signed today."""
    lot = sold(**days)
    deal = Deal.objects.get(lot_number=lot.number)
    by = member(deal.seller, "manager")
    contract = draft_contract_from_deal(deal, by=by, organisation=deal.seller)
    complete(contract, by, signed_on=signed_on or clock.today())
    submit_contract(contract, by=by)
    actions.mark_contracted(lot, by=None)
    return again(lot)


def in_publicity():
    """Return a lot whose result is in publicity for five working days, and its term."""
    with override_settings(AUCTION_PUBLICITY_DAYS=5):
        lot = sold()
    return lot, Publicity.objects.of(lot).get()


SHARED = (sold, contracted, in_publicity)


@pytest.fixture
def publicised(settings, ready):
    settings.AUCTION_PUBLICITY_DAYS = 5
    return ready(in_publicity)


def late(lot):
    """Return an instant after the day by which this lot is to be signed or paid."""
    return timezone.now() + (last_day(lot).day - clock.today()) + timedelta(days=1)


def titles(client, user):
    sign_in(client, user)
    return [row.title for row in client.get("/desk/").context["rows"]]


def test_the_days_to_sign_begin_with_the_confirmation_where_there_is_no_publicity(ready):
    assert last_day(ready(sold)) == LastDay(of_payment=False, day=add_working_days(clock.today(), 3))


def test_the_days_in_which_letters_are_entered_are_not_taken_from_the_parties(publicised, settings):
    lot, term = publicised

    settings.PUBLICITY_ENTRY_DAYS = 2

    assert last_day(lot).day == add_working_days(term.ends_on, 2 + 3)


def test_the_page_says_how_the_day_is_counted(client, publicised, settings):
    lot, _term = publicised
    words = []

    for days in (0, 1):
        settings.PUBLICITY_ENTRY_DAYS = days
        words.append(client.get(lot.get_absolute_url()).content.decode())

    assert ["留出 1 个工作日登记期内来信后起算" in page for page in words] == [False, True]


def test_they_begin_with_the_end_of_the_publicity_as_it_was_extended(publicised):
    lot, term = publicised
    extended = term.ends_on + timedelta(days=9)
    assert last_day(lot).day == add_working_days(term.ends_on, 3)

    Publicity.objects.filter(pk=term.pk).update(ends_on=extended)

    assert last_day(lot).day == add_working_days(extended, 3)


def test_the_sweep_of_the_day_after_or_later_moves_nothing(publicised):
    lot, term = publicised

    Publicity.objects.filter(pk=term.pk).update(state="ended", ended_at=timezone.now() + timedelta(days=30))

    assert last_day(lot).day == add_working_days(term.ends_on, 3)


def test_nobody_is_late_while_an_objection_awaits_its_answer_and_the_days_begin_with_that(publicised, settings):
    lot, term = publicised
    objection = make_objection(
        term, by=person(), organisation=None, ground="rights", text="成果权属有争议", evidence=()
    )
    answered = timezone.now() + (term.ends_on - clock.today()) + timedelta(days=4)
    assert last_day(lot) is None

    with clock.moved_to(answered):
        answer_objection(objection, by=person("organiser"), is_upheld=False, answer="权属清晰。")

    settings.PUBLICITY_ENTRY_DAYS = 1

    assert last_day(lot).day == add_working_days(timezone.localdate(answered), 3)
    assert last_day(lot).entered_after == 0  # the page does not say that they were counted from the publicity


def test_the_days_begin_when_a_letter_entered_by_mistake_holds_it_no_more(publicised):
    lot, term = publicised
    officer = person("officer")
    letter = entered(term, by=officer)
    taken_back = timezone.now() + (term.ends_on - clock.today()) + timedelta(days=4)
    assert last_day(lot) is None

    with clock.moved_to(taken_back):
        take_back_letter(letter, by=officer, mistake="误录")

    assert last_day(lot).day == add_working_days(timezone.localdate(taken_back), 3)


def test_the_days_to_pay_begin_with_the_signature():
    signed_on = clock.today() - timedelta(days=1)

    assert last_day(contracted(signed_on=signed_on)) == LastDay(of_payment=True, day=signed_on + timedelta(days=20))


@pytest.mark.parametrize(
    ("state", "is_signed"), [("returned_for_supplement", True), ("revoked", False), ("cancelled", False)]
)
def test_a_contract_handed_back_is_signed_and_one_struck_is_not(state, is_signed, ready):
    lot = ready(contracted)
    number = (
        {} if is_signed else {"number": number_of(1), "registered_on": clock.today(), "registered_at": timezone.now()}
    )
    TechnologyContract.objects.update(state=state, **number)

    (row,) = SessionReport(lot.session).sold

    assert (last_day(lot) is not None, row.follow_up.signed_on is not None) == (is_signed, is_signed)


def test_nothing_is_awaited_any_more_once_the_seller_finance_said_that_it_was_paid(ready):
    lot = ready(contracted)
    seller = lot.outcome.owner

    said(lot, "paid", by=member(seller, "manager"), organisation=seller)

    assert last_day(lot) is None


@pytest.mark.parametrize("made", [sold, contracted])
def test_where_no_days_were_announced_there_is_none(made):
    assert last_day(made(signing_days=None, payment_days=None)) is None


def test_practice_has_no_days(ready):
    lot = ready(sold)
    Lot.objects.filter(pk=lot.pk).update(is_practice=True)

    assert last_day(again(lot)) is None


def test_everybody_reads_the_day_and_only_those_concerned_that_it_is_over(client, ready):
    lot = ready(sold)
    day = last_day(lot).day.isoformat()
    told, told_late = f">{day}</time> 签订。", f">{day}</time> 签订，现已逾期。"
    assert told in client.get(lot.get_absolute_url()).content.decode()

    with clock.moved_to(late(lot)):
        assert day not in client.get(lot.get_absolute_url()).content.decode()
        for user in (member(lot.outcome.owner, "publisher"), lot.leader.agent, person("organiser")):
            sign_in(client, user)
            assert told_late in client.get(lot.get_absolute_url()).content.decode()


def test_the_seller_signs_by_the_day(client, ready):
    lot = ready(sold)
    sign_in(client, member(lot.outcome.owner, "publisher"))

    rows = client.get("/desk/").context["rows"]

    assert [row.due for row in rows if row.title == f"起草或补全合同，提交登记：{lot.outcome}"] == [last_day(lot).day]


def test_the_buyer_pays_by_the_day_until_it_says_so(client, ready):
    lot = ready(contracted)
    agent, title = lot.leader.agent, f"付清成交价款并登记：{lot}"
    assert title in titles(client, agent)
    assert title not in titles(client, member(lot.outcome.owner, "publisher"))

    said(lot, "paid", by=agent, organisation=lot.leader.organisation)

    assert title not in titles(client, agent)


@pytest.mark.parametrize(("made", "words"), [(sold, "逾期未签约"), (contracted, "逾期未付款")])
def test_what_is_late_lies_before_an_organiser_of_neither_house_once_the_day_is_over(client, made, words, ready):
    lot = ready(made)
    organiser, own, buying = person("organiser"), person("organiser"), person("organiser")
    join(own, lot.outcome.owner)
    join(buying, lot.leader.organisation)
    title = f"{words}：{lot}"
    assert title not in titles(client, organiser)

    with clock.moved_to(late(lot) - timedelta(days=1)):
        assert title not in titles(client, organiser)
    with clock.moved_to(late(lot)):
        assert title in titles(client, organiser)
        assert title not in titles(client, own)
        assert title not in titles(client, buying)


def late_rows(client):
    titles = [row.title for row in client.get("/desk/").context["rows"]]
    return [title for title in titles if "逾期未签约" in title or "同类" in title]


def test_the_desk_asks_as_often_for_many_late_sales_as_for_one_and_shows_the_first(client, ready):
    lot = ready(sold)
    sign_in(client, person("organiser"))
    with clock.moved_to(late(lot)):
        client.get("/desk/")
        with CaptureQueriesContext(connection) as one:
            assert len(late_rows(client)) == 1
    for _ in range(7):
        sold()
    with clock.moved_to(late(lot)), CaptureQueriesContext(connection) as eight:
        rows = late_rows(client)

    assert (len(rows), "还有 2 件同类事项" in rows) == (7, True)
    assert len(eight) == len(one)
