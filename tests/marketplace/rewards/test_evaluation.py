"""The yearly evaluation: figures from records, points by the dated rule, the comment before it is final."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from marketplace.brokers.training.actions import confirm_training
from marketplace.brokers.training.models import TrainingRecord
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.keeping import HoldsAlready, NotInOrder
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from marketplace.rewards.evaluation import rules
from marketplace.rewards.evaluation.actions import (
    AnswerToCommentMissing,
    CommentClosed,
    CommentMissing,
    EvaluationRuleMissing,
    FinalAlready,
    StillOpen,
    YearNotOver,
    comment_evaluation,
    evaluate_broker,
    finish_evaluation,
    keep_evaluation_rule,
)
from marketplace.rewards.evaluation.dated import EvaluationRule
from marketplace.rewards.evaluation.figures import FIGURES, points_of
from marketplace.rewards.evaluation.models import YearlyEvaluation
from tests.factories.people import sign_in
from tests.factories.rules import verbs
from tests.marketplace.brokers.making import trained
from tests.marketplace.contracts.factories import broker, person, registered

pytestmark = pytest.mark.django_db

NEXT_YEAR = clock.today().year + 1
WEIGHTS = {"needs": 20, "meetings": 10, "matches": 10, "contracts": 20, "amount": 20, "hours": 20}


def weighed(**changed):
    facts = {"holds_from": date(2024, 1, 1), "excellent_at": 85, "qualified_at": 30, "comment_days": 5}
    facts |= {f"weight_{name}": weight for name, weight in WEIGHTS.items()} | {f"full_{name}": 2 for name in FIGURES}
    return EvaluationRule(
        **(
            facts
            | {"full_hours": 24, "full_satisfaction": 400, "full_amount": 960_000_000, "source": "样例办法"}
            | changed
        )
    )


def in_january():
    return clock.moved_to(datetime(NEXT_YEAR, 1, 20, 10, tzinfo=ZoneInfo("Asia/Shanghai")))


def evaluated(**changed):
    """A broker with 12 hours and one contract of 480 万元 this year, evaluated in January."""
    one, officer = broker(user=person()), person("officer")
    weighed(**changed).save()
    today = clock.today()
    confirm_training(trained(one, hours=12, held_on=today), by=officer)
    trained(one, hours=12, course="未确认", held_on=today)
    registered(broker=one)
    with in_january():
        return evaluate_broker(one, by=officer, year=today.year)


def test_every_rule_has_its_table():
    names = {"keep_evaluation_rule", "evaluate_broker", "comment_evaluation", "finish_evaluation"}
    assert names == verbs(rules)


def test_who_may():
    evaluation = evaluated()
    people = {
        "visitor": AnonymousUser(),
        "broker": evaluation.broker.user,
        "stranger": person(),
        "officer": person("officer"),
        "registrar": person("registrar"),
        "auditor": person("auditor"),
    }

    def allowed(rule, *subject):
        return {who for who, user in people.items() if why_not(rule, user, *subject) is None}

    assert allowed(rules.keep_evaluation_rule) == {"officer"}
    assert allowed(rules.evaluate_broker, evaluation.broker) == {"officer"}
    assert allowed(rules.finish_evaluation, evaluation) == {"officer"}
    assert allowed(rules.comment_evaluation, evaluation) == {"broker"}


def test_figures_points_and_result_come_from_the_records():
    evaluation = evaluated()

    values = {name: (figure["value"], figure["points"]) for name, figure in evaluation.figures.items()}
    assert values == {
        "needs": (0, 0),
        "meetings": (0, 0),
        "matches": (0, 0),
        "contracts": (1, 1000),
        "amount": (480_000_000, 1000),
        "hours": (12, 1000),
    }
    assert (evaluation.score, evaluation.result, evaluation.state) == (3000, "qualified", "proposed")


@pytest.mark.parametrize(
    ("limits", "result"),
    [
        ({"excellent_at": 30, "qualified_at": 29}, "excellent"),
        ({"excellent_at": 31, "qualified_at": 30}, "qualified"),
        ({"excellent_at": 32, "qualified_at": 31}, "unqualified"),
    ],
)
def test_the_dated_rule_draws_the_line(limits, result):
    assert evaluated(**limits).result == result


def test_the_sum_of_the_drill_down_is_the_figure(client):
    evaluation = evaluated()
    sign_in(client, evaluation.broker.user)

    figures = client.get(evaluation.get_absolute_url()).context["figures"]

    assert [sum(added for *_record, added in row["records"]) for row in figures] == [row["value"] for row in figures]
    assert sum(row["points"] for row in figures) == evaluation.score / 100


def test_a_year_that_is_not_over_or_has_no_rule_is_not_evaluated():
    one, officer = broker(), person("officer")
    with pytest.raises(YearNotOver):
        evaluate_broker(one, by=officer, year=clock.today().year)
    weighed(holds_from=clock.today()).save()
    with pytest.raises(EvaluationRuleMissing):
        evaluate_broker(one, by=officer, year=clock.today().year - 2)

    assert not YearlyEvaluation.objects.exists()


def test_nothing_is_final_before_the_broker_could_comment():
    evaluation, officer = evaluated(), person("officer")
    with in_january(), pytest.raises(StillOpen):
        finish_evaluation(evaluation, by=officer)
    with in_january():
        with pytest.raises(CommentMissing):
            comment_evaluation(evaluation, by=evaluation.broker.user, comment=" ")
        comment_evaluation(evaluation, by=evaluation.broker.user, comment="另有两项合同未登记。")
        with pytest.raises(CommentClosed):
            comment_evaluation(evaluation, by=evaluation.broker.user, comment="再补充。")
        with pytest.raises(AnswerToCommentMissing):
            finish_evaluation(YearlyEvaluation.objects.get(pk=evaluation.pk), by=officer)

        finish_evaluation(YearlyEvaluation.objects.get(pk=evaluation.pk), by=officer, answer="未登记的不计入。")
        with pytest.raises(FinalAlready):
            evaluate_broker(evaluation.broker, by=officer, year=evaluation.year)

    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.answer) == ("final", "未登记的不计入。")
    with pytest.raises(WrongState):
        finish_evaluation(evaluation, by=officer, answer="再次")


def test_computed_again_the_broker_speaks_to_the_new_figures_and_the_old_comment_stays_in_the_journal():
    evaluation, officer = evaluated(), person("officer")
    by, said = evaluation.broker.user, "另有十二学时未确认。"
    with in_january():
        comment_evaluation(evaluation, by=by, comment=said)
        confirm_training(TrainingRecord.objects.get(state="entered"), by=officer)

        again = evaluate_broker(evaluation.broker, by=officer, year=evaluation.year)

        assert (again.figures["hours"]["value"], again.comment, again.commented_at) == (24, "", None)
        with pytest.raises(StillOpen):
            finish_evaluation(again, by=officer)
        comment_evaluation(YearlyEvaluation.objects.get(), by=by, comment="已补记，无其他意见。")

    computed = Entry.objects.about(evaluation).filter(kind="evaluation.computed").order_by("id")
    assert [entry.data.get("comment_before") for entry in computed] == [None, said]
    assert YearlyEvaluation.objects.get().comment == "已补记，无其他意见。"


def test_after_the_term_it_is_final_without_a_comment():
    evaluation, officer = evaluated(), person("officer")

    with in_january(), clock.moved_to(clock.now() + timedelta(days=30)):
        with pytest.raises(CommentClosed):
            comment_evaluation(evaluation, by=evaluation.broker.user, comment="迟到的意见。")
        finish_evaluation(evaluation, by=officer)

    assert evaluation.state == "final"


def test_weights_come_to_100():
    officer = person("officer")
    with pytest.raises(NotInOrder) as refused:
        keep_evaluation_rule(rule=weighed(weight_hours=21), by=officer)
    with pytest.raises(PermissionDenied):
        keep_evaluation_rule(rule=weighed(), by=person("registrar"))

    keep_evaluation_rule(rule=weighed(), by=officer)

    assert EvaluationRule.objects.count() == 1
    assert (refused.value.field, "101" in str(refused.value)) == ("weight_hours", True)


@pytest.mark.parametrize(("name", "value"), [("weight_hours", 10), ("full_hours", 12), ("qualified_at", 60)])
def test_a_rule_of_evaluation_that_holds_is_not_rewritten(name, value):
    rule, officer = weighed(), person("officer")
    rule.save()
    setattr(rule, name, value)
    if name == "weight_hours":
        rule.weight_needs = 30
    with pytest.raises(HoldsAlready):
        keep_evaluation_rule(rule=rule, by=officer)
    rule.refresh_from_db()
    rule.source = "样例办法第 2 条"

    keep_evaluation_rule(rule=rule, by=officer)

    rule.refresh_from_db()
    assert (getattr(rule, name) != value, rule.source) == (True, "样例办法第 2 条")


def test_by_page_in_both_languages_and_not_for_strangers(client):
    evaluation = evaluated()
    sign_in(client, evaluation.broker.user)
    chinese = client.get(evaluation.get_absolute_url()).content.decode()
    english = client.get(f"/en{evaluation.get_absolute_url()}").content.decode()
    listed = client.get("/evaluations/")
    sign_in(client, person())

    assert "该项依据的记录" in chinese
    assert "Records behind this figure" in english
    assert [row[0] for row in listed.context["rows"]] == [evaluation]
    assert client.get(evaluation.get_absolute_url()).status_code == 404


@given(value=st.integers(0, 10**13), weight=st.integers(0, 100), full=st.integers(1, 10**13))
def test_points_never_exceed_the_weight_and_never_fall_as_the_figure_grows(value, weight, full):
    points = points_of(value, weight=weight, full=full)

    assert 0 <= points <= weight * 100
    assert points <= points_of(value + 1, weight=weight, full=full)
    assert (points == weight * 100) or value < full
