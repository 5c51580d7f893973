"""The table of what follows from what, and one publication followed to the end."""

from datetime import timedelta

import pytest
from celery import current_app
from django.test import Client

from marketplace.core import clock
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.journal import Entry, Kind
from marketplace.matching.by_hand import add_match
from marketplace.matching.models import Match
from marketplace.needs.actions import draft_need, submit_need
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
from tests.factories.people import sign_in
from tests.marketplace.deals.factories import broker
from tests.marketplace.outcomes import making


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


@pytest.fixture
def empty_index(tmp_path, settings):
    """An own embedded index, so that nothing of another test is found."""
    settings.SEARCH_DIR = tmp_path / "search"


@pytest.fixture
def house(transactional_db, empty_index):
    """An institute, an enterprise with its people, and the district's reviewers."""
    making.set_up()
    return making.Institute()


def publish_need(house, **facts):
    """Bring a need to the public by its real way: drafted, checked by a liaison, decided by an officer."""
    enterprise = making.organisation(kind="enterprise", name="样例锁具")
    publisher = making.person(of=enterprise, roles=["publisher"])
    need = draft_need(organisation=enterprise, by=publisher, title="智能锁静态功耗降低")
    need.problem = "智能锁待机电流偏高，指静脉识别模组耗电，四节 5 号电池不足六个月，需要低功耗的识别模组。"
    need.field, need.industry = TechnicalField.objects.get(code="0308"), Industry.objects.get(code="C3351")
    need.mode, need.is_negotiable, need.deadline = "commissioned", True, clock.today() + timedelta(days=200)
    need.indicators = [TargetIndicator(name="待机电流", comparison="le", value="20", unit="µA")]
    for name, value in facts.items():
        setattr(need, name, value)
    save_draft(need, by=publisher)
    need = TechnologyNeed.objects.get(pk=need.pk)
    submit_need(need, by=publisher)
    for reviewer in (making.person("liaison"), house.officer):
        approve_review(TechnologyNeed.objects.get(pk=need.pk).pending_review, by=reviewer)
    return TechnologyNeed.objects.get(pk=need.pk), publisher


def found(client, text):
    return client.get("/outcomes/", {"q": text}).context["total"]


def undone():
    return list(Delivery.objects.filter(done_at=None).values_list("consequence", "error"))


def test_published_found_matched_and_told(client, house, mailoutbox):
    with at_once():
        outcome = house.published()
        need, author = publish_need(house)

    match = Match.objects.get()
    assert undone() == []
    assert found(client, "指静脉") == 1
    assert (match.need, match.outcome, match.state) == (need, outcome, "proposed")
    told = Notice.objects.filter(kind="match.proposed").values_list("user", flat=True)
    assert set(told) == {author.pk, house.publisher.pk, house.manager.pk}
    assert {mail.to[0] for mail in mailoutbox if "对接" in mail.subject} == {
        author.email,
        house.publisher.email,
        house.manager.email,
    }


def test_a_changed_text_is_matched_anew_and_what_became_wrong_is_taken_back(house):
    with at_once():
        house.published()
        need, author = publish_need(house)
        changed = need.newest_version
        changed.title, changed.problem = (
            "鞋底发泡配方减重",
            "运动鞋底用化学发泡，密度偏高，回弹不足，希望用物理发泡减重。" * 2,
        )
        changed.indicators = [TargetIndicator(name="密度", comparison="le", value="0.12", unit="g/cm³")]
        save_draft(changed, by=author)
        submit_need(TechnologyNeed.objects.get(pk=need.pk), by=author)
        for reviewer in (making.person("liaison"), house.officer):
            approve_review(TechnologyNeed.objects.get(pk=need.pk).pending_review, by=reviewer)

    match = Match.objects.get()
    assert undone() == []
    assert (match.state, match.withdrawn_why) == ("withdrawn", "rewritten")
    told = Notice.objects.filter(kind="match.withdrawn").values_list("user", flat=True)
    assert set(told) == {author.pk, house.publisher.pk, house.manager.pk}


def test_a_suspended_organisation_is_proposed_to_nobody_until_it_is_reinstated(house):
    with at_once():
        house.published()
        publish_need(house)
        suspend_organisation(house.organisation, by=house.officer, reason="材料不实")
        suspended = Match.objects.get()
        house.organisation.refresh_from_db()
        reinstate_organisation(house.organisation, by=house.officer, reason="已补正")

    assert (suspended.state, suspended.withdrawn_why) == ("withdrawn", "not_open")
    again = Match.objects.get()
    assert (again.state, again.withdrawn_why) == ("proposed", "")


