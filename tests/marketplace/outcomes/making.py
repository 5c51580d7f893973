"""Institutes, their people and their outcomes: valid by default, brought forward by the real actions only."""

from io import StringIO
from itertools import count

from django.core.management import call_command

from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.identifiers import patent_check_digit
from marketplace.organisations.roles import Role
from marketplace.outcomes.actions import draft_outcome, submit_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner, Inventor, IPRight
from marketplace.reviews.actions import approve_review
from marketplace.reviews.drafts import save_draft
from marketplace.reviews.setup import ensure_workflows
from tests.factories import people

serial = count(1)
WAN = 1_000_000
SUMMARY = "用近红外透射成像识别指静脉，待机电流 18 µA，四节 5 号电池可用 12 个月以上，适用于智能锁与门禁。"


def set_up() -> None:
    """Give the database what a platform has before its first visitor."""
    call_command("load_classifications", stdout=StringIO())
    ensure_workflows()


def organisation(**facts):
    """Return a verified institute, unless told otherwise."""
    return people.organisation(**({"kind": "institute", "region": "330304"} | facts))


def person(*staff_roles, of=None, roles=()):
    """Return a person with platform roles, or a member of an organisation, or neither."""
    user = people.staff(*(Role(role) for role in staff_roles))
    if of is not None:
        people.join(user, of, *roles)
    return user


def join(user, organisation, *roles):
    people.join(user, organisation, *roles)


def patent(kind="1"):
    body = f"2021{kind}{next(serial):07d}"
    return f"ZL{body}.{patent_check_digit(body)}"


def fill(outcome):
    """Write into a draft everything a review asks for."""
    outcome.summary = SUMMARY
    outcome.confidential = "供货成本与算法参数"
    outcome.field = TechnicalField.objects.get(code="0308")
    outcome.industries = [Industry.objects.get(code="C3351")]
    outcome.trl, outcome.trl_evidence = 7, "field_test"
    outcome.modes = ["ordinary", "trial_first"]
    outcome.price_low, outcome.price_high = 80 * WAN, 180 * WAN
    outcome.inventors = [Inventor(name="沈一鸣")]
    outcome.ip_rights = [IPRight(kind="invention", number=patent(), title="一种指静脉采集装置")]
    outcome.co_owners = [CoOwner(organisation=outcome.owner, name=outcome.owner.name, share=100)]
    return outcome


class Institute:
    """A verified institute with a publisher who writes and a manager who checks; and an officer of the district."""

    def __init__(self, **facts):
        self.organisation = organisation(**facts)
        self.publisher = person(of=self.organisation, roles=["publisher"])
        self.manager = person(of=self.organisation, roles=["manager"])
        self.officer = person("officer")

    def draft(self, title="低功耗指静脉识别锁用模组"):
        outcome = draft_outcome(organisation=self.organisation, by=self.publisher, title=title)
        save_draft(fill(outcome), by=self.publisher)
        return fresh(outcome)

    def submitted(self, **facts):
        outcome = self.draft(**facts)
        submit_outcome(outcome, by=self.publisher, declared=True)
        return fresh(outcome)

    def published(self, **facts):
        return self.pass_review(self.submitted(**facts))

    def pass_review(self, outcome):
        approve_review(outcome.pending_review, by=self.manager)
        approve_review(fresh(outcome).pending_review, by=self.officer)
        return fresh(outcome)

    def furnish(self):
        """Have an outcome at every stage at hand: all tests of a file begin with it."""
        self.drafted, self.sent, self.public = self.draft(), self.submitted(), self.published()
        return self


def fresh(outcome):
    """Return the row as the database has it now."""
    return ResearchOutcome.objects.get(pk=outcome.pk)
