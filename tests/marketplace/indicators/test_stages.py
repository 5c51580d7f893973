"""The stream at home: one cohort of outcomes, each counted once in every stage it reached."""

import pytest
from django.utils import translation

from cms.portal import figures
from marketplace.core import clock
from marketplace.indicators import queries
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.periods import Period
from marketplace.indicators.stages import stages
from marketplace.outcomes.models import ResearchOutcome
from tests.factories.people import sign_in
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.contracts.factories import person
from tests.marketplace.deals import factories as trade
from tests.marketplace.matching import factories as matches

pytestmark = pytest.mark.django_db


def outcomes_by_stage():
    return tuple(stage.records.count() for stage in stages())


def test_before_anything_is_published_every_stage_is_empty():
    matches.outcome(live=False, published_at=None)

    assert outcomes_by_stage() == (0, 0, 0, 0, 0)


def test_each_outcome_is_counted_once_up_to_the_stage_it_reached():
    matches.outcome()
    twice = matches.agreed().outcome
    matches.agreed(outcome=twice)
    matches.proposed()
    trade.from_match()
    returned = matches.outcome()
    contracts.drafted(seller=returned.owner, outcome=returned)
    handed_in = matches.outcome()
    contracts.submitted(seller=handed_in.owner, outcome=handed_in)
    registered = matches.outcome()
    contracts.registered(seller=registered.owner, outcome=registered)

    assert outcomes_by_stage() == (7, 4, 3, 2, 1)


def test_a_contract_that_came_back_was_handed_in():
    sold = matches.outcome()
    contract, _by = contracts.submitted(seller=sold.owner, outcome=sold)
    contract.state = contract.State.RETURNED
    contract.save()

    assert outcomes_by_stage() == (1, 1, 1, 1, 0)


def test_a_contract_without_a_deal_does_not_widen_a_later_stage():
    sold = matches.outcome()
    for _time in range(2):
        contracts.registered(seller=sold.owner, outcome=sold)
    contracts.registered()

    found = outcomes_by_stage()

    assert found == (1, 1, 1, 1, 1)
    assert list(found) == sorted(found, reverse=True)


def test_what_left_the_list_stays_in_the_cohort():
    gone = matches.outcome()
    ResearchOutcome.objects.filter(pk=gone.pk).update(state="withdrawn", live=False)

    assert outcomes_by_stage() == (1, 0, 0, 0, 0)


def test_home_and_board_tell_the_same_stream(client):
    sold = matches.outcome()
    for _time in range(2):
        contracts.registered(seller=sold.owner, outcome=sold)
    contracts.registered()
    matches.outcome()

    board = client.get("/board/")

    shown = [(stage["count"], str(stage["label"])) for stage in board.context["stream"]["stages"]]
    at_home = figures.stream()
    assert [(stage["count"], stage["label"]) for stage in at_home] == shown
    assert [count for count, _label in shown] == [2, 1, 1, 1, 1]
    page = board.content.decode()
    assert all(f'id="{stage["href"].partition("#")[2]}"' in page for stage in at_home)
    assert "登记簿中自开通以来共有 3 份合同，其中 2 份涉及已发布的成果，1 份不涉及" in page


def test_officers_open_the_outcomes_behind_each_stage(client):
    sold = matches.outcome()
    contracts.registered(seller=sold.owner, outcome=sold)
    waiting = matches.outcome()
    sign_in(client, person("officer"))

    for stage in client.get("/board/").context["stream"]["stages"]:
        opened = client.get(stage["href"])
        assert opened.context["page_obj"].paginator.count == stage["count"]
        assert sold.title in opened.content.decode()
        assert (waiting in opened.context["page_obj"]) == (stage["anchor"] == "stage-published")
    table = client.get("/board/stream/published/?format=csv").content.decode("utf-8-sig")

    assert sold.number in table
    assert waiting.number in table
    assert client.get("/board/stream/unknown/").status_code == 404


@pytest.mark.parametrize("role", ["registrar", "finance", "editor", None])
def test_others_are_told_why_no_stage_opens(client, role):
    sold = matches.outcome()
    contracts.registered(seller=sold.owner, outcome=sold)
    if role:
        sign_in(client, person(role))

    board = client.get("/board/")

    assert {stage["href"] for stage in board.context["stream"]["stages"]} == {""}
    assert "各阶段背后的成果由主管人员和审计人员查看" in board.content.decode()
    assert client.get("/board/stream/registered/").status_code == 403


def test_figure_and_stream_say_why_an_outcome_with_two_contracts_counts_otherwise(client):
    sold = matches.outcome()
    for _time in range(2):
        contracts.registered(seller=sold.owner, outcome=sold)
    year = Period.containing(clock.today(), "year")

    board = client.get("/board/").content.decode()

    assert (queries.landed_count(year).value, outcomes_by_stage()[-1]) == (2, 1)
    assert "同一成果有两份合同的计两项，而" in board  # the figure's definition
    assert "涉及的已发布成果共 1 项。“成果转化落地项数”按合同计" in board  # beside the stream
    with translation.override("en"):
        assert "an outcome with two contracts counts twice" in str(BY_SLUG["landed-count"].definition)
