"""The pool: terms fixed in advance, in versions; who checks them, pausing and leaving."""

import pytest
from django.core.exceptions import PermissionDenied

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.core.refusals import WrongState
from marketplace.trials import actions, pooling
from marketplace.trials.policy import TrialPolicy
from marketplace.trials.pool import PoolEntry
from marketplace.trials.refusals import (
    CapBelowBase,
    CriteriaMissing,
    InPool,
    NotInPool,
    OutcomeNotOffered,
    ReasonMissing,
    TermsIncomplete,
    TooLong,
    WordsMissing,
)
from tests.marketplace.deals.factories import Party
from tests.marketplace.matching.factories import WAN, enterprise, member, outcome, person
from tests.marketplace.trials.factories import AGREED, REQUEST, TERMS, Tried, fresh, pooled, requested, running_trial

pytestmark = pytest.mark.django_db


def test_an_outcome_enters_with_its_terms_and_is_offered_for_trial():
    offered = outcome(modes=["ordinary"])

    entry, owner = pooled(of=offered)

    offered.refresh_from_db()
    assert entry.state == "in_pool"
    assert (entry.current.version, entry.current.price, entry.current.written_by) == (1, 60 * WAN, owner.manager)
    assert offered.modes == ["ordinary", "trial_first"]
    assert Entry.objects.about(entry).filter(kind=Kind.POOL_OPENED).exists()
    assert Entry.objects.about(offered).filter(kind=Kind.OUTCOME_TRIAL_OFFERED).exists()


def test_an_outcome_is_in_the_pool_once():
    entry, owner = pooled()

    with pytest.raises(InPool):
        pooling.enter_pool(entry.outcome, **owner.as_party, **TERMS)

    assert PoolEntry.objects.count() == 1


@pytest.mark.parametrize("facts", [{"live": False}, {"state": "converted"}, {"state": "reserved"}])
def test_only_what_is_public_and_available_enters(facts):
    offered = outcome(**facts)

    with pytest.raises(OutcomeNotOffered):
        pooling.enter_pool(offered, **Party(offered.owner).as_party, **TERMS)


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"price": None}, TermsIncomplete),
        ({"pricing": "formula", "output_rate": None, "price_cap": 90 * WAN}, TermsIncomplete),
        ({"pricing": "formula", "output_rate": 3, "price_cap": 50 * WAN}, CapBelowBase),
        ({"length_days": 731}, TooLong),
    ],
)
def test_terms_that_do_not_hold_together_are_refused(terms, refusal):
    with pytest.raises(refusal):
        pooled(**terms)

    assert not PoolEntry.objects.exists()


def test_an_agreed_price_has_no_number_and_a_formula_says_all_its_parts():
    open_price, _ = pooled(**AGREED | {"price": 5 * WAN})
    formula, _ = pooled(pricing="formula", price=20 * WAN, output_rate=3, price_cap=90 * WAN)

    assert open_price.current.price is None
    assert [part in formula.current.price_words for part in ("20", "3 %", "90")] == [True, True, True]


def test_running_trials_keep_the_terms_they_began_with():
    tried = running_trial()
    entry = tried.trial.entry

    pooling.change_pool_terms(entry, **tried.owner.as_party, **TERMS | {"price": 99 * WAN, "length_days": 30})

    later = requested(on=entry)
    trial = fresh(tried.trial)
    assert (trial.terms.version, trial.terms.price, (trial.ends_on - trial.starts_on).days) == (1, 60 * WAN, 90)
    assert (later.trial.terms.version, later.trial.terms.price) == (2, 99 * WAN)


def test_where_the_district_checks_the_entry_waits_for_an_officer():
    TrialPolicy.objects.create(holds_from="2020-01-01", district_checks=True)
    entry, _owner = pooled()
    with pytest.raises(NotInPool):
        requested(on=entry)
    officer = person("officer")

    pooling.return_pool_entry(entry, by=officer, reason="地域写得不清楚。")
    returned = entry.state
    pooling.change_pool_terms(entry, **_owner.as_party, **TERMS | {"territory": "浙江省"})
    pooling.pass_pool_entry(entry, by=officer)

    assert (returned, entry.state) == ("returned", "in_pool")
    assert requested(on=entry).trial.terms.territory == "浙江省"


