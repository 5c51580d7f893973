"""K14: each figure over exactly the records it opens."""

import csv
import io
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from marketplace.contracts.from_deal import draft_contract_from_deal
from marketplace.core import clock
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.periods import Period
from marketplace.indicators.trial_tables import table
from marketplace.trials import actions, pooling
from marketplace.trials.converting import note_registration_of_trial
from marketplace.trials.pool import PoolEntry
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import WAN, enterprise, member, person
from tests.marketplace.trials.factories import chosen, fresh, insured, pooled, running_trial, stopped

pytestmark = pytest.mark.django_db
SLUGS = [slug for slug, indicator in BY_SLUG.items() if indicator.code.startswith("K14")]


def this_month():
    return Period.containing(clock.today(), "month")


def value(slug, period=None):
    return BY_SLUG[slug].measure(period or this_month()).value


def converted(price=60 * WAN, days=0):
    tried = chosen(price=price)
    with clock.moved_to(timezone.now() + timedelta(days=days)):
        note_registration_of_trial(tried.trial, by=None)
    return tried


def test_without_trials_shares_have_no_value():
    assert {slug: value(slug) for slug in SLUGS} == {
        "trial-pool": 0,
        "trials-started": 0,
        "trials-running": 0,
        "trials-converted": 0,
        "conversion-rate": None,
        "days-to-conversion": None,
        "insured-share": None,
        "trial-amount": 0,
    }


def test_each_figure_counts_what_it_says():
    converted(60 * WAN)
    converted(30 * WAN)
    stopped()
    begun = insured()
    actions.start_trial(begun.trial, starts_on=clock.today(), **begun.owner.as_party)
    left, owner = pooled()
    pooling.leave_pool(left, reason="不再提供。", **owner.as_party)

    assert {slug: value(slug) for slug in SLUGS} == {
        "trial-pool": 4,
        "trials-started": 4,
        "trials-running": 1,
        "trials-converted": 2,
        "conversion-rate": pytest.approx(2 / 3),
        "days-to-conversion": 0,
        "insured-share": 0.25,
        "trial-amount": 90 * WAN,
    }


def test_the_amount_is_the_sum_of_the_records_it_opens():
    for price in (60, 30, 7):
        converted(price * WAN)

    measured = BY_SLUG["trial-amount"].measure(this_month())

    assert sum(trial.price for trial in measured.records) == measured.value == 97 * WAN


def test_the_median_of_days():
    for days in (10, 20, 90):
        converted(days=days)
    year = [Period.containing(clock.today() + timedelta(days=days), "year") for days in (10, 20, 90)]

    counted = sum(value("trials-converted", period) for period in set(year))

    assert counted == 3
    if len(set(year)) == 1:
        assert value("days-to-conversion", year[0]) == 20


def test_a_past_period_is_told_as_it_was():
    running_trial()
    before = this_month().previous()

    assert [value(slug, before) for slug in ("trial-pool", "trials-running", "trials-started")] == [0, 0, 0]


def test_trials_and_pool_are_listed_with_what_a_past_day_is_checked_by():
    """The states are those of today, so the lists say that, and when the use of each ended or it left the pool."""
    ended = fresh(stopped().trial)
    left, owner = pooled()
    pooling.leave_pool(left, reason="不再提供。", **owner.as_party)
    left.refresh_from_db()
    officer = sign_in(Client(), person("officer"))
    period = Period.containing(clock.today(), "month").code

    with clock.moved_to(timezone.now() + timedelta(days=40)):
        page = officer.get(f"/board/conversion-rate/?period={period}").content.decode()
        sheet = officer.get(f"/board/conversion-rate/?period={period}&format=csv").content.decode("utf-8-sig")
    [line] = csv.DictReader(io.StringIO(sheet))
    _heads, [*_others, entry] = table(BY_SLUG["trial-pool"], PoolEntry.objects.filter(pk=left.pk))

    at = timezone.localtime(ended.finished_at)
    assert f'data-label="使用结束"><time class="num" datetime="{at.isoformat()}"' in page
    assert line["使用结束"] == f"{at:%Y-%m-%d %H:%M}"
    assert 'scope="col">当前状态</th>' in page
    assert line["当前状态"] == "已终止，待归还资料"
    assert entry[-1] == left.moved_at


def test_who_opens_the_records():
    trial = converted().trial
    period = Period.containing(fresh(trial).starts_on, "month").code

    def status(user, slug):
        client = sign_in(Client(), user) if user else Client()
        return client.get(f"/board/{slug}/?period={period}").status_code

    assert status(None, "trial-pool") == 200
    assert [status(who, "trials-started") for who in (None, member(enterprise()), person("registrar"))] == [403] * 3
    assert [status(person(role), "trials-started") for role in ("officer", "auditor")] == [200, 200]


@pytest.mark.parametrize("slug", SLUGS)
def test_records_open_in_both_languages_and_as_a_table(slug):
    converted()
    officer = sign_in(Client(), person("officer"))

    for address in (f"/board/{slug}/", f"/en/board/{slug}/", f"/board/{slug}/?format=xlsx"):
        assert officer.get(address).status_code == 200


def test_the_draft_of_a_converted_trial_counts_only_once_registered():
    tried = chosen()
    draft_contract_from_deal(fresh(tried.trial).deal, **tried.owner.as_party)

    assert (value("trials-converted"), value("trials-running"), value("trial-amount")) == (0, 1, 0)
