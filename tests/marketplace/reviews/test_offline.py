"""What the district takes offline: the text that was public last, the reason, and what waits for whom afterwards."""

import copy
import re
from decimal import Decimal

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.desk import piles
from marketplace.desk.collecting import collect
from marketplace.desk.drafts import drafts_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting.reviews import waiting
from marketplace.needs.models import TechnologyNeed
from marketplace.notices.models import Notice
from marketplace.outcomes.actions import expire_outcome, submit_outcome
from marketplace.outcomes.availability import withdraw_outcome
from marketplace.outcomes.listing import rows_of
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner
from marketplace.reviews.actions import approve_review, recall_review, take_offline
from marketplace.reviews.comparing import changes
from marketplace.reviews.drafts import save_draft
from marketplace.reviews.history import timeline
from marketplace.reviews.models import TakenOffline
from marketplace.reviews.refusals import NotOnline, OfflineReasonMissing
from tasks.delivery import at_once
from tests.factories.people import sign_in
from tests.marketplace.matching.factories import enterprise, member, person
from tests.marketplace.outcomes import making
from tests.marketplace.outcomes.making import WAN, fresh
from tests.marketplace.reviews.test_ending import NEW_TITLE, need_in_review, with_change_in_review

pytestmark = pytest.mark.usefixtures("for_now")

WHY = "公开的价格与合同不一致，请核实"