def test_a_match_added_by_hand_is_given_its_reasons_at_once(house):
    with at_once():
        outcome = house.published()
        need, author = publish_need(house)
        TechnologyNeed.objects.filter(pk=need.pk).update(
            title="锁具外观翻新", problem="指静脉识别模组外壳易磨花，希望换一种喷涂。"
        )
        need.refresh_from_db()
        Match.objects.all().delete()
        match = add_match(need, outcome, by=author, organisation=need.organisation, reason="展会上谈过")

    match.refresh_from_db()
    assert undone() == []
    assert match.parts != []
    assert any("指静脉" in phrase for phrase in match.phrases)


def test_an_anonymous_enterprise_is_named_nowhere_to_the_public_and_the_other_side(house, mailoutbox):
    with at_once():
        outcome = house.published()
        need, author = publish_need(house, is_anonymous=True)
    match, owner = Match.objects.get(), sign_in(Client(), house.manager)
    public = [
        f"/needs/{need.code}/", f"/en/needs/{need.code}/", "/needs/", "/needs/?export=csv", "/needs/?q=静态功耗",
        "/search/?q=静态功耗", "/needs/suggestions/?q=智能锁", "/needs/suggestions/?q=样例锁",
        "/search/suggestions/?q=样例锁", f"/outcomes/{outcome.number}/", "/",
    ]  # fmt: skip
    of_matches = [
        "/matches/",
        match.get_absolute_url(),
        f"/outcomes/{outcome.number}/matches/",
        "/notices/",
        "/desk/",
    ]

    told = {
        address: client.get(address).content.decode()
        for client, addresses in ((Client(), public), (owner, public + of_matches))
        for address in addresses
    }

    assert [address for address, text in told.items() if "样例锁具" in text] == []
    assert "智能锁静态功耗降低" in told["/needs/"]
    assert "智能锁静态功耗降低" in told[match.get_absolute_url()]
    assert Client().get("/needs/?q=样例锁具").context["total"] == 0
    others = [mail for mail in mailoutbox if mail.to != [author.email] and "对接" in mail.subject]
    assert others
    assert [mail.subject for mail in others if "样例锁具" in mail.subject + mail.body] == []
    assert "样例锁具" in sign_in(Client(), author).get(match.get_absolute_url()).content.decode()


def test_what_follows_twice_changes_nothing(house, mailoutbox):
    with at_once():
        house.published()
        publish_need(house)
    before = (Notice.objects.count(), Entry.objects.count(), len(mailoutbox))

    for delivery in Delivery.objects.order_by("pk"):
        named(delivery.consequence)(delivery)

    assert (Notice.objects.count(), Entry.objects.count(), len(mailoutbox)) == before
    assert Match.objects.count() == 1


def test_withdrawn_is_found_no_more_and_its_proposals_are_taken_back(client, house):
    with at_once():
        outcome = house.published()
        publish_need(house)
        withdraw_outcome(outcome, by=house.manager)

    assert undone() == []
    assert found(client, "指静脉") == 0
    assert Match.objects.get().state == "withdrawn"


def test_the_documents_of_a_suspended_owner_are_written_again(house):
    with at_once():
        house.published()
        suspend_organisation(house.organisation, by=house.officer, reason="材料不实")

    written = Delivery.objects.filter(consequence="index.index_dependants", done_at__isnull=False)
    assert [each.entry.kind for each in written] == ["organisation.suspended"]


def test_an_owner_is_reminded_once_and_the_offer_ends(client, house):
    with at_once():
        outcome = house.published()
        today = clock.today()
        ResearchOutcome.objects.filter(pk=outcome.pk).update(
            confirmed_on=today - timedelta(days=345), expires_on=today + timedelta(days=20)
        )
        for _turn in range(2):
            sweep_outcomes()
        still_live = making.fresh(outcome).live
        ResearchOutcome.objects.filter(pk=outcome.pk).update(expires_on=today)
        sweep_outcomes()

    assert Entry.objects.filter(kind=Kind.OUTCOME_REMINDED).count() == 1
    assert still_live
    assert not making.fresh(outcome).live
    assert found(client, "指静脉") == 0


def test_a_broker_is_reminded_once_per_term(house):
    near, far = (broker(valid_until=clock.today() + timedelta(days=days)) for days in (50, 100))

    with at_once():
        for _turn in range(2):
            remind_brokers()

    notices = Notice.objects.filter(kind="broker.runs_out")
    assert Entry.objects.filter(kind=Kind.BROKER_REMINDED).count() == 1
    assert near.user_id in notices.values_list("user", flat=True)
    assert far.user_id not in notices.values_list("user", flat=True)
