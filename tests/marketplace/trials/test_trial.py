"""A trial from request to its end: each step, and each reason why not."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole
from marketplace.trials import actions, converting, ending, insuring, noting, pooling, running
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.refusals import (
    AnswerAwaited,
    DayOutside,
    ExtensionAsked,
    ExtensionTooLong,
    HoursImpossible,
    InsuranceEnds,
    InsuranceIncomplete,
    InsuranceMissing,
    MilestoneReached,
    NoExtensionLeft,
    NoPlaceLeft,
    NotBegun,
    NothingSaid,
    NotInPool,
    OwnBreach,
    ProofMissing,
    ReasonMissing,
    ReturnConfirmed,
    SignedAlready,
    SupportInFuture,
    TermOver,
    TrialUnderWay,
    VerdictMissing,
)
from tests.factories.people import join
from tests.marketplace.deals.factories import pdf
from tests.marketplace.matching.factories import WAN, person
from tests.marketplace.trials.factories import (
    AGREED,
    POLICY,
    REQUEST,
    VERDICTS,
    approved,
    chosen,
    disputed,
    evaluated,
    fresh,
    insured,
    pooled,
    requested,
    running_trial,
    signed,
    stopped,
)

pytestmark = pytest.mark.usefixtures("for_now")
SHARED = (requested, approved, signed, insured, running_trial, evaluated, stopped, disputed)
DAY = timedelta(days=1)


def later(trial, days):
    """The clock, so many days after the trial's beginning."""
    return clock.moved_to(timezone.now() + timedelta(days=days))


def test_one_enterprise_has_one_trial_of_an_outcome_under_way(ready):
    tried = ready(requested)

    with pytest.raises(TrialUnderWay):
        actions.request_trial(tried.trial.outcome, **tried.enterprise.as_party, **REQUEST)

    actions.withdraw_trial(tried.trial, **tried.enterprise.as_party)
    again = actions.request_trial(tried.trial.outcome, **tried.enterprise.as_party, **REQUEST)
    assert again.state == "trial_requested"


def test_no_more_trials_at_once_than_there_are_places():
    entry, owner = pooled(max_parallel=1)
    approved(on=entry)
    second = requested(on=entry)

    with pytest.raises(NoPlaceLeft):
        actions.approve_trial(second.trial, **owner.as_party)

    assert fresh(second.trial).state == "trial_requested"


def test_a_place_is_free_again_when_a_trial_has_ended():
    entry, owner = pooled(max_parallel=1)
    stopped(on=entry)
    second = requested(on=entry)

    actions.approve_trial(second.trial, **owner.as_party)

    assert second.trial.state == "institute_approved"


def test_a_refusal_says_why(ready):
    tried = ready(requested)
    with pytest.raises(ReasonMissing):
        actions.refuse_trial(tried.trial, reason=" ", **tried.owner.as_party)

    actions.refuse_trial(tried.trial, reason="试用地点不在约定地域。", **tried.owner.as_party)

    trial = fresh(tried.trial)
    assert (trial.state, trial.answer_reason) == ("refused", "试用地点不在约定地域。")


def test_the_contract_is_confirmed_by_each_side_once_and_then_the_confidential_part_is_open(ready):
    tried = ready(approved)
    trial, owner, enterprise = tried

    actions.sign_trial_contract(trial, **enterprise.as_party)
    with pytest.raises(SignedAlready):
        actions.sign_trial_contract(trial, **enterprise.as_party)
    halfway = (fresh(trial).state, trial.outcome.disclosures.count())
    actions.sign_trial_contract(trial, **owner.as_party)

    signed_trial = fresh(trial)
    assert halfway == ("institute_approved", 0)
    assert signed_trial.state == "trial_contract_signed"
    assert (signed_trial.owner_signed_by, signed_trial.enterprise_signed_by) == (owner.manager, enterprise.manager)
    assert trial.outcome.disclosures.get().organisation == enterprise.organisation
    assert Entry.objects.about(trial).filter(kind=Kind.TRIAL_CONFIRMED).count() == 2


