"""Pages of rewards and evaluations: what they cost with one record and with three; nothing prints a primary key."""

import pytest
from django.urls import reverse

from marketplace.brokers.training.actions import confirm_training
from marketplace.core import clock
from marketplace.deals.actions import finish_deal
from marketplace.deals.parts import DealNote
from marketplace.deals.talking import add_note
from marketplace.rewards.actions import refuse_claim
from marketplace.rewards.evaluation.actions import evaluate_broker
from marketplace.rewards.satisfaction import rate_broker
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.brokers.making import trained
from tests.marketplace.contracts.factories import broker, person, registered
from tests.marketplace.deals.factories import engage, performing
from tests.marketplace.rewards.making import claimed, standing
from tests.marketplace.rewards.test_evaluation import in_january, weighed

pytestmark = pytest.mark.django_db

WITH_MARKS = {"weight_needs": 10, "weight_satisfaction": 10}


def a_year_of(one):
    """One record for each figure: lead, meeting and mark of a finished deal from a match, contract, course."""
    deal, _seller, buyer = performing()
    engage(deal, one, **buyer.as_party)
    add_note(deal, text="现场会谈", met_on=clock.today(), participants="双方", **buyer.as_party)
    finish_deal(deal, **buyer.as_party)
    rate_broker(deal, mark=5, **buyer.as_party)
    registered(broker=one)
    confirm_training(trained(one, course=f"课程 {deal.code}"), by=person("officer"))
    standing(by=one)


def evaluate(one):
    with in_january():
        return evaluate_broker(one, by=person("officer"), year=clock.today().year - 1)


def test_the_page_of_an_evaluation_costs_the_same_with_one_and_three_records_behind_each_figure(client):
    one, other = broker(user=person()), broker(user=person())
    weighed(**WITH_MARKS).save()
    a_year_of(one)
    for _ in range(3):
        a_year_of(other)
    few, many = evaluate(one), evaluate(other)
    sign_in(client, person("officer"))

    counts = [queries_of(client, each.get_absolute_url()) for each in (few, many)]

    behind = {name: len(figure["records"]) for name, figure in many.figures.items() if name != "needs"}
    assert behind == dict.fromkeys(("meetings", "matches", "contracts", "amount", "hours", "satisfaction"), 3)
    assert counts[0] == counts[1]


def test_the_list_of_evaluations_costs_the_same_for_one_and_for_three(client):
    weighed().save()
    evaluate(broker())
    sign_in(client, person("officer"))
    few = queries_of(client, "/evaluations/")
    for _ in range(2):
        evaluate(broker())

    many = queries_of(client, "/evaluations/")

    assert len(client.get("/evaluations/").context["rows"]) == 3
    assert many == few


def test_the_list_of_rewards_costs_the_same_for_one_and_for_three(client):
    claimed()
    sign_in(client, person("officer"))
    few = queries_of(client, "/rewards/")
    for _ in range(2):
        claimed()

    many = queries_of(client, "/rewards/")

    assert len(client.get("/rewards/").context["rows"]) == 3
    assert many == few


def test_a_meeting_is_called_by_its_day_and_the_outcome_of_its_deal(client):
    one = broker(user=person())
    weighed().save()
    a_year_of(one)
    note = DealNote.objects.get()
    sign_in(client, one.user)

    page = client.get(evaluate(one).get_absolute_url()).content.decode()

    assert f"会谈 {note.met_on.isoformat()} {note.deal.outcome}" in page
    assert f"会谈 {note.deal_id}<" not in page


@pytest.mark.parametrize(("state", "offers"), [("claimed", False), ("refused", True)])
def test_the_page_of_a_lead_leads_to_its_claim_and_offers_another_once_that_is_refused(client, state, offers):
    claim = claimed()
    if state == "refused":
        refuse_claim(claim, by=person("officer"), reason="无协助登记记录")
    sign_in(client, claim.broker.user)

    page = client.get(claim.lead.get_absolute_url()).content.decode()

    assert (reverse("reward-claim", args=[claim.lead.code]) in page) == offers
    assert (claim.get_absolute_url() in page) != offers
