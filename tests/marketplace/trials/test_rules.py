"""Who does what in the pool and in a trial: one table, each person acting for their own organisation."""

import copy

import pytest
from django.contrib.auth.models import AnonymousUser

from marketplace.core.rules import why_not
from marketplace.organisations.roles import MemberRole
from marketplace.trials import rules
from tests.factories.people import join
from tests.factories.rules import verbs
from tests.marketplace.matching.factories import enterprise, institute, member, person
from tests.marketplace.trials.factories import running_trial

pytestmark = pytest.mark.usefixtures("for_now")

POOLS = {"owner"}
OWNS = {"owner", "owner_publisher"}
TRIES = {"enterprise", "enterprise_bidder"}
BOTH = OWNS | TRIES
OF_ENTRY = {
    "change_pool_terms": POOLS,
    "pause_pool_entry": POOLS,
    "resume_pool_entry": POOLS,
    "leave_pool": POOLS,
}
OF_OFFICERS = {"pass_pool_entry": {"officer"}, "return_pool_entry": {"officer"}}
OF_OUTCOME = {"enter_pool": POOLS, "request_trial": TRIES | {"stranger"}}
OF_TRIAL = {
    "withdraw_trial": TRIES,
    "approve_trial": POOLS,
    "refuse_trial": OWNS,
    "sign_trial_contract": POOLS | TRIES,
    "call_off_trial": POOLS | TRIES,
    "insure_trial": BOTH,
    "start_trial": OWNS,
    "add_milestone": BOTH,
    "reach_milestone": BOTH,
    "note_support": OWNS,
    "evaluate_trial": TRIES,
    "ask_extension": TRIES,
    "answer_extension": OWNS,
    "convert_trial": TRIES,
    "report_output": TRIES,
    "take_back_output": TRIES,
    "take_back_support": OWNS,
    "take_out_milestone": BOTH,
    "propose_trial_price": BOTH,
    "accept_trial_price": BOTH,
    "stop_trial": TRIES,
    "confirm_return": BOTH,
    "report_breach": BOTH,
    "answer_breach": BOTH,
}


@pytest.fixture(scope="module")
def lasting_cast(lasting):
    """Return a trial, and {who: (person, the organisation they act for)}."""
    tried = running_trial()
    _trial, owner, tries = tried
    owner, tries, stranger, other = owner.organisation, tries.organisation, enterprise(), institute()
    return tried, {
        "visitor": (AnonymousUser(), None),
        "owner": (member(owner), owner),
        "owner_publisher": (member(owner, "publisher"), owner),
        "owner_bidder": (member(owner, "bidder"), owner),
        "owner_finance": (member(owner, "finance"), owner),
        "enterprise": (member(tries), tries),
        "enterprise_bidder": (member(tries, "bidder"), tries),
        "enterprise_publisher": (member(tries, "publisher"), tries),
        "stranger": (member(stranger), stranger),
        "stranger_as_owner": (member(stranger), owner),
        "stranger_as_enterprise": (member(stranger), tries),
        "other_institute": (member(other), other),
        "owner_as_enterprise": (member(owner), tries),
        "nobody_chosen": (member(owner), None),
        "officer": (person("officer"), None),
        "officer_as_owner": (person("officer"), owner),
        "officer_of_owner": (person("officer", member_of=owner, roles=["finance"]), owner),
        "officer_of_enterprise": (person("officer", member_of=tries, roles=["finance"]), tries),
        "registrar": (person("registrar"), None),
        "auditor": (person("auditor", member_of=owner, roles=["manager"]), owner),
    }


@pytest.fixture
def cast(lasting_cast, for_now):
    return copy.deepcopy(lasting_cast)


@pytest.fixture
def tried(cast):
    return cast[0]


@pytest.fixture
def people(cast):
    return cast[1]


def allowed(name, subject, people, *, by_officer=False):
    rule = getattr(rules, name)

    def reason(user, acting):
        given = {} if by_officer else {"organisation": acting}
        return why_not(rule, user, *([subject] if subject is not None else []), **given)

    return {who for who, (user, acting) in people.items() if reason(user, acting) is None}


def test_every_rule_stands_in_a_table():
    tabled = set(OF_ENTRY) | set(OF_OFFICERS) | set(OF_OUTCOME) | set(OF_TRIAL)

    assert verbs(rules) == tabled | {"resolve_dispute", "keep_trial_policy", "read_trial_contract"}


def test_who_does_what_with_an_entry(tried, people):
    entry = tried.trial.entry

    assert {name: allowed(name, entry, people) for name in OF_ENTRY} == OF_ENTRY


def test_who_puts_an_outcome_into_the_pool_and_who_asks_for_a_trial(tried, people):
    outcome = tried.trial.outcome

    assert {name: allowed(name, outcome, people) for name in OF_OUTCOME} == OF_OUTCOME


def test_who_does_what_in_a_trial(tried, people):
    assert {name: allowed(name, tried.trial, people) for name in OF_TRIAL} == OF_TRIAL


def test_who_asked_for_a_trial_answers_nothing_of_it_for_the_institute(tried):
    owner, asker = tried.trial.outcome.owner, tried.trial.requested_by
    join(asker, owner, MemberRole.MANAGER)
    answers = {"approve_trial", "refuse_trial", "sign_trial_contract", "answer_extension", "propose_trial_price"}
    answers |= {"accept_trial_price", "confirm_return", "answer_breach", "report_breach"}
    answers |= {
        "start_trial",
        "call_off_trial",
        "note_support",
        "reach_milestone",
    }  # what the enterprise has to live with

    may = {name for name in OF_TRIAL if allowed(name, tried.trial, {"asker": (asker, owner)})}

    assert may == {name for name, who in OF_TRIAL.items() if "owner" in who} - answers


def test_who_reads_a_trial_contract(tried, people):
    members = {"owner", "owner_publisher", "owner_bidder", "owner_finance", "nobody_chosen", "owner_as_enterprise"}
    members |= {"enterprise", "enterprise_bidder", "enterprise_publisher"}
    readers = {
        who for who, (user, _acting) in people.items() if not why_not(rules.read_trial_contract, user, tried.trial)
    }

    assert readers == members | {name for name in people if name.startswith("officer")} | {"auditor"}


def test_officers_decide_outside_their_own_organisation(tried, people):
    neutral = {"officer", "officer_as_owner"}

    checked = {name: allowed(name, tried.trial.entry, people, by_officer=True) for name in OF_OFFICERS}
    resolved = allowed("resolve_dispute", tried.trial, people, by_officer=True)
    kept = allowed("keep_trial_policy", None, people, by_officer=True)

    assert checked == dict.fromkeys(OF_OFFICERS, neutral | {"officer_of_enterprise"})
    assert resolved == neutral
    assert kept == neutral | {"officer_of_owner", "officer_of_enterprise"}


def test_a_suspended_party_gives_materials_back_and_does_nothing_else(tried):
    trial, owner, _enterprise = tried
    owner.organisation.state = "suspended"
    owner.organisation.save(update_fields=["state"])
    acting = {"organisation": owner.organisation}

    assert "暂停" in why_not(rules.report_breach, owner.manager, trial, **acting)
    assert why_not(rules.confirm_return, owner.manager, trial, **acting) is None
