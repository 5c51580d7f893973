"""The policy of a trial: while the trial runs its cover does not shrink, and what a former one said stays known."""

from datetime import timedelta

import pytest
from django.utils import timezone

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.trials import actions, insuring
from marketplace.trials.parts import Insurance
from marketplace.trials.refusals import (
    CoverEndsEarlier,
    CoverInterrupted,
    PeriodOutOfOrder,
    PolicyTooShort,
)
from marketplace.trials.uninsured import CoverTooLong, InsuranceBegins, PolicyOver, PolicyTooLate, SumTooSmall
from tests.marketplace.trials.factories import POLICY, fresh, insured, running_trial, signed

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def insure(tried, first=0, last=365, **changed):
    today = clock.today()
    period = {"begins_on": today + first * DAY, "ends_on": today + last * DAY}
    insuring.insure_trial(tried.trial, **tried.owner.as_party, **POLICY | period | changed)


def running_and_insured(last=200):
    """A trial of 90 days that runs, covered until a day of today's year."""
    tried = running_trial()
    insure(tried, last=last)
    return tried


@pytest.mark.parametrize("last", [30, 89])
def test_while_a_trial_runs_its_cover_does_not_end_earlier(last):
    tried = running_and_insured()

    with pytest.raises(CoverEndsEarlier) as refused:
        insure(tried, last=last, policy_number="YB-2026-0002")

    assert refused.value.field == "ends_on"
    assert Insurance.objects.get(trial=tried.trial).policy_number == "YB-2026-0001"


def test_a_policy_that_ends_later_or_with_the_trial_takes_the_place_of_the_former():
    tried = running_and_insured(last=60)

    insure(tried, last=75, policy_number="YB-2026-0002")
    insure(tried, last=400, policy_number="YB-2026-0003")
    insure(tried, last=90, policy_number="YB-2026-0004")

    assert Insurance.objects.get(trial=tried.trial).policy_number == "YB-2026-0004"


def test_a_policy_that_follows_leaves_no_day_of_the_trial_without_cover():
    tried = running_and_insured(last=60)

    with pytest.raises(CoverInterrupted) as refused:
        insure(tried, first=62, last=400, policy_number="YB-2026-0002")
    insure(tried, first=61, last=400, policy_number="YB-2026-0003")

    assert refused.value.field == "begins_on"
    assert Insurance.objects.get(trial=tried.trial).policy_number == "YB-2026-0003"


def test_before_the_trial_runs_a_policy_is_put_right():
    tried = insured()

    insure(tried, last=30, policy_number="YB-2026-0002")

    assert Insurance.objects.get(trial=tried.trial).policy_number == "YB-2026-0002"


def test_the_journal_keeps_number_and_days_of_a_replaced_policy():
    tried = running_and_insured(last=200)
    today = clock.today()

    insure(tried, last=300, insurer="另一保险", policy_number="YB-2026-0002")

    first, second = Entry.objects.filter(kind=Kind.TRIAL_INSURED).order_by("pk")
    said = {
        "number": "YB-2026-0001",
        "begins_on": today.isoformat(),
        "ends_on": (today + 200 * DAY).isoformat(),
    }
    assert (first.data["policy"], first.data["former"]) == (said, None)
    assert second.data["former"] == said
    assert second.data["policy"]["number"] == "YB-2026-0002"
    assert "另一保险" not in str(second.data)


def test_a_period_out_of_order_is_said_beside_its_end():
    tried = signed()

    with pytest.raises(PeriodOutOfOrder) as refused:
        insure(tried, first=5, last=5)

    assert refused.value.field == "ends_on"
    assert not Insurance.objects.filter(trial=tried.trial).exists()


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [(31, 400, PolicyTooLate), (0, 80, PolicyTooShort), (-100_000, 300_000, CoverTooLong), (-400, -1, PolicyOver)],
)
def test_a_required_policy_covers_the_whole_trial_with_days_a_policy_has(first, last, refusal):
    tried = signed(needs_insurance=True)

    with pytest.raises(refusal) as refused:
        insure(tried, first=first, last=last)

    assert refused.value.field in ("begins_on", "ends_on")
    assert not Insurance.objects.filter(trial=tried.trial).exists()


def test_a_trial_begins_when_its_required_policy_has_begun():
    tried = signed(needs_insurance=True)
    insure(tried, first=10, last=300)
    with pytest.raises(InsuranceBegins):
        actions.start_trial(tried.trial, starts_on=clock.today(), **tried.owner.as_party)
    assert fresh(tried.trial).state == "insured"

    with clock.moved_to(timezone.now() + 10 * DAY):
        actions.start_trial(fresh(tried.trial), starts_on=clock.today(), **tried.owner.as_party)
    assert fresh(tried.trial).state == "trial_running"


@pytest.mark.parametrize("insured_sum", [50, 99_999, 599_999])
def test_a_sum_that_covers_nothing_is_refused_beside_it(insured_sum):
    with pytest.raises(SumTooSmall) as refused:
        insure(signed(), insured_sum=insured_sum)

    assert refused.value.field == "insured_sum"