@pytest.fixture
def commit(django_capture_on_commit_callbacks, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"

    def run(call):
        with at_once(), django_capture_on_commit_callbacks(execute=True):
            return call()

    return run


def reader(user):
    return Reader(user, None, clock.now())


def drafted(institute, outcome, price):
    draft = outcome.newest_version
    draft.price_low = draft.price_high = price
    save_draft(draft, by=institute.publisher)
    return fresh(outcome)


def offline_with_draft(institute):
    """An outcome taken offline whose newer draft names a price that was never public."""
    outcome = drafted(institute, institute.published(), 777 * WAN)
    take_offline(outcome, by=institute.officer, reason=WHY)
    return fresh(outcome)


@pytest.fixture(scope="module")
def lasting_houses(lasting):
    """An institute with a public outcome, and one whose outcome was taken offline."""
    making.set_up()
    house, silenced = making.Institute(), making.Institute()
    house.public, silenced.offline = house.published(), offline_with_draft(silenced)
    return house, silenced


@pytest.fixture
def institute(lasting_houses, for_now):
    return copy.deepcopy(lasting_houses[0])


@pytest.fixture
def silenced(lasting_houses, for_now):
    return copy.deepcopy(lasting_houses[1])


def page(client, user, address):
    """Return what a page says, without the instants behind its times: their digits are anything."""
    answer = sign_in(client, user).get(address)
    assert answer.status_code == 200
    return re.sub(r' datetime="[^"]*"', "", answer.content.decode())


def test_the_page_shows_what_was_public_last_and_the_draft_apart(silenced, client):
    outcome = silenced.offline

    for user in (silenced.publisher, silenced.officer):
        shown = page(client, user, outcome.get_absolute_url())
        assert "80–180" in shown.replace(" ", "") or "80 万元" in shown, user
        assert "777" not in shown, user
        assert WHY in shown, user
        assert "已被主管科室下架" in shown, user
        assert 'id="newer-draft"' in shown, user
        assert outcome.review_url in shown, user


def test_without_a_newer_draft_none_is_named(institute, client):
    outcome = institute.public
    take_offline(outcome, by=institute.officer, reason=WHY)

    assert 'id="newer-draft"' not in page(client, institute.publisher, outcome.get_absolute_url())


def test_an_expired_outcome_shows_what_was_public_last(institute, client):
    outcome = drafted(institute, institute.public, 777 * WAN)
    ResearchOutcome.objects.filter(pk=outcome.pk).update(expires_on=clock.today())
    expire_outcome(fresh(outcome))

    shown = page(client, institute.publisher, outcome.get_absolute_url())

    assert "777" not in shown
    assert 'id="newer-draft"' in shown
    assert 'id="offline"' not in shown


def test_a_need_taken_offline_shows_what_was_public_last_and_its_reason(institute, client):
    writer, officer = member(enterprise(), "publisher"), person("officer")
    asked = need_in_review(writer)
    approve_review(asked.pending_review, by=person("liaison"))
    approve_review(TechnologyNeed.objects.get(pk=asked.pk).pending_review, by=officer)
    asked = TechnologyNeed.objects.get(pk=asked.pk)
    draft = asked.newest_version
    draft.title = "还没有人审过的标题"
    save_draft(draft, by=writer)
    sign_in(client, officer)
    assert reverse("review-offline", args=["need", asked.code]) in client.get(asked.get_absolute_url()).content.decode()

    answer = client.post(reverse("review-offline", args=["need", asked.code]), {"reason": WHY})

    assert answer.url == asked.get_absolute_url()
    asked = TechnologyNeed.objects.get(pk=asked.pk)
    assert not asked.live
    shown = page(client, writer, asked.get_absolute_url())
    assert f">{NEW_TITLE}</h1>" in shown
    assert WHY in shown
    assert 'id="newer-draft"' in shown
    assert WHY in page(client, writer, reverse("need-edit", args=[asked.code]))
    assert "修改后重新送审" in page(client, writer, reverse("need-mine"))


@pytest.mark.parametrize("typed", ["", "   ", "长" * 301])
def test_without_a_reason_nothing_goes_offline_and_the_field_says_so(institute, client, typed):
    outcome = institute.public

    answer = sign_in(client, institute.officer).post(
        reverse("review-offline", args=["outcome", outcome.number]), {"reason": typed}
    )

    assert answer.status_code == 200
    assert answer.context["form"].errors["reason"]
    assert fresh(outcome).live
    assert typed.strip() in answer.content.decode()


def test_the_seam_itself_asks_a_person_for_the_reason_and_the_platform_for_none(institute):
    outcome = institute.public

    with pytest.raises(OfflineReasonMissing):
        outcome.unpublish(user=institute.officer, reason="  ")
    assert fresh(outcome).live

    fresh(outcome).unpublish()
    said = TakenOffline.objects.filter(entry__in=Entry.objects.about(outcome))
    assert (fresh(outcome).live, said.count()) == (False, 0)


def test_what_is_not_public_is_not_taken_offline(institute, client):
    outcome = institute.draft()

    with pytest.raises(NotOnline):
        take_offline(outcome, by=institute.officer, reason=WHY)
    shown = page(client, institute.officer, reverse("review-offline", args=["outcome", outcome.number]))

    assert "目前未公开" in shown
    assert "<textarea" not in shown


def test_only_officers_open_the_page(institute, client):
    outcome = institute.public
    address = reverse("review-offline", args=["outcome", outcome.number])

    for user, code in ((institute.manager, 403), (person("auditor"), 403), (member(enterprise()), 404)):
        assert sign_in(client, user).post(address, {"reason": WHY}).status_code == code, user
    assert fresh(outcome).live


def test_the_reason_stands_beside_the_journal_and_is_told_once_with_all_there_is(institute, client, commit):
    outcome = with_change_in_review(institute, institute.public)
    mail.outbox.clear()

    commit(lambda: take_offline(outcome, by=institute.officer, reason=WHY))

    entry = Entry.objects.about(outcome).get(kind="outcome.unpublished")
    assert entry.taken_offline.reason == WHY
    assert WHY not in str(entry.data)
    assert any(row["said"] == WHY for row in timeline(outcome))
    (letter,) = [one for one in mail.outbox if one.to == [institute.publisher.email]]
    assert WHY in letter.body
    assert "修改稿同时退出审核" in letter.subject
    notice = Notice.objects.get(entry=entry, user=institute.publisher)
    assert notice.kind == "review.ended_offline"
    assert WHY in page(client, institute.publisher, reverse("notice-list"))
    assert WHY in page(client, institute.publisher, reverse("outcome-edit", args=[outcome.number]))
    managers = Notice.objects.get(entry=entry, user=institute.manager)
    assert (managers.kind, managers.reason) == ("outcome.unpublished", WHY)


def test_reviewers_who_were_asked_hear_that_the_review_is_over(institute, commit):
    outcome = drafted(institute, institute.public, 90 * WAN)
    commit(lambda: submit_outcome(outcome, by=institute.publisher, declared=True))
    asked = Notice.objects.get(user=institute.manager, kind="review.to_decide", read_at=None)

    commit(lambda: take_offline(fresh(outcome), by=institute.officer, reason=WHY))

    asked.refresh_from_db()
    assert asked.read_at is not None
    over = Notice.objects.get(kind="review.over")
    assert (over.user, over.path) == (institute.manager, outcome.review_url)
    assert not any("审核：" in row.title for row in collect(reader(institute.manager)))


@pytest.mark.parametrize("end", ["approve", "recall"])
def test_a_notice_to_decide_is_settled_when_nothing_waits_for_it(institute, commit, end):
    outcome = drafted(institute, institute.public, 90 * WAN)
    commit(lambda: submit_outcome(outcome, by=institute.publisher, declared=True))
    asked = Notice.objects.get(user=institute.manager, kind="review.to_decide", read_at=None)

    if end == "approve":
        commit(lambda: approve_review(fresh(outcome).pending_review, by=institute.manager))
        assert Notice.objects.filter(user=institute.officer, kind="review.to_decide", read_at=None).count() == 1
    else:
        commit(lambda: recall_review(fresh(outcome), by=institute.publisher))
        assert not Notice.objects.filter(kind="review.over").exists()

    asked.refresh_from_db()
    assert asked.read_at is not None


def test_the_reviewer_compares_with_what_was_public_and_reads_why_it_went(silenced, client):
    outcome = silenced.offline
    submit_outcome(outcome, by=silenced.publisher, declared=True)

    answer = sign_in(client, silenced.manager).get(outcome.review_url)

    shown = answer.content.decode()
    assert WHY in shown
    assert shown.index(WHY) < shown.index("这一稿与最近一次公开的内容对照")
    (changed,) = [row["change"] for row in answer.context["rows"] if row["change"].is_changed]
    assert (changed.field, "80" in changed.before, "777" in changed.after) == ("price_low", True, True)
    assert "曾被主管科室下架" in page(client, silenced.manager, reverse("review-queue"))


def test_once_public_again_nothing_says_that_it_was_offline(silenced, client):
    outcome = silenced.offline
    submit_outcome(outcome, by=silenced.publisher, declared=True)
    outcome = silenced.pass_review(fresh(outcome))

    shown = page(client, silenced.publisher, outcome.get_absolute_url())

    assert 'id="offline"' not in shown
    assert 'id="newer-draft"' not in shown


def test_it_waits_for_its_authors_until_it_is_sent_in_again(silenced, client):
    outcome = silenced.offline

    (row,) = [one for one in collect(reader(silenced.publisher)) if outcome.title in one.title]
    assert (row.title, row.act) == (f"已被主管科室下架：{outcome.title}", "修改后重新送审")
    assert WHY in row.about
    assert row.url == reverse("outcome-edit", args=[outcome.number])
    assert drafts_of(reader(silenced.publisher)) == []
    assert "修改后重新送审" in page(client, silenced.publisher, reverse("outcome-mine") + "?tab=offline")

    submit_outcome(outcome, by=silenced.publisher, declared=True)
    assert not any("下架" in one.title for one in collect(reader(silenced.publisher)))


def test_the_desk_asks_as_often_for_three_as_for_one(institute):
    other, counts = making.Institute(), []
    for _each in range(2):
        offline_with_draft(other)
        with CaptureQueriesContext(connection) as asked:
            piles.rows_of(waiting(reader(other.publisher)))
        counts.append(len(asked))

    assert counts[0] == counts[1]


def test_the_parts_of_the_list_sum_to_all_and_a_change_in_review_says_that_it_is_public(institute):
    other = making.Institute()
    with_change_in_review(other, other.published())
    drafted(other, other.published(), 70 * WAN)
    withdraw_outcome(other.published(), by=other.manager)
    offline_with_draft(other)
    other.published()
    other.draft()

    rows, counts = rows_of(other.organisation, "all")

    assert counts == {"all": 6, "review": 1, "draft": 2, "gone": 1, "offline": 1, "public": 1}
    assert [row["phase"] for row in rows if row["key"] == "review"] == ["公开中，修改稿审核中：区级"]


def test_no_holders_are_the_owner_with_everything_so_filling_that_in_changes_nothing(institute):
    outcome = institute.public
    outcome.co_owners = []
    outcome.save()
    outcome = fresh(outcome)
    draft = outcome.newest_version
    draft.co_owners = [CoOwner(organisation=outcome.owner, name=outcome.owner.name, share=100)]

    (found,) = [one for one in changes(outcome, draft) if one.field == "co_owners"]

    assert (found.is_changed, found.after) == (False, f"{outcome.owner.name} 100%")
    outcome = fresh(outcome)
    draft.co_owners = [
        CoOwner(organisation=outcome.owner, name=outcome.owner.name, share=Decimal(60)),
        CoOwner(name="温州大学", share=Decimal(40), has_consented=True),
    ]
    assert [one.is_changed for one in changes(outcome, draft) if one.field == "co_owners"] == [True]


@pytest.mark.parametrize("end", ["offline", "withdrawn"])
def test_what_is_over_bears_no_badge_of_an_offer(institute, client, end):
    outcome = institute.public
    before = page(client, institute.publisher, outcome.get_absolute_url())
    assert "可先用后转" in before
    assert "有效期至" in before

    if end == "offline":
        take_offline(outcome, by=institute.officer, reason=WHY)
    else:
        withdraw_outcome(outcome, by=institute.manager)

    shown = page(client, institute.publisher, outcome.get_absolute_url())
    assert "可先用后转" not in shown
    assert "有效期至" not in shown
    assert "下线" not in shown
