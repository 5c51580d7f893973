"""The yearly evaluation on desk and menu: officers compute and answer, the broker comments, nobody else is asked."""

import pytest
from django.test import Client
from django.urls import reverse

from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.desk.collecting import collect
from marketplace.desk.rows import Reader
from marketplace.rewards.evaluation.actions import comment_evaluation, evaluate_broker
from marketplace.rewards.evaluation.models import YearlyEvaluation
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import broker, person
from tests.marketplace.rewards.test_evaluation import in_january, weighed
from tests.tasks.conftest import commit  # noqa: F401  # what follows from an action is carried out at once

pytestmark = pytest.mark.django_db


def rows_of(user, icon):
    return [row for row in collect(Reader(user, None, clock.now())) if row.icon == icon]


def test_the_office_is_asked_to_evaluate_and_to_answer_the_broker_to_comment():
    officer, other = person("officer"), person("registrar")
    one, revoked, year = broker(), broker(), clock.today().year
    TechBroker.objects.filter(pk=revoked.pk).update(state="revoked", decision_reason="样例", decided_at=clock.now())
    weighed().save()
    assert rows_of(officer, "chart-bar") == []  # nobody was in the register last year
    with in_january():
        [asked] = rows_of(officer, "chart-bar")
        assert (asked.count, asked.url) == (1, reverse("evaluation-list"))
        page = sign_in(Client(), officer).get("/evaluations/")
        assert [each.pk for each in page.context["lacking"]] == [one.pk]
        assert sign_in(Client(), one.user).get("/evaluations/").context["lacking"] == []
        assert rows_of(other, "chart-bar") == rows_of(one.user, "chart-bar") == []

        evaluation = evaluate_broker(one, by=officer, year=year)
        assert rows_of(officer, "chart-bar") == []
        [comment] = rows_of(one.user, "chart-bar")
        assert (comment.url, comment.due) == (evaluation.get_absolute_url(), evaluation.comment_until)

        comment_evaluation(evaluation, by=one.user, comment="少计一次会谈")
        assert rows_of(one.user, "chart-bar") == []
        assert [row.url for row in rows_of(officer, "chart-bar")] == [evaluation.get_absolute_url()]


def test_nobody_evaluates_the_broker_they_are_and_without_a_rule_nobody_is_asked():
    officer, one = person("officer"), broker()
    TechBroker.objects.filter(pk=one.pk).update(user=officer)

    with in_january():
        assert rows_of(officer, "chart-bar") == []
        weighed(holds_from=clock.today()).save()
        broker()
        assert rows_of(person("officer"), "chart-bar") == []
    assert not YearlyEvaluation.objects.exists()


def test_the_menu_leads_officers_and_brokers_to_the_evaluations():
    def rooms(user):
        return [item["href"] for item in sign_in(Client(), user).get("/desk/").context["desk_menu"]]

    assert "/evaluations/" in rooms(person("officer"))
    assert "/evaluations/" in rooms(broker().user)
    assert "/evaluations/" not in rooms(person("registrar"))