@pytest.mark.parametrize("wrong", [{"premium": 0}, {"subsidy": 600_001}, {"insured_sum": 0}])
def test_an_insurance_that_does_not_hold_together_is_refused(wrong, ready):
    tried = ready(signed)
    period = {"begins_on": clock.today(), "ends_on": clock.today() + DAY}

    with pytest.raises(InsuranceIncomplete):
        insuring.insure_trial(tried.trial, **tried.owner.as_party, **POLICY | period | wrong)

    assert fresh(tried.trial).state == "trial_contract_signed"


def test_where_insurance_is_required_the_trial_waits_for_it():
    tried = signed(needs_insurance=True)

    with pytest.raises(InsuranceMissing):
        actions.start_trial(tried.trial, starts_on=clock.today(), **tried.owner.as_party)
    period = {"begins_on": clock.today(), "ends_on": clock.today() + 90 * DAY}
    insuring.insure_trial(tried.trial, **tried.owner.as_party, **POLICY, **period)
    with clock.moved_to(timezone.now() + DAY), pytest.raises(InsuranceEnds):
        actions.start_trial(tried.trial, starts_on=clock.today(), **tried.owner.as_party)

    assert fresh(tried.trial).state == "insured"


def test_a_longer_trial_needs_a_longer_policy_where_insurance_is_required():
    trial, owner, tries = signed(needs_insurance=True)
    period = {"begins_on": clock.today(), "ends_on": clock.today() + 100 * DAY}
    insuring.insure_trial(trial, **owner.as_party, **POLICY, **period)
    actions.start_trial(trial, starts_on=clock.today(), **owner.as_party)
    extension = running.ask_extension(trial, days=30, reason="夏季工况未覆盖。", **tries.as_party)
    with pytest.raises(InsuranceEnds):
        running.answer_extension(trial, extension, is_granted=True, **owner.as_party)
    ended = fresh(trial).ends_on

    longer = {"begins_on": clock.today(), "ends_on": clock.today() + 200 * DAY, "policy_number": "YB-2026-0002"}
    insuring.insure_trial(trial, **owner.as_party, **POLICY | longer)
    running.answer_extension(trial, extension, is_granted=True, **owner.as_party)

    trial = fresh(trial)
    assert (trial.state, trial.ends_on - ended) == ("trial_running", 30 * DAY)
    assert trial.insurance.policy_number == "YB-2026-0002"


def test_what_was_taken_out_of_the_pool_is_not_approved_any_more(ready):
    trial, owner, _tries = ready(requested)
    pooling.leave_pool(trial.entry, reason="不再提供。", **owner.as_party)

    with pytest.raises(NotInPool):
        actions.approve_trial(trial, **owner.as_party)

    assert fresh(trial).state == "trial_requested"


def test_the_end_follows_from_the_length_and_the_decision_from_the_end(ready):
    tried = ready(insured)

    actions.start_trial(tried.trial, starts_on=clock.today(), **tried.owner.as_party)

    trial = fresh(tried.trial)
    assert trial.state == "trial_running"
    assert (trial.ends_on - trial.starts_on, trial.decide_by - trial.ends_on) == (90 * DAY, 30 * DAY)


@pytest.mark.parametrize("days", [-1, 1, 31])
def test_a_trial_begins_on_its_day(days, ready):
    tried = ready(signed)

    with pytest.raises(NotBegun):
        actions.start_trial(tried.trial, starts_on=clock.today() + days * DAY, **tried.owner.as_party)


def test_milestones_lie_within_the_trial_and_are_reached_once_with_evidence(ready):
    trial, owner, enterprise = ready(running_trial)
    with pytest.raises(DayOutside):
        noting.add_milestone(trial, title="交付样机", due_on=trial.ends_on + DAY, **owner.as_party)
    step = noting.add_milestone(trial, title="交付样机", due_on=trial.starts_on + 10 * DAY, **owner.as_party)

    with pytest.raises(ProofMissing):
        noting.reach_milestone(trial, step, note=" ", **enterprise.as_party)
    noting.reach_milestone(trial, step, note="已安装。", evidence=[pdf()], **enterprise.as_party)
    with pytest.raises(MilestoneReached):
        noting.reach_milestone(trial, step, note="又一次", **enterprise.as_party)

    step.refresh_from_db()
    assert (step.reached_by, step.note) == (enterprise.manager, "已安装。")
    assert step.file_visible_to(owner.manager, None)
    assert not step.file_visible_to(person(), None)


