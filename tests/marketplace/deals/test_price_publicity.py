"""An agreed price stands in publicity: the contract waits, an upheld objection opens the price, the mode stays."""

import copy
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.rules import why_not
from marketplace.core.working_days import add_working_days
from marketplace.deals.actions import terminate_deal
from marketplace.deals.dated import DealRule, days_until_stalled, term_of_publicity
from marketplace.deals.keeping import keep_deal_rule
from marketplace.deals.pricing import accept_price, choose_pricing, propose_price, reopen_pricing, standing
from marketplace.deals.publishing import accepted_of, price_publicity, send_back_objected_price
from marketplace.deals.refusals import ModePublished, NoTermSet
from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import publicity as desk
from marketplace.publicity import rules as publicity_rules
from marketplace.publicity.actions import (
    ExtensionReasonMissing,
    PublicityOver,
    answer_objection,
    extend_publicity,
    make_objection,
)
from marketplace.publicity.models import Objection, Publicity
from tests.factories import people
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import (
    TERM,
    WAN,
    agreed_price,
    from_match,
    member,
    person,
    priced,
    pricing,
    rules,
    stand,
)
from tests.marketplace.matching.factories import enterprise, outcome


@pytest.fixture(scope="module")
def lasting_deal(lasting):
    return agreed_price()


@pytest.fixture
def agreed(lasting_deal, for_now):
    """Return a deal whose agreed price is in publicity since today, with its two parties."""
    return copy.deepcopy(lasting_deal)


def objected(deal, *, by=None, evidence=()):
    publicity, text = price_publicity(deal), "价格低于同类成果"
    by = by or people.person()
    return make_objection(publicity, by=by, organisation=None, ground="price", text=text, evidence=evidence)


def state_of(row):
    row.refresh_from_db()
    return row.state


def test_an_agreed_price_of_an_institute_begins_its_term(agreed):
    deal, _seller, _buyer = agreed

    publicity = price_publicity(deal)
    assert (state_of(deal), deal.price) == ("publicity", 120 * WAN)
    assert (publicity.matter, publicity.state, publicity.begins_on) == ("agreed_price", "running", clock.today())
    assert publicity.ends_on == add_working_days(clock.today(), TERM)


@pytest.mark.django_db
def test_a_price_of_an_enterprise_or_a_listed_one_is_not_published():
    offered = outcome(of=enterprise())
    deal, seller, buyer = from_match(outcome=offered)
    choose_pricing(deal, mode="agreed", **seller.as_party)
    accept_price(deal, propose_price(deal, amount=WAN, **seller.as_party), **buyer.as_party)

    assert state_of(deal) == "contract"
    assert state_of(priced().deal) == "contract"
    assert not Publicity.objects.exists()


@pytest.mark.django_db
def test_without_a_term_in_force_no_price_is_agreed():
    deal, seller, buyer = pricing()
    DealRule.objects.all().delete()
    proposal = propose_price(deal, amount=WAN, **seller.as_party)

    with pytest.raises(NoTermSet):
        accept_price(deal, proposal, **buyer.as_party)

    assert (state_of(deal), deal.price) == ("pricing", None)
    assert standing(deal) == proposal


def test_the_mode_stays_once_a_price_was_published(agreed):
    deal, seller, _buyer = agreed
    objection = objected(deal)
    answer_objection(objection, by=member(deal.seller), is_upheld=True, answer="成立")
    send_back_objected_price(accepted_of(deal), by=None)

    for mode in ("auction", "listing"):
        with pytest.raises(ModePublished):
            choose_pricing(deal, mode=mode, listing_price=WAN, **seller.as_party)

    assert (state_of(deal), deal.pricing_mode) == ("pricing", "agreed")


def test_a_reopened_price_is_published_again(agreed):
    deal, seller, buyer = agreed
    stand(deal)
    reopen_pricing(deal, **seller.as_party)
    reopen_pricing(deal, **buyer.as_party)
    send_back_objected_price(accepted_of(deal), by=None)  # old news changes nothing

    accept_price(deal, propose_price(deal, amount=90 * WAN, **seller.as_party), **buyer.as_party)

    assert state_of(deal) == "publicity"
    assert Publicity.objects.count() == 2


def test_a_deal_that_ends_stops_its_publicity(agreed):
    deal, _seller, buyer = agreed

    terminate_deal(deal, reason="预算取消", **buyer.as_party)

    assert (state_of(deal), price_publicity(deal).state) == ("terminated", "stopped")
    send_back_objected_price(accepted_of(deal), by=None)
    assert state_of(deal) == "terminated"


def test_who_answers_an_objection_to_a_price(agreed):
    deal, seller, buyer = agreed
    publicity = price_publicity(deal)
    both = person("officer", member_of=deal.buyer, roles=["manager"])
    answers = {
        "another manager of the seller": (member(deal.seller), True),
        "an officer": (person("officer"), True),
        "who proposed": (seller.manager, False),
        "who accepted": (buyer.manager, False),
        "a publisher of the seller": (member(deal.seller, "publisher"), False),
        "an officer of the buyer": (both, False),
        "an organiser": (person("organiser"), False),
        "a stranger": (people.person(), False),
    }

    may = {who: publicity.why_not_answer(user) is None for who, (user, _expected) in answers.items()}

    assert may == {who: expected for who, (_user, expected) in answers.items()}


