"""The result of a sale stands in publicity: the contract waits, anybody with an account objects, a sweep ends it."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from marketplace.auctions import actions
from marketplace.auctions.invariants import lot_problems
from marketplace.auctions.ladder import WAN
from marketplace.auctions.models import Lot
from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import why_not
from marketplace.core.views import is_visible_to
from marketplace.core.working_days import add_working_days
from marketplace.deals.actions import terminate_deal
from marketplace.deals.models import Deal
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import publicity as desk
from marketplace.notices.models import Notice
from marketplace.publicity import rules
from marketplace.publicity.actions import (
    AnswerMissing,
    NoLongerPublic,
    ObjectedAlready,
    TermOver,
    TextMissing,
    answer_objection,
    end_publicity,
    make_objection,
)
from marketplace.publicity.models import Objection, Publicity
from tasks.delivery import attempt, plan
from tasks.publicity import end_due_publicity
from tests.factories import people
from tests.factories.people import sign_in
from tests.factories.rules import verbs
from tests.marketplace.auctions.making import announced_lot, bidder, member, person
from tests.marketplace.auctions.racing import at_once
from tests.marketplace.contracts.factories import scan

TERM = 5


@pytest.fixture(autouse=True)
def real_days(settings):
    settings.AUCTION_PUBLICITY_DAYS = TERM


def published():
    """Return a lot whose confirmed result is in publicity since today."""
    lot = announced_lot(starts_at=timezone.now() - timedelta(hours=2), lasts=timedelta(hours=1))
    actions.decide_bid(lot, bidder(lot), amount=160 * WAN, key="a", arrived_at=lot.starts_at)
    lot.refresh_from_db()
    actions.close_lot(lot)
    actions.confirm_sale(lot, by=person("organiser"))
    return again(lot)


def again(lot):
    return Lot.objects.select_related("outcome__owner", "session", "leader__organisation").get(pk=lot.pk)


@pytest.fixture(scope="module")
def lasting_lot(lasting):
    with override_settings(AUCTION_PUBLICITY_DAYS=TERM):
        return published()


@pytest.fixture
def lot(lasting_lot, for_now):
    return again(lasting_lot)


def term_of(lot):
    return Publicity.objects.of(lot).get()


def deal_of(lot):
    return Deal.objects.get(lot_number=lot.number)


def state_of(row):
    row.refresh_from_db()
    return row.state


def objected(lot, *, by=None, text="成果权属有争议", evidence=()):
    by = by or people.person()
    return make_objection(term_of(lot), by=by, organisation=None, ground="rights", text=text, evidence=evidence)


def after_the_term(lot):
    """Return an instant on the day after the last of the publicity."""
    return timezone.now() + (term_of(lot).ends_on - clock.today()) + timedelta(days=1)


def follow(*kinds):
    """Carry out what follows from the newest entries of these kinds."""
    for kind in kinds:
        for delivery in plan(Entry.objects.filter(kind=kind).latest("pk").pk):
            if delivery.consequence.startswith(("publicity.", "auctions.", "notices.tell")):
                attempt(delivery.pk)
                delivery.refresh_from_db()
                assert delivery.done_at is not None, delivery.error


def test_the_confirmation_begins_five_working_days(lot):
    publicity = term_of(lot)

    assert (lot.state, state_of(deal_of(lot))) == ("publicity", "publicity")
    assert publicity.ends_on == add_working_days(clock.today(), TERM)
    assert (publicity.begins_on, publicity.state) == (clock.today(), "running")
    assert lot_problems(lot) == []


def test_seller_and_buyer_read_beside_the_confirmation_where_they_object(client, lot):
    address = f"{term_of(lot).get_absolute_url()}#object"
    seller, buyer = member(lot.outcome.owner, "publisher"), lot.leader.agent
    pages = [lot.get_absolute_url(), reverse("sale-confirmation", args=[lot.number])]

    for party in (seller, buyer):
        sign_in(client, party)
        assert [address in client.get(page).content.decode() for page in pages] == [True, True]
    auditor = person("auditor")
    people.join(auditor, lot.outcome.owner)
    for other in (person("organiser"), auditor):  # neither party, or nobody who changes anything
        sign_in(client, other)
        assert [address in client.get(page).content.decode() for page in pages] == [False, False]
    sign_in(client, people.person())
    assert address not in client.get(pages[0]).content.decode()
    sign_in(client, seller)
    objected(lot, by=seller, text="成交程序有误")
    with clock.moved_to(after_the_term(lot)):
        assert [address in client.get(page).content.decode() for page in pages] == [False, False]


def test_the_contract_waits_for_the_end(lot):
    deal = deal_of(lot)
    manager = member(deal.seller, "manager")
    with pytest.raises(Refused):
        draft_contract_from_deal(deal, by=manager, organisation=deal.seller)

    with clock.moved_to(after_the_term(lot)):
        end_due_publicity()
        follow(Kind.PUBLICITY_ENDED)

    assert (state_of(lot), state_of(deal), state_of(term_of(lot))) == ("confirmed", "contract", "ended")
    assert draft_contract_from_deal(deal, by=manager, organisation=deal.seller).pk


def test_on_the_last_day_it_still_stands(lot):
    with clock.moved_to(after_the_term(lot) - timedelta(days=1)):
        end_due_publicity()
        objected(lot)

    assert state_of(term_of(lot)) == "running"


def test_repeated_news_of_the_end_moves_the_sale_once(lot):
    with clock.moved_to(after_the_term(lot)):
        end_due_publicity()
        end_due_publicity()
        follow(Kind.PUBLICITY_ENDED)
        actions.end_result_publicity(lot, by=None)

    deal = deal_of(lot)
    kinds = {Kind.PUBLICITY_ENDED: term_of(lot), Kind.LOT_PUBLICISED: lot, Kind.DEAL_MOVED: deal}
    assert [Entry.objects.about(subject).filter(kind=kind).count() for kind, subject in kinds.items()] == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
def test_many_sweeps_at_once_end_it_once():
    lot = published()
    publicity = term_of(lot)
    Publicity.objects.filter(pk=publicity.pk).update(
        begins_on=clock.today() - timedelta(days=9), ends_on=clock.today() - timedelta(days=1)
    )

    given = at_once([lambda: end_publicity(Publicity.objects.get(pk=publicity.pk)) for _turn in range(6)])

    assert sorted(given) == [False] * 5 + [True]
    assert Entry.objects.filter(kind=Kind.PUBLICITY_ENDED).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_objection_is_upheld_or_dismissed_not_both():
    lot = published()
    objection, officers = objected(lot), [person("organiser") for _turn in range(2)]

    def answer(by, is_upheld):
        return answer_objection(Objection.objects.get(pk=objection.pk), by=by, is_upheld=is_upheld, answer="查明")

    given = at_once([lambda: answer(officers[0], True), lambda: answer(officers[1], False)])

    assert sorted(one is None for one in given) == [False, True]
    assert Entry.objects.filter(kind=Kind.OBJECTION_ANSWERED).count() == 1


def test_an_objection_without_an_answer_holds_the_end(lot):
    objection = objected(lot)
    with clock.moved_to(after_the_term(lot)):
        end_due_publicity()
        assert state_of(term_of(lot)) == "running"
        answer_objection(objection, by=person("organiser"), is_upheld=False, answer="经核查，权属清楚。")

        end_due_publicity()

    assert (state_of(term_of(lot)), state_of(objection)) == ("ended", "dismissed")


def test_an_upheld_objection_rescinds_the_sale_and_ends_the_deal(lot):
    objection = objected(lot)

    answer_objection(objection, by=person("organiser"), is_upheld=True, answer="权利人未放弃优先购买权。")
    follow(Kind.PUBLICITY_STOPPED)
    follow(Kind.PUBLICITY_STOPPED)

    deal = deal_of(lot)
    assert (state_of(lot), state_of(term_of(lot)), deal.state) == ("rescinded", "stopped", "terminated")
    assert lot.outcome.state in ("available", "reserved")
    lot.outcome.refresh_from_db()
    assert lot.outcome.state == "available"
    assert lot.leader.deposit.state == "applied"  # the organiser says what becomes of it
    assert Entry.objects.about(lot).filter(kind=Kind.LOT_RESCINDED).count() == 1
    actions.clear_buyer(lot, by=person("organiser"), reason="非买受人原因")
    lot.leader.deposit.refresh_from_db()
    assert lot.leader.deposit.state == "release_due"
    assert lot_problems(lot) == []


def test_a_default_during_the_publicity_stops_it(lot):
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="书面放弃")

    assert (state_of(lot), state_of(term_of(lot)), deal_of(lot).state) == ("defaulted", "stopped", "terminated")
    with clock.moved_to(after_the_term(lot)):
        end_due_publicity()
    follow(Kind.PUBLICITY_STOPPED)
    assert state_of(lot) == "defaulted"


def test_a_deal_ended_during_the_publicity_stops_it(lot):
    deal = deal_of(lot)

    terminate_deal(deal, by=member(deal.buyer, "manager"), organisation=deal.buyer, reason="双方协商解除")
    follow(Kind.DEAL_TERMINATED)

    assert (state_of(lot), state_of(term_of(lot))) == ("rescinded", "stopped")


def test_what_an_objection_must_be(lot):
    someone = people.person()
    with pytest.raises(TextMissing):
        objected(lot, by=someone, text=" \x00 ")
    with pytest.raises(Refused):
        objected(lot, by=someone, evidence=[scan(content=b"no paper")])
    objection = objected(lot, by=someone, evidence=[scan()])
    with pytest.raises(ObjectedAlready):
        objected(lot, by=someone)
    with clock.moved_to(after_the_term(lot)), pytest.raises(TermOver):
        objected(lot)
    with pytest.raises(AnswerMissing):
        answer_objection(objection, by=person("organiser"), is_upheld=False, answer="  ")

    assert term_of(lot).objections.count() == 1
    assert files_of(objection).count() == 1


def test_what_fell_is_not_answered_any_more(lot):
    objection = objected(lot)
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="书面放弃")

    with pytest.raises(NoLongerPublic):
        answer_objection(objection, by=person("organiser"), is_upheld=True, answer="成立")

    assert state_of(objection) == "lapsed"


@pytest.mark.django_db
def test_no_days_of_publicity_lead_to_the_contract_at_once(settings):
    settings.AUCTION_PUBLICITY_DAYS = 0

    lot = published()

    assert (lot.state, deal_of(lot).state, Publicity.objects.count()) == ("confirmed", "contract", 0)


@pytest.fixture
def cast(lot):
    own_organiser, buyers_organiser = person("organiser"), person("organiser")
    people.join(own_organiser, lot.outcome.owner)
    people.join(buyers_organiser, lot.leader.organisation)
    maker = people.person()
    return {
        "visitor": AnonymousUser(),
        "maker": maker,
        "stranger": people.person(),
        "seller": member(lot.outcome.owner, "publisher"),
        "buyer": lot.leader.agent,
        "organiser": person("organiser"),
        "organiser of the seller": own_organiser,
        "organiser of the buyer": buyers_organiser,
        "auctioneer": person("auctioneer"),
        "auditor": person("auditor"),
        "officer": person("officer"),
    }


def test_who_objects_answers_and_reads(lot, cast):
    objection = objected(lot, by=cast["maker"], evidence=[scan()])
    evidence = files_of(objection).get()

    def allowed(rule, subject):
        return {name for name, user in cast.items() if why_not(rule, user, subject) is None}

    assert allowed(rules.make_objection, term_of(lot)) == set(cast) - {"visitor", "organiser", "auditor"}
    assert allowed(rules.answer_objection, objection) == {"organiser"}
    assert allowed(rules.enter_objection, term_of(lot)) == {"organiser", "officer"}
    assert allowed(rules.extend_publicity, term_of(lot)) == {"organiser"}
    readers = {"maker", "organiser", "auditor", "officer"}
    assert allowed(rules.read_objection, objection) == readers
    assert {name for name, user in cast.items() if is_visible_to(evidence, user)} == readers
    answers = {"answer_objection", "extend_publicity", "read_objection"}
    assert allowed(rules.withdraw_objection, objection) == {"maker"}
    makes = {"make_objection", "enter_objection", "take_back_letter", "withdraw_objection"}
    assert allowed(rules.reply_to_objection, objection) == set()  # of a lead: see brokers/test_rivals.py
    assert verbs(rules) == makes | answers | {"reply_to_objection"}


def test_who_objected_does_not_answer(lot):
    late = people.person()
    objection = objected(lot, by=late)
    late.roles = ["organiser"]
    late.save()

    with pytest.raises(PermissionDenied):
        answer_objection(objection, by=late, is_upheld=False, answer="查明")

    assert state_of(objection) == "made"


def test_everybody_concerned_is_told(lot):
    maker, organiser = people.person(), person("organiser")
    seller = member(lot.outcome.owner, "publisher")
    objection = objected(lot, by=maker)
    follow(Kind.PUBLICITY_BEGUN, Kind.OBJECTION_MADE)
    answer_objection(objection, by=organiser, is_upheld=False, answer="查明")
    with clock.moved_to(after_the_term(lot)):
        end_due_publicity()
        follow(Kind.OBJECTION_ANSWERED, Kind.PUBLICITY_ENDED, Kind.LOT_PUBLICISED)

    told = set(Notice.objects.values_list("kind", "user"))
    assert {
        ("publicity.sale_begun", seller.pk),
        ("publicity.sale_begun", lot.leader.agent_id),
        ("objection.to_answer", organiser.pk),
        ("objection.answered", maker.pk),
        ("publicity.sale_ended", seller.pk),
        ("publicity.sale_ended", lot.leader.agent_id),
    } <= told
    assert ("objection.to_answer", seller.pk) not in told


def test_the_desk_of_organisers_has_the_objection(lot):
    objection = objected(lot)

    def rows(user):
        return [row.url for row in rows_of(desk.waiting(Reader(user=user, at=timezone.now(), organisation=None)))]

    assert rows(person("organiser")) == [objection.get_absolute_url()]
    assert rows(person("finance")) == []


# pages


def pages_of(client, lot):
    """Return what everybody reads of a sale: the lot, its session, its publicity."""
    addresses = [lot.get_absolute_url(), lot.session.get_absolute_url(), term_of(lot).get_absolute_url()]
    return [client.get(address).content.decode() for address in addresses]


@pytest.mark.parametrize("named", [False, True])
def test_every_page_names_the_buyer_or_none_does(client, lot, settings, named):
    settings.AUCTION_NAMES_BUYERS = named
    name = lot.leader.organisation.name

    pages = pages_of(client, lot)

    assert lot.outcome.title in client.get(reverse("publicity-list")).content.decode()
    assert [name in page for page in pages] == [named] * 3
    assert all(f"{lot.leader_alias} 号" in page for page in (pages[0], pages[2]))


@pytest.mark.django_db
def test_a_buyer_is_not_named_before_the_publicity_begins_nor_where_there_is_none(client, settings):
    settings.AUCTION_NAMES_BUYERS, settings.AUCTION_PUBLICITY_DAYS = True, 0
    lot = published()
    name = lot.leader.organisation.name

    silent = [
        client.get(address).content.decode() for address in (lot.get_absolute_url(), lot.session.get_absolute_url())
    ]
    settings.AUCTION_PUBLICITY_DAYS = TERM
    coming = published()
    Publicity.objects.of(coming).update(begins_on=clock.today() + timedelta(days=1))

    assert [name in page for page in silent] == [False, False]
    assert coming.leader.organisation.name not in client.get(coming.get_absolute_url()).content.decode()


def test_once_the_sale_failed_no_page_names_the_buyer(client, lot, settings):
    settings.AUCTION_NAMES_BUYERS = True
    actions.declare_default(lot, by=person("organiser"), ground="refused", reason="拒绝签约")

    assert [lot.leader.organisation.name in page for page in pages_of(client, lot)] == [False] * 3


@pytest.mark.parametrize(
    ("facts", "fields"),
    [({"text": ""}, {"text"}), ({"ground": "grudge"}, {"ground"}), ({"text": "长" * 4001}, {"text"})],
)
def test_an_objection_that_cannot_be_is_refused_beside_its_field(client, lot, facts, fields):
    sign_in(client, people.person())

    page = client.post(term_of(lot).get_absolute_url(), {"ground": "rights", "text": "有争议"} | facts)

    assert page.status_code == 200
    assert set(page.context["form"].errors) == fields
    assert not Objection.objects.exists()


def test_objecting_and_answering_on_the_page(client, lot):
    here, maker = term_of(lot).get_absolute_url(), people.person()
    assert client.post(here, {"ground": "rights", "text": "有争议"}).status_code in (302, 403)
    assert not Objection.objects.exists()
    sign_in(client, maker)
    bad = client.post(here, {"ground": "rights", "text": "有争议", "evidence": scan(content=b"no paper")})
    assert set(bad.context["form"].errors) == {"evidence"}
    client.post(here, {"ground": "rights", "text": "权属争议甲", "evidence": scan()})
    objection = Objection.objects.get()
    address = reverse("objection-answer", args=[objection.code])
    assert client.post(address, {"is_upheld": "no", "answer": "自答"}).status_code == 403

    sign_in(client, people.person())
    assert "权属争议甲" not in client.get(here).content.decode()
    sign_in(client, person("organiser"))
    assert "权属争议甲" in client.get(here).content.decode()
    page = client.post(address, {"is_upheld": "perhaps", "answer": ""})
    assert set(page.context["objections"][0]["form"].errors) == {"is_upheld", "answer"}
    client.post(address, {"is_upheld": "no", "answer": "经核查不成立"})

    assert state_of(objection) == "dismissed"
    sign_in(client, maker)
    assert "经核查不成立" in client.get(here).content.decode()


def test_when_the_sale_is_rescinded_its_publicity_and_the_former_buyer_read_it(client, lot):
    buyer, address = lot.leader.agent, term_of(lot).get_absolute_url()
    stood = client.get(address).content.decode()
    sign_in(client, buyer)
    won = client.get(lot.get_absolute_url()).content.decode()

    actions.rescind_sale(lot, by=None)
    ended = client.get(address).content.decode()
    lost = client.get(lot.get_absolute_url()).content.decode()
    actions.clear_buyer(lot, by=person("organiser"), reason="双方协商解除")
    cleared = client.get(lot.get_absolute_url()).content.decode()

    assert "成交已解除" not in stood
    assert "成交已解除" in ended
    assert "· 已抵作价款" in won
    assert "已抵作价款" not in lost
    assert "· 保证金是否退还由组织方决定。" in lost
    assert "由组织方决定" not in cleared