def test_support_is_noted_by_day_and_hours(ready):
    trial, owner, _enterprise = ready(running_trial)

    for wrong, refusal in (
        ({"hours": Decimal(0)}, HoursImpossible),
        ({"hours": Decimal("24.5")}, HoursImpossible),
        ({"given_on": clock.today() + DAY}, SupportInFuture),
        ({"text": " "}, NothingSaid),
    ):
        facts = {"given_on": clock.today(), "hours": Decimal("2.5"), "text": "现场调试"}
        with pytest.raises(refusal):
            noting.note_support(trial, **owner.as_party, **facts | wrong)
    noting.note_support(trial, given_on=clock.today(), hours=Decimal("2.5"), text="现场调试", **owner.as_party)

    assert [one.hours for one in trial.support.all()] == [Decimal("2.5")]


def test_each_criterion_is_judged_or_measured(ready):
    trial, _owner, enterprise = ready(running_trial)
    with pytest.raises(VerdictMissing):
        running.evaluate_trial(trial, verdicts={1: ("met", "")}, text="可以。", **enterprise.as_party)
    assert [one.verdict for one in fresh(trial).criteria.all()] == ["", ""]

    trial = fresh(trial)
    running.evaluate_trial(trial, verdicts=VERDICTS, text="总体达到预期。", **enterprise.as_party)

    told = [(one.verdict, one.measured) for one in trial.criteria.all()]
    assert (fresh(trial).state, told) == ("evaluation", [("met", "18 µA"), ("", "98.6 %")])


def test_more_time_is_asked_for_and_granted_and_the_trial_runs_on(ready):
    trial, owner, enterprise = ready(evaluated)
    ended = trial.ends_on
    extension = running.ask_extension(trial, days=45, reason="夏季工况未覆盖。", **enterprise.as_party)
    with pytest.raises(ExtensionAsked):
        running.ask_extension(trial, days=45, reason="再次", **enterprise.as_party)

    running.answer_extension(trial, extension, is_granted=True, **owner.as_party)

    assert (fresh(trial).state, fresh(trial).ends_on - ended) == ("trial_running", 45 * DAY)
    assert fresh(trial).decide_by == fresh(trial).ends_on + 30 * DAY
    assert trial.extensions.get().get_state_display() == "已同意"


def test_a_refused_extension_says_why_and_changes_nothing(ready):
    trial, owner, enterprise = ready(evaluated)
    extension = running.ask_extension(trial, days=45, reason="夏季工况未覆盖。", **enterprise.as_party)
    with pytest.raises(ReasonMissing):
        running.answer_extension(trial, extension, is_granted=False, **owner.as_party)

    running.answer_extension(trial, extension, is_granted=False, reason="样机另有安排。", **owner.as_party)

    assert (fresh(trial).state, fresh(trial).ends_on) == ("evaluation", trial.ends_on)


def test_the_district_says_how_often_and_how_long(ready):
    TrialPolicy.objects.create(holds_from=date(2020, 1, 1), max_extensions=1, longest_days=200)
    trial, owner, enterprise = ready(running_trial)
    with pytest.raises(ExtensionTooLong):
        running.ask_extension(trial, days=111, reason="太长", **enterprise.as_party)
    extension = running.ask_extension(trial, days=60, reason="需要", **enterprise.as_party)
    running.answer_extension(trial, extension, is_granted=True, **owner.as_party)

    with pytest.raises(NoExtensionLeft):
        running.ask_extension(trial, days=10, reason="还要", **enterprise.as_party)


def test_stopped_and_closed_when_both_have_confirmed_the_return(ready):
    trial, owner, enterprise = ready(stopped)

    ending.confirm_return(trial, **owner.as_party)
    with pytest.raises(ReturnConfirmed):
        ending.confirm_return(trial, **owner.as_party)
    halfway = fresh(trial).state
    ending.confirm_return(trial, **enterprise.as_party)

    assert (halfway, fresh(trial).state) == ("stop", "closed")
    assert fresh(trial).ended_at is not None


