"""The page of a trial tells who answered for one party that a colleague answers for the other."""

import pytest
from django.test import Client
from django.utils.html import strip_tags

from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from marketplace.trials.stepping import STEPS
from tests.factories.people import join, sign_in
from tests.marketplace.trials.factories import evaluated, requested

pytestmark = pytest.mark.django_db


def moved(user, house):
    """The person, who left where they were and manages another house."""
    user.memberships.update(state="left")
    join(user, house, MemberRole.MANAGER)
    return sign_in(Client(), User.objects.get(pk=user.pk))


def test_who_asked_for_a_trial_reads_that_a_colleague_answers_for_the_institute():
    trial, owner, _tries = requested()
    asker = moved(trial.requested_by, trial.outcome.owner)

    page = asker.get("/en" + trial.get_absolute_url())
    text = strip_tags(page.content.decode())

    assert "It waits for a colleague of yours" in text
    reason = f"You answered for {trial.enterprise} already; somebody else of {trial.owner} has to answer."
    assert text.count(reason) == 1
    assert page.context["kept_off"].steps == [STEPS["approve"].title, STEPS["refuse"].title]
    others = sign_in(Client(), owner.manager).get(trial.get_absolute_url())
    assert others.context["kept_off"] is None
    assert "等您的同事处理" not in others.content.decode()


def test_who_may_not_choose_the_conversion_still_asks_for_more_time():
    trial, owner, _tries = evaluated()
    approver = moved(owner.manager, trial.enterprise)

    page = approver.get(trial.get_absolute_url())

    assert page.context["kept_off"].steps == [STEPS["convert"].title]
    offered = {card["name"] for card in page.context["cards"]}
    assert {"extend", "stop"} <= offered
    assert "convert" not in offered


def test_a_publisher_who_is_kept_off_reads_too_that_a_manager_binds_the_institute():
    trial, _owner, _tries = requested()
    asker = moved(trial.requested_by, trial.outcome.owner)
    trial.requested_by.memberships.filter(organisation=trial.outcome.owner).update(roles=["publisher"])

    page = asker.get(trial.get_absolute_url())

    assert page.context["kept_off"].steps == [STEPS["refuse"].title]
    assert page.context["needs_manager"] not in (None, page.context["kept_off"].reason)
