"""Trials in the background: who is told, what runs out, what search finds of the pool."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from marketplace.core import clock
from marketplace.notices.models import Notice
from marketplace.outcomes.availability import reserve_outcome
from marketplace.trials import actions, converting, ending, insuring, noting, pooling, running
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.royalties import take_back_output
from tasks.delivery import at_once
from tasks.trials import end_due_trials, remind_of_trials
from tests.marketplace.matching.factories import enterprise, member, outcome, person
from tests.marketplace.outcomes import making
from tests.marketplace.trials.factories import (
    POLICY,
    REQUEST,
    TERMS,
    VERDICTS,
    WAN,
    approved,
    disputed,
    evaluated,
    fresh,
    pooled,
    running_trial,
    signed,
)
from tests.marketplace.trials.test_royalties import converted, reported

pytestmark = pytest.mark.django_db


def told(kind):
    return set(Notice.objects.filter(kind=kind).values_list("user", flat=True))


def test_a_request_reaches_the_institute_and_each_answer_the_enterprise(commit, mailoutbox):
    entry, owner = pooled()
    tries = enterprise()
    agent, idle = member(tries, "bidder"), member(tries, "finance")

    trial = commit(lambda: actions.request_trial(entry.outcome, by=agent, organisation=tries, **REQUEST))
    assert told("trial.requested") == {owner.manager.pk}
    assert {mail.to[0] for mail in mailoutbox} == {owner.manager.email}
    commit(lambda: actions.approve_trial(trial, **owner.as_party))

    assert told("trial.approved") == {agent.pk}
    assert idle.pk not in set(Notice.objects.values_list("user", flat=True))


def test_both_hear_of_the_contract_and_the_one_who_acted_last_does_not(commit):
    trial, owner, tries = approved()
    actions.sign_trial_contract(trial, **owner.as_party)

    commit(lambda: actions.sign_trial_contract(trial, **tries.as_party))

    assert owner.manager.pk in told("trial.signed")
    assert tries.manager.pk not in told("trial.signed")


def test_a_breach_reaches_the_other_party_and_officers_of_neither(commit):
    trial, owner, tries = running_trial()
    officer = person("officer")
    insider = person("officer", member_of=tries.organisation, roles=["finance"])

    commit(lambda: ending.report_breach(trial, text="超出约定地域。", **owner.as_party))

    assert tries.manager.pk in told("trial.disputed")
    assert told("trial.to_resolve") == {officer.pk}
    assert insider.pk not in told("trial.to_resolve")


def test_terms_reach_officers_only_where_the_district_checks(commit):
    officer = person("officer")
    first, second = outcome(), outcome()
    by = {"by": member(first.owner), "organisation": first.owner}
    commit(lambda: pooling.enter_pool(first, **by, **TERMS))
    unchecked = told("pool.to_check")
    TrialPolicy.objects.create(holds_from="2020-01-01", district_checks=True)

    by = {"by": member(second.owner), "organisation": second.owner}
    commit(lambda: pooling.enter_pool(second, **by, **TERMS))

    assert (unchecked, told("pool.to_check")) == (set(), {officer.pk})


def test_the_words_of_every_notice_are_complete(commit):
    """A notice is written when it is read: each kind is, with the data it was told with."""
    trial, owner, tries = signed()
    steps = [
        lambda: actions.start_trial(trial, starts_on=clock.today(), **owner.as_party),
        lambda: running.ask_extension(trial, days=30, reason="夏季工况。", **tries.as_party),
        lambda: running.answer_extension(trial, trial.extensions.get(), is_granted=True, **owner.as_party),
        lambda: running.evaluate_trial(trial, verdicts=VERDICTS, text="可以。", **tries.as_party),
        lambda: ending.stop_trial(trial, reason="暂不转化。", **tries.as_party),
        lambda: ending.confirm_return(trial, **tries.as_party),
        lambda: ending.confirm_return(trial, **owner.as_party),
    ]

    for step in steps:
        commit(step)

    kinds = {"started", "extension_asked", "extension_granted", "evaluated", "stopped", "closed"}
    notices = Notice.objects.filter(kind__startswith="trial.")
    assert {notice.kind for notice in notices} == {f"trial.{kind}" for kind in kinds}
    assert all("%(" not in notice.title for notice in notices)


def test_the_sweeps_end_and_remind_each_once(commit):
    late, near, fine = approved().trial, running_trial().trial, running_trial().trial
    with clock.moved_to(timezone.now() + timedelta(days=31)):
        commit(end_due_trials)
        commit(end_due_trials)
    with clock.moved_to(timezone.now() + timedelta(days=80)):
        commit(remind_of_trials)
        commit(remind_of_trials)

    assert (fresh(late).state, fresh(near).state) == ("lapsed", "trial_running")
    assert len(told("trial.lapsed")) >= 2
    assert Notice.objects.filter(kind="trial.reminded").values("user", "subject_id").distinct().count() == (
        Notice.objects.filter(kind="trial.reminded").count()
    )
    assert fresh(fine).reminded_of == fresh(fine).ends_on


@pytest.fixture
def pool(tmp_path, settings):
    """An institute, and those of its house by whom an outcome comes into the pool."""
    settings.SEARCH_DIR = tmp_path / "search"
    making.set_up()
    house = making.Institute()
    return house, {"by": house.manager, "organisation": house.organisation}


def listed(client):
    return client.get("/outcomes/?trial_first=yes").context["total"]


@pytest.mark.django_db(transaction=True)
def test_the_public_list_of_the_pool_follows_entering_and_leaving(client, pool):
    house, by = pool

    with at_once():
        published = house.published()
        entry = pooling.enter_pool(published, **by, **TERMS)
        within = listed(client)
        pooling.leave_pool(entry, reason="不再提供。", **by)
        without = listed(client)
        pooling.enter_pool(published, **by, **TERMS)

    assert (within, without, listed(client)) == (1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_the_public_list_of_the_pool_shows_what_takes_requests_now(client, pool):
    house, by = pool

    with at_once():
        published = house.published()
        only_says_so = listed(client)
        entry = pooling.enter_pool(published, **by, **TERMS)
        open_now = listed(client)
        pooling.pause_pool_entry(entry, reason="设备检修", **by)
        paused = listed(client)
        pooling.resume_pool_entry(entry, **by)
        resumed = listed(client)
        reserve_outcome(published, by=None)
        reserved = listed(client)

    assert "trial_first" in published.modes
    assert (only_says_so, open_now, paused, resumed, reserved) == (0, 1, 0, 1, 0)


def test_an_open_dispute_does_not_run_out(commit):
    trial = disputed().trial

    with clock.moved_to(timezone.now() + timedelta(days=400)):
        commit(end_due_trials)

    assert fresh(trial).state == "dispute"


def test_the_other_side_hears_of_hours_milestones_and_the_policy(commit):
    trial, owner, tries = signed(needs_insurance=True)
    day = clock.today()
    period = {"begins_on": day, "ends_on": day + timedelta(days=90)}
    commit(lambda: insuring.insure_trial(trial, **POLICY, **period, **tries.as_party))
    commit(lambda: actions.start_trial(trial, starts_on=day, **owner.as_party))
    step = noting.add_milestone(trial, title="装机", due_on=day, **owner.as_party)
    hours = commit(lambda: noting.note_support(trial, given_on=day, hours=Decimal(2), text="调试", **owner.as_party))
    commit(lambda: noting.take_back_support(trial, hours, reason="写错", **owner.as_party))
    commit(lambda: noting.reach_milestone(trial, step, note="装好了", **tries.as_party))

    assert owner.manager.pk in told("trial.insured")
    assert tries.manager.pk not in told("trial.insured")
    for kind in ("trial.supported", "trial.support_taken_back"):
        assert tries.manager.pk in told(kind)
        assert owner.manager.pk not in told(kind)
    assert owner.manager.pk in told("trial.milestone_reached")
    assert tries.manager.pk not in told("trial.milestone_reached")


@pytest.mark.parametrize(("granted", "kind"), [(True, "trial.extension_granted"), (False, "trial.extension_refused")])
def test_the_answer_to_a_question_for_time_is_told(commit, granted, kind):
    trial, owner, tries = running_trial()
    asked = running.ask_extension(trial, days=10, reason="缺料", **tries.as_party)

    commit(lambda: running.answer_extension(trial, asked, is_granted=granted, reason="好", **owner.as_party))

    assert tries.manager.pk in told(kind)
    assert owner.manager.pk not in told(kind)


def test_the_institute_hears_of_output_and_of_a_report_taken_back(commit):
    tried, _contract = converted()

    report = commit(lambda: reported(tried))
    commit(lambda: take_back_output(tried.trial, report, reason="写错", **tried.enterprise.as_party))

    notice = Notice.objects.get(kind="trial.output_reported", user=tried.owner.manager)
    assert (notice.data["output_fen"], notice.data["due_fen"]) == (200 * WAN, 6 * WAN)
    assert tried.owner.manager.pk in told("trial.output_taken_back")


def test_a_conversion_does_not_ask_the_institute_to_answer_what_it_has_accepted(commit):
    tried = evaluated()

    commit(lambda: converting.convert_trial(tried.trial, **tried.enterprise.as_party))

    assert tried.owner.manager.pk in told("trial.conversion_chosen")
    assert told("interest.shown") == set()