def test_a_dispute_that_goes_on_gives_the_days_back(ready):
    trial, _owner, _enterprise = ready(disputed)
    ended = trial.ends_on

    with later(trial, 12):  # without an answer, whose days are over
        ending.resolve_dispute(trial, by=person("officer"), goes_on=True, text="双方确认地域，继续试用。")

    assert (fresh(trial).state, fresh(trial).ends_on - ended) == ("trial_running", 12 * DAY)


def test_a_side_that_was_suspended_meanwhile_is_heard(ready):
    trial, _owner, tries = ready(disputed)
    Organisation.objects.filter(pk=trial.enterprise_id).update(state="suspended")
    people = {"by": User.objects.get(pk=tries.manager.pk), "organisation": fresh(trial).enterprise}

    ending.answer_breach(fresh(trial), text="已当天停止。", **people)

    assert trial.breaches.get().answer == "已当天停止。"


def test_a_dispute_may_end_the_trial_and_the_words_stay(ready):
    trial, owner, tries = ready(disputed)
    with pytest.raises(OwnBreach):
        ending.answer_breach(trial, text="我方自己的报告。", **owner.as_party)
    with pytest.raises(AnswerAwaited):
        ending.resolve_dispute(trial, by=person("officer"), goes_on=False, text="违反地域约定，终止试用。")
    assert fresh(trial).state == "dispute"
    trial = fresh(trial)
    ending.answer_breach(trial, text="已当天停止。", **tries.as_party)
    with pytest.raises(OwnBreach):
        ending.answer_breach(trial, text="再说一次。", **tries.as_party)
    with pytest.raises(NothingSaid):
        ending.resolve_dispute(trial, by=person("officer"), goes_on=False, text="")

    ending.resolve_dispute(trial, by=person("officer"), goes_on=False, text="违反地域约定，终止试用。")

    breach = trial.breaches.get()
    assert (fresh(trial).state, breach.goes_on, breach.resolution) == ("stop", False, "违反地域约定，终止试用。")
    assert breach.answer == "已当天停止。"


@pytest.mark.parametrize("made", [signed, insured])
@pytest.mark.parametrize("side", ["owner", "enterprise"])
def test_either_side_steps_back_before_the_beginning_with_a_reason(made, side):
    entry, owner = pooled(max_parallel=1)
    tried, waits = made(on=entry), requested(on=entry)
    party = getattr(tried, side)
    with pytest.raises(ReasonMissing):
        ending.call_off_trial(fresh(tried.trial), reason=" ", **party.as_party)

    ending.call_off_trial(fresh(tried.trial), reason="样机损坏。", **party.as_party)
    actions.approve_trial(waits.trial, **owner.as_party)

    trial = fresh(tried.trial)
    assert (trial.state, trial.stop_reason, trial.starts_on) == ("called_off", "样机损坏。", None)
    assert trial.ended_at is not None


def test_what_has_begun_is_not_called_off(ready):
    trial, owner, _tries = ready(running_trial)

    with pytest.raises(WrongState):
        ending.call_off_trial(trial, reason="样机损坏。", **owner.as_party)


def test_what_is_not_confirmed_in_time_lapses_and_gives_its_place_back():
    entry, owner = pooled(max_parallel=1)
    first, second = approved(on=entry), requested(on=entry)

    with later(first.trial, 31):
        with pytest.raises(TermOver):
            actions.sign_trial_contract(first.trial, **first.enterprise.as_party)
        assert ending.expire_trial(first.trial) is True
        assert ending.expire_trial(first.trial) is False
        actions.approve_trial(second.trial, **owner.as_party)

    assert (fresh(first.trial).state, fresh(second.trial).state) == ("lapsed", "institute_approved")


def test_a_trial_nobody_decides_expires_after_the_days_to_decide(ready):
    trial, owner, enterprise = ready(running_trial)

    with later(trial, 120):
        assert ending.expire_trial(trial) is False
    with later(trial, 121):
        with pytest.raises(TermOver):
            running.evaluate_trial(trial, verdicts=VERDICTS, text="晚了。", **enterprise.as_party)
        assert ending.expire_trial(trial) is True
        ending.confirm_return(trial, **owner.as_party)
        ending.confirm_return(trial, **enterprise.as_party)

    assert fresh(trial).state == "closed"