def test_a_rule_of_the_district_holds_from_its_day_only():
    TrialPolicy.objects.create(holds_from="2020-01-01", max_extensions=1)
    TrialPolicy.objects.create(holds_from="2999-01-01", max_extensions=9, district_checks=True)

    entry, _owner = pooled()

    assert entry.state == "in_pool"
    assert TrialPolicy.at(clock.now()).max_extensions == 1


def test_an_officer_of_the_institute_does_not_pass_its_own_terms():
    TrialPolicy.objects.create(holds_from="2020-01-01", district_checks=True)
    entry, owner = pooled()
    officer = person("officer", member_of=owner.organisation, roles=["manager"])

    with pytest.raises(PermissionDenied, match="本单位"):
        pooling.pass_pool_entry(entry, by=officer)

    entry.refresh_from_db()
    assert entry.state == "checking"


def test_a_paused_entry_takes_no_requests_and_its_trials_go_on():
    tried = running_trial()
    entry = tried.trial.entry

    pooling.pause_pool_entry(entry, reason="设备检修。", **tried.owner.as_party)
    with pytest.raises(NotInPool):
        requested(on=entry)
    pooling.resume_pool_entry(entry, **tried.owner.as_party)

    assert fresh(tried.trial).state == "trial_running"
    assert requested(on=entry).trial.state == "trial_requested"


def test_leaving_takes_the_offer_back_and_running_trials_go_on():
    tried = running_trial()
    entry = tried.trial.entry

    pooling.leave_pool(entry, reason="已签独占许可意向。", **tried.owner.as_party)

    offered = entry.outcome
    offered.refresh_from_db()
    assert (entry.state, offered.modes, fresh(tried.trial).state) == ("left", ["ordinary"], "trial_running")
    assert Entry.objects.about(offered).filter(kind=Kind.OUTCOME_TRIAL_WITHDRAWN).exists()
    again, _owner = pooled(of=offered)
    assert again.pk != entry.pk


@pytest.mark.parametrize("verb", ["pause_pool_entry", "leave_pool"])
def test_a_reason_is_given(verb):
    entry, owner = pooled()

    with pytest.raises(ReasonMissing):
        getattr(pooling, verb)(entry, reason="  ", **owner.as_party)

    entry.refresh_from_db()
    assert entry.state == "in_pool"


def test_what_was_taken_out_stays_out():
    entry, owner = pooled()
    pooling.leave_pool(entry, reason="不再提供。", **owner.as_party)

    for verb, facts in (
        ("resume_pool_entry", {}),
        ("pause_pool_entry", {"reason": "检修"}),
        ("change_pool_terms", TERMS),
    ):
        with pytest.raises(WrongState):
            getattr(pooling, verb)(entry, **owner.as_party, **facts)


def test_a_policy_is_kept_by_officers_and_written_down():
    policy = TrialPolicy(holds_from="2027-01-01", max_extensions=3)
    with pytest.raises(PermissionDenied):
        pooling.keep_trial_policy(policy=policy, by=member(enterprise()))

    policy.holds_from = clock.today()
    pooling.keep_trial_policy(policy=policy, by=person("officer"))

    entry = Entry.objects.get(kind=Kind.TRIAL_POLICY_KEPT)
    assert entry.data["max_extensions"] == 3


def test_a_request_needs_words_and_criteria():
    entry, _owner = pooled()
    tries = enterprise()
    by = {"by": member(tries), "organisation": tries}

    for wrong in ({"place": " "}, {"criteria": []}, {"criteria": ["x"] * 21}):
        with pytest.raises((WordsMissing, CriteriaMissing)):
            actions.request_trial(entry.outcome, **by, **REQUEST | wrong)

    assert Tried(actions.request_trial(entry.outcome, **by, **REQUEST)).trial.criteria.count() == 2