def test_an_objection_waits_on_the_desk_of_who_answers(agreed):
    deal, seller, _buyer = agreed
    judge, officer, foreign = member(deal.seller), person("officer"), member(enterprise())
    objected(deal)

    rows = {user.pk: len(rows_of(desk.waiting(reader_of(user)))) for user in (judge, officer, foreign, seller.manager)}

    assert rows == {judge.pk: 1, officer.pk: 1, foreign.pk: 0, seller.manager.pk: 0}


def reader_of(user):
    return Reader(user=user, organisation=None, at=clock.now())


def test_everybody_reads_name_and_price_and_nobody_the_buyer(client, agreed):
    deal, _seller, _buyer = agreed

    page = client.get(price_publicity(deal).get_absolute_url()).content.decode()

    assert deal.outcome.title in page
    assert "120 万元" in page
    assert deal.buyer.name not in page
    assert deal.get_absolute_url() not in page


def test_parties_find_the_deal_and_english_readers_the_words(agreed):
    deal, seller, _buyer = agreed
    publicity = price_publicity(deal)

    page = sign_in(Client(), seller.manager).get("/en" + publicity.get_absolute_url()).content.decode()

    assert reverse("deal-detail", args=[deal.code]) in page
    assert "Intended price" in page


def test_a_term_is_extended_with_a_reason_everybody_reads(client, agreed):
    deal, _seller, _buyer = agreed
    publicity, judge = price_publicity(deal), member(deal.seller)
    before = publicity.ends_on
    address = reverse("publicity-extend", args=[publicity.code])

    wrong = sign_in(Client(), judge).post(address, {"working_days": "5", "reason": ""})
    assert "field--error" in wrong.content.decode()
    sign_in(Client(), judge).post(address, {"working_days": "5", "reason": "补充评估报告"})

    publicity.refresh_from_db()
    assert publicity.ends_on == add_working_days(before, 5)
    assert "补充评估报告" in client.get(publicity.get_absolute_url()).content.decode()
    entry = Entry.objects.get(kind=Kind.PUBLICITY_EXTENDED)
    assert entry.data == {"former": before.isoformat(), "ends_on": publicity.ends_on.isoformat()}


def test_only_who_answers_extends_and_only_what_runs(agreed):
    deal, seller, _buyer = agreed
    publicity, judge = price_publicity(deal), member(deal.seller)

    with pytest.raises(PermissionDenied):
        extend_publicity(publicity, by=seller.manager, working_days=5, reason="补充")
    with pytest.raises(ExtensionReasonMissing):
        extend_publicity(publicity, by=judge, working_days=5, reason=" ")
    stand(deal)
    with pytest.raises(PublicityOver):
        extend_publicity(publicity, by=judge, working_days=5, reason="补充")
    assert not Entry.objects.filter(kind=Kind.PUBLICITY_EXTENDED).exists()


def test_the_page_of_the_deal_says_what_it_waits_for(agreed):
    deal, seller, _buyer = agreed
    objected(deal)

    page = sign_in(Client(), seller.manager).get(deal.get_absolute_url()).content.decode()

    assert price_publicity(deal).get_absolute_url() in page
    assert reverse("deal-pricing", args=[deal.code]) not in page
    assert why_not(publicity_rules.make_objection, people.person(), price_publicity(deal)) is None
    assert Objection.objects.count() == 1


@pytest.mark.django_db
def test_a_rule_holds_from_its_day():
    rules()
    officer = person("officer")
    later = clock.today() + timedelta(days=30)
    keep_deal_rule(DealRule(kind="term", days=20, holds_from=later, source="新规"), by=officer)
    keep_deal_rule(DealRule(kind="stage", stage="pricing", days=10, holds_from=later, source="新规"), by=officer)

    assert (term_of_publicity(clock.today()).days, term_of_publicity(later).days) == (TERM, 20)
    assert (days_until_stalled(clock.today())["pricing"], days_until_stalled(later)["pricing"]) == (30, 10)
    assert term_of_publicity(date(2000, 1, 1)) is None
    assert Entry.objects.filter(kind=Kind.DEAL_RULE_CHANGED).count() == 2


@pytest.mark.django_db
def test_only_officers_keep_rules_and_a_stage_is_named():
    with pytest.raises(PermissionDenied):
        keep_deal_rule(DealRule(kind="term", days=1, holds_from=clock.today(), source="新规"), by=person("registrar"))
    with pytest.raises(IntegrityError), transaction.atomic():
        DealRule.objects.create(kind="stage", days=1, holds_from=clock.today(), source="新规")
    with pytest.raises(IntegrityError), transaction.atomic():
        DealRule.objects.create(kind="term", days=0, holds_from=clock.today(), source="新规")
