"""The table of what follows from what, and what follows once an outcome and a need are public and matched."""

import copy
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from celery import current_app
from django.test import TestCase

from marketplace.core import clock
from marketplace.core.journal import Entry, Kind
from marketplace.matching.by_hand import add_match
from marketplace.matching.models import Match
from marketplace.needs.actions import submit_need
from marketplace.needs.models import TargetIndicator, TechnologyNeed
from marketplace.notices.models import Notice
from marketplace.organisations.actions import reinstate_organisation, suspend_organisation
from marketplace.outcomes.availability import withdraw_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.actions import approve_review
from marketplace.reviews.drafts import save_draft
from tasks.brokers import remind_brokers
from tasks.consequences import CONSEQUENCES
from tasks.delivery import at_once, name_of, named
from tasks.models import Delivery
from tasks.notices import tells
from tasks.outcomes import sweep_outcomes
from tasks.schedule import SCHEDULE
from tests.marketplace.deals.factories import broker
from tests.marketplace.outcomes import making
from tests.tasks.publishing import found, publish_need, undone


def test_every_name_in_the_table_resolves_and_every_kind_is_known():
    consequences = {each for several in CONSEQUENCES.values() for each in several}

    assert {named(name_of(each)) for each in consequences} == consequences
    assert set(CONSEQUENCES) <= set(Kind.values)
    assert set(tells()) <= set(CONSEQUENCES)
    assert all(len(several) == len(set(several)) for several in CONSEQUENCES.values())


def test_whoever_is_told_is_mailed_after_that():
    for kind in tells():
        assert [name_of(each) for each in CONSEQUENCES[kind]][-2:] == ["notices.tell_people", "notices.mail_people"]


def test_every_task_of_the_schedule_exists_and_dies_before_the_next_one():
    current_app.loader.import_default_modules()

    assert {entry["task"] for entry in SCHEDULE.values()} <= set(current_app.tasks)
    assert all(entry["options"]["expires"] > 0 for entry in SCHEDULE.values())


@pytest.fixture(scope="module")
def lasting_market(lasting):
    """An institute with a public outcome, and a public need that was matched with it."""
    making.set_up()
    house = making.Institute()
    with at_once(), TestCase.captureOnCommitCallbacks(execute=True):
        outcome = house.published()
    with at_once(), TestCase.captureOnCommitCallbacks(execute=True):
        need, author = publish_need(house)
    return SimpleNamespace(house=house, outcome=making.fresh(outcome), need=need, author=author)


@pytest.fixture
def market(lasting_market, for_now, tmp_path, settings):
    """Return them for one test, with an index that is its own too."""
    shutil.copytree(settings.SEARCH_DIR, tmp_path / "search")
    settings.SEARCH_DIR = tmp_path / "search"
    return copy.deepcopy(lasting_market)


def test_a_changed_text_is_matched_anew_and_what_became_wrong_is_taken_back(market, commit):
    house, need, author = market.house, market.need, market.author
    changed = need.newest_version
    changed.title, changed.problem = (
        "鞋底发泡配方减重",
        "运动鞋底用化学发泡，密度偏高，回弹不足，希望用物理发泡减重。" * 2,
    )
    changed.indicators = [TargetIndicator(name="密度", comparison="le", value="0.12", unit="g/cm³")]
    save_draft(changed, by=author)
    commit(lambda: submit_need(TechnologyNeed.objects.get(pk=need.pk), by=author))
    for reviewer in (making.person("liaison"), house.officer):
        step = TechnologyNeed.objects.get(pk=need.pk).pending_review
        commit(lambda step=step, reviewer=reviewer: approve_review(step, by=reviewer))

    match = Match.objects.get()
    assert undone() == []
    assert (match.state, match.withdrawn_why) == ("withdrawn", "rewritten")
    told = Notice.objects.filter(kind="match.withdrawn").values_list("user", flat=True)
    assert set(told) == {author.pk, house.publisher.pk, house.manager.pk}


def test_a_suspended_organisation_is_proposed_to_nobody_until_it_is_reinstated(market, commit):
    house = market.house
    commit(lambda: suspend_organisation(house.organisation, by=house.officer, reason="材料不实"))
    suspended = Match.objects.get()
    house.organisation.refresh_from_db()
    commit(lambda: reinstate_organisation(house.organisation, by=house.officer, reason="已补正"))

    assert (suspended.state, suspended.withdrawn_why) == ("withdrawn", "not_open")
    again = Match.objects.get()
    assert (again.state, again.withdrawn_why) == ("proposed", "")


def test_a_match_added_by_hand_is_given_its_reasons_at_once(market, commit):
    outcome, need, author = market.outcome, market.need, market.author
    TechnologyNeed.objects.filter(pk=need.pk).update(
        title="锁具外观翻新", problem="指静脉识别模组外壳易磨花，希望换一种喷涂。"
    )
    need.refresh_from_db()
    Match.objects.all().delete()
    match = commit(lambda: add_match(need, outcome, by=author, organisation=need.organisation, reason="展会上谈过"))

    match.refresh_from_db()
    assert undone() == []
    assert match.parts != []
    assert any("指静脉" in phrase for phrase in match.phrases)


def test_what_follows_twice_changes_nothing(market, mailoutbox):
    before = (Notice.objects.count(), Entry.objects.count(), len(mailoutbox))

    for delivery in Delivery.objects.order_by("pk"):
        named(delivery.consequence)(delivery)

    assert (Notice.objects.count(), Entry.objects.count(), len(mailoutbox)) == before
    assert Match.objects.count() == 1


def test_withdrawn_is_found_no_more_and_its_proposals_are_taken_back(client, market, commit):
    assert found(client, "指静脉") == 1
    commit(lambda: withdraw_outcome(market.outcome, by=market.house.manager))

    assert undone() == []
    assert found(client, "指静脉") == 0
    assert Match.objects.get().state == "withdrawn"


def test_the_documents_of_a_suspended_owner_are_written_again(market, commit):
    house = market.house
    commit(lambda: suspend_organisation(house.organisation, by=house.officer, reason="材料不实"))

    written = Delivery.objects.filter(consequence="index.index_dependants", done_at__isnull=False)
    assert [each.entry.kind for each in written] == ["organisation.suspended"]


def test_an_owner_is_reminded_once_and_the_offer_ends(client, market, commit):
    outcome, today = market.outcome, clock.today()
    ResearchOutcome.objects.filter(pk=outcome.pk).update(
        confirmed_on=today - timedelta(days=345), expires_on=today + timedelta(days=20)
    )
    for _turn in range(2):
        commit(sweep_outcomes)
    still_live = making.fresh(outcome).live
    ResearchOutcome.objects.filter(pk=outcome.pk).update(expires_on=today)
    commit(sweep_outcomes)

    assert Entry.objects.filter(kind=Kind.OUTCOME_REMINDED).count() == 1
    assert still_live
    assert not making.fresh(outcome).live
    assert found(client, "指静脉") == 0


def test_a_broker_is_reminded_once_per_term(market, commit):
    near, far = (broker(valid_until=clock.today() + timedelta(days=days)) for days in (50, 100))

    for _turn in range(2):
        commit(remind_brokers)

    notices = Notice.objects.filter(kind="broker.runs_out")
    assert Entry.objects.filter(kind=Kind.BROKER_REMINDED).count() == 1
    assert near.user_id in notices.values_list("user", flat=True)
    assert far.user_id not in notices.values_list("user", flat=True)