def test_parties_are_reminded_once_of_each_term(ready):
    trial, _owner, _enterprise = ready(running_trial)

    said = []
    for days in (60, 80, 81, 100, 110, 111):
        with later(trial, days):
            said.append(ending.remind_of_end(trial))

    assert said == [False, True, False, False, True, False]
    assert Entry.objects.about(trial).filter(kind=Kind.TRIAL_REMINDED).count() == 2


STEPS = {
    "approve_trial": (actions, {}, {"trial_requested"}),
    "refuse_trial": (actions, {"reason": "否"}, {"trial_requested"}),
    "withdraw_trial": (actions, {}, {"trial_requested", "institute_approved"}),
    "sign_trial_contract": (actions, {}, {"institute_approved"}),
    "stop_trial": (ending, {"reason": "否"}, {"trial_running", "evaluation"}),
    "confirm_return": (ending, {}, {"stop"}),
    "report_breach": (ending, {"text": "违约"}, {"trial_running", "evaluation"}),
}
MADE = {
    "trial_requested": requested,
    "institute_approved": approved,
    "trial_contract_signed": signed,
    "insured": insured,
    "trial_running": running_trial,
    "evaluation": evaluated,
    "stop": stopped,
    "dispute": disputed,
}
OF_ENTERPRISE = {"withdraw_trial", "stop_trial"}


@pytest.mark.parametrize("state", MADE)
def test_each_step_is_taken_in_its_states_only(state, ready):
    taken = set()
    for verb, (module, facts, _states) in STEPS.items():
        tried, before = ready(MADE[state]), transaction.savepoint()
        party = tried.enterprise if verb in OF_ENTERPRISE else tried.owner
        try:
            getattr(module, verb)(tried.trial, **party.as_party, **facts)
        except WrongState:
            assert fresh(tried.trial).state == state
        else:
            taken.add(verb)
        transaction.savepoint_rollback(before)

    assert taken == {verb for verb, (_module, _facts, states) in STEPS.items() if state in states}


def test_amounts_and_names_stay_out_of_the_journal(ready):
    trial, _owner, _enterprise = ready(insured)

    data = [entry.data for entry in Entry.objects.about(trial)]

    assert "样例财产保险" not in str(data)
    assert any(each.get("sum") == 50 * WAN and each.get("subsidy") == 300_000 for each in data)


def also_of(party, other):
    """Let the manager of one party be one of the other too."""
    join(party.manager, other.organisation, MemberRole.MANAGER)
    return {"by": party.manager, "organisation": other.organisation}


def test_nobody_approves_the_trial_they_asked_for(ready):
    trial, owner, _enterprise = ready(requested)
    asked = User.objects.get(pk=trial.requested_by_id)
    join(asked, owner.organisation, MemberRole.MANAGER)

    for call in (
        lambda: actions.approve_trial(trial, by=asked, organisation=owner.organisation),
        lambda: actions.refuse_trial(trial, by=asked, organisation=owner.organisation, reason="不合适"),
    ):
        with pytest.raises(PermissionDenied, match="已代表"):
            call()

    assert fresh(trial).state == "trial_requested"


def test_nobody_confirms_a_trial_contract_for_both_sides(ready):
    trial, owner, enterprise = ready(approved)
    actions.sign_trial_contract(trial, **owner.as_party)

    with pytest.raises(PermissionDenied, match="已代表"):
        actions.sign_trial_contract(trial, **also_of(owner, enterprise))

    assert fresh(trial).state == trial.State.APPROVED


def test_nobody_confirms_the_return_for_both_sides(ready):
    trial, owner, enterprise = ready(stopped)
    ending.confirm_return(trial, **owner.as_party)

    with pytest.raises(PermissionDenied, match="已代表"):
        ending.confirm_return(trial, **also_of(owner, enterprise))

    assert fresh(trial).state == trial.State.RETURNING


def test_nobody_accepts_the_price_of_a_conversion_they_proposed():
    trial, owner, enterprise = chosen(**AGREED)
    converting.propose_trial_price(trial, amount=WAN, **owner.as_party)

    with pytest.raises(PermissionDenied, match="已代表"):
        converting.accept_trial_price(trial, amount=WAN, **also_of(owner, enterprise))

    assert fresh(trial).price is None
