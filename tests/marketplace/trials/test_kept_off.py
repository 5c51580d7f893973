"""The page of a trial tells who answered for one party that a colleague answers for the other."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.utils.html import strip_tags

from marketplace.core import clock
from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole
from marketplace.trials.actions import start_trial, withdraw_trial
from marketplace.trials.ending import call_off_trial, report_breach, stop_trial
from marketplace.trials.noting import note_support
from marketplace.trials.stepping import STEPS
from tests.factories.people import join, sign_in
from tests.marketplace.trials.factories import evaluated, requested, running_trial, signed

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
    reason = f"You have acted for {trial.enterprise} in this already; somebody else of {trial.owner} has to do it."
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
    assert "extend" in offered
    assert offered.isdisjoint({"convert", "stop", "breach"})
    assert STEPS["stop"].title in page.context["kept_off"].others


def test_a_publisher_who_is_kept_off_reads_too_that_a_manager_binds_the_institute():
    trial, _owner, _tries = requested()
    asker = moved(trial.requested_by, trial.outcome.owner)
    trial.requested_by.memberships.filter(organisation=trial.outcome.owner).update(roles=["publisher"])

    page = asker.get(trial.get_absolute_url())

    assert page.context["kept_off"].steps == [STEPS["refuse"].title]
    assert page.context["needs_manager"] not in (None, page.context["kept_off"].reason)


def names_offered(client, trial):
    return {card["name"] for card in client.get(trial.get_absolute_url()).context["cards"]}


def test_who_asked_for_the_trial_neither_begins_it_nor_steps_back_nor_logs_hours_for_the_institute():
    trial, owner, _tries = signed()
    both = User.objects.get(pk=trial.requested_by_id)
    join(both, owner.organisation, MemberRole.MANAGER)
    for_owner = {"by": both, "organisation": owner.organisation}

    for tried in (
        lambda: start_trial(trial, starts_on=clock.today(), **for_owner),
        lambda: call_off_trial(trial, reason="不再提供", **for_owner),
        lambda: report_breach(trial, text="逾期未付", **for_owner),
        lambda: note_support(trial, given_on=clock.today(), hours=Decimal(2), text="调试", **for_owner),
    ):
        with pytest.raises(PermissionDenied, match="其他人员"):
            tried()

    trial.refresh_from_db()
    assert trial.state == "trial_contract_signed"
    start_trial(trial, starts_on=clock.today(), **owner.as_party)
    assert trial.state == "trial_running"
    with pytest.raises(PermissionDenied, match="其他人员"):
        note_support(trial, given_on=clock.today(), hours=Decimal(2), text="调试", **for_owner)


def test_who_began_the_trial_for_the_institute_neither_evaluates_nor_stops_it_for_the_enterprise():
    trial, owner, tries = running_trial()
    approver = owner.manager
    join(approver, tries.organisation, MemberRole.MANAGER)
    for_enterprise = {"by": approver, "organisation": tries.organisation}

    with pytest.raises(PermissionDenied, match="其他人员"):
        stop_trial(trial, reason="不再需要", **for_enterprise)

    trial.refresh_from_db()
    assert trial.state == "trial_running"
    owner.organisation.memberships.filter(user=approver).update(state="left")
    reader = sign_in(Client(), User.objects.get(pk=approver.pk))
    assert {"stop", "evaluate", "reach"}.isdisjoint(names_offered(reader, trial))
    stop_trial(trial, reason="不再需要", **tries.as_party)


def test_a_request_is_taken_back_by_whoever_belongs_to_the_enterprise():
    trial, owner, tries = requested()
    refuser = owner.manager
    join(refuser, tries.organisation, MemberRole.MANAGER)

    withdraw_trial(trial, by=refuser, organisation=tries.organisation)

    assert trial.state == "withdrawn"
