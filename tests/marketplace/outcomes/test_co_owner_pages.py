"""Pages of co-owners, and what authors and reviewers read of them."""

import copy
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from marketplace.desk.piles import rows_of
from marketplace.desk.rows import Reader
from marketplace.desk.waiting import outcomes as waiting
from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.co_ownership import CoOwnerAnswer
from marketplace.outcomes.co_owning import answer_seen
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner
from marketplace.reviews.actions import approve_review, recall_review
from marketplace.reviews.drafts import save_draft
from tests.factories.people import sign_in
from tests.marketplace.outcomes.making import Institute, fresh, organisation, person, set_up
from tests.marketplace.outcomes.owning import Partner, agree, asked_of, objects, sent_with
from tests.marketplace.outcomes.test_pages import typed

pytestmark = pytest.mark.usefixtures("for_now")
NAME = "瓯江样例科技有限公司"


@pytest.fixture(scope="module")
def lasting_house(lasting):
    """An institute with a draft, a partner, and what the partner was asked about another outcome."""
    set_up()
    institute, partner = Institute(), Partner(name=NAME)
    institute.drafted = institute.draft()
    return SimpleNamespace(institute=institute, partner=partner, asked=asked_of(sent_with(institute, partner), partner))


@pytest.fixture
def house(lasting_house, for_now):
    return copy.deepcopy(lasting_house)


@pytest.fixture
def institute(house):
    return house.institute


@pytest.fixture
def partner(house):
    return house.partner


@pytest.fixture
def asked(house):
    return house.asked


def page_of(client, user, address):
    sign_in(client, user)
    return client.get(address)


def answered(client, asked, **typed):
    return client.post(reverse("co-ownership-answer", args=[asked.code]), {"seen": answer_seen(asked)} | typed)


def test_the_co_owner_reads_the_public_part_of_what_is_not_public_yet(client, partner, asked):
    page = page_of(client, partner.publisher, asked.get_absolute_url())
    text = page.content.decode()

    for words in (asked.outcome.title, asked.outcome.owner.name, "近红外透射成像", "一种指静脉采集装置", "40%"):
        assert words in text
    assert "供货成本与算法参数" not in text
    assert reverse("outcome-detail", args=[asked.outcome.number]) not in text
    assert client.get(reverse("outcome-detail", args=[asked.outcome.number])).status_code == 404


def test_agreeing_and_objecting_by_the_page(client, partner, asked):
    sign_in(client, partner.publisher)
    assert answered(client, asked, answer="agreed").url == asked.get_absolute_url()
    asked = type(asked).objects.get()
    assert asked.state == "agreed"

    answered(client, asked, answer="objected", reason="份额有误")
    assert type(asked).objects.get().state == "objected"
    page = client.get(asked.get_absolute_url()).content.decode()
    assert "份额有误" in page
    assert page.count("40 %") >= 2


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"answer": "objected", "reason": " "}, "请说明不同意的理由"),
        ({"answer": "objected", "reason": "长" * 501}, "500"),
        ({"answer": "perhaps", "reason": "打了很久的字"}, "打了很久的字"),
        ({"reason": "打了很久的字"}, "打了很久的字"),
        ({"answer": "agreed", "seen": "0-x-1-"}, "新版本"),
        ({"answer": "objected", "reason": "打了很久的字", "seen": "x" * 400}, "打了很久的字"),
    ],
)
def test_what_is_wrong_stands_on_the_page_and_nothing_typed_is_lost(client, partner, asked, sent, words):
    sign_in(client, partner.publisher)

    page = answered(client, asked, **sent)

    assert page.status_code == 200
    assert words in page.content.decode()
    assert not CoOwnerAnswer.objects.exists()


def test_a_colleague_reads_who_was_faster_and_keeps_the_reason(client, partner, asked):
    sign_in(client, partner.manager)
    seen = answer_seen(asked)
    agree(asked.outcome, partner)

    page = answered(client, asked, answer="objected", reason="我另有意见", seen=seen).content.decode()

    assert f"贵单位已由{partner.publisher}" in page
    assert "我另有意见" in page
    assert CoOwnerAnswer.objects.count() == 1


def test_strangers_find_nothing_and_readers_do_not_answer(client, institute, partner, asked):
    for user in (Partner().manager, person("registrar")):
        assert page_of(client, user, asked.get_absolute_url()).status_code == 404
        assert answered(client, asked, answer="agreed").status_code == 404
    for user in (person(of=partner.organisation), institute.publisher, institute.officer):
        page = page_of(client, user, asked.get_absolute_url())
        assert page.status_code == 200
        assert reverse("co-ownership-answer", args=[asked.code]) not in page.content.decode()
        assert answered(client, asked, answer="agreed").status_code == 403
    assert not CoOwnerAnswer.objects.exists()


def test_what_was_taken_back_is_not_shown_any_more(client, institute, partner, asked):
    recall_review(asked.outcome, by=institute.publisher)

    text = page_of(client, partner.publisher, asked.get_absolute_url()).content.decode()

    assert "近红外透射成像" not in text
    assert "再次提交审核时会通知您" in text
    assert reverse("co-ownership-answer", args=[asked.code]) not in text
    assert "已撤回或退回" in client.get(reverse("co-ownership-list")).content.decode()


def test_the_list_costs_the_same_for_one_and_for_three(client, institute, partner, asked):
    sign_in(client, partner.publisher)

    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert asked.outcome.title in client.get(reverse("co-ownership-list")).content.decode()
        return len(captured)

    queries()
    one = queries()
    sent_with(institute, partner)
    agree(sent_with(institute, partner), partner)

    assert queries() == one


def test_the_desk_shows_what_is_to_answer_until_it_is_answered(client, institute, partner, asked):
    sign_in(client, partner.publisher)
    assert f"待答复的共有成果：{asked.outcome.title}" in client.get("/desk/").content.decode()
    assert not rows_of(waiting.waiting(reader(person(of=partner.organisation))))

    agree(asked.outcome, partner)

    assert asked.outcome.title not in client.get("/desk/").content.decode()


def reader(user):
    return Reader(user, None, None)


def test_the_desk_asks_no_more_for_more(institute, partner, asked):
    def queries():
        with CaptureQueriesContext(connection) as captured:
            assert rows_of(waiting.waiting(reader(partner.publisher)))
        return len(captured)

    one = queries()
    sent_with(institute, partner)
    sent_with(institute, partner)
    assert queries() == one


def test_the_reviewers_of_both_steps_read_where_it_stands_and_the_last_is_not_let_approve(
    client, institute, partner, asked
):
    address = asked.outcome.review_url
    page = page_of(client, institute.manager, address).content.decode()
    assert f"{NAME}（40%）：尚未答复。" in page
    assert "没有书面同意。" in page
    assert 'value="approve"' in page

    approve_review(asked.outcome.pending_review, by=institute.manager)
    objects(asked.outcome, partner, reason="须先分割份额")
    page = page_of(client, institute.officer, address).content.decode()
    assert f"{NAME}（40%）：不同意。" in page
    assert "须先分割份额" in page
    assert 'value="approve"' not in page
    forced = client.post(address, {"decision": "approve", "comment": "同意发布"})
    assert forced.status_code == 200
    assert f"共有人{NAME}不同意：须先分割份额" in forced.content.decode()
    assert "同意发布" in forced.content.decode()
    assert not fresh(asked.outcome).live

    agree(asked.outcome, partner)
    page = client.get(address).content.decode()
    assert f"{NAME}（40%）：同意。" in page
    assert 'value="approve"' in page


@pytest.mark.parametrize("where", ["edit", "detail", "review"])
def test_pages_that_tell_of_co_owners_ask_the_same_for_one_and_for_three(client, institute, where):
    partners = [Partner().organisation for _each in range(3)]

    def queries(several):
        draft = institute.draft().newest_version
        rows = [CoOwner(organisation=one, name=one.name, share=10) for one in several]
        draft.co_owners = [CoOwner(organisation=draft.owner, name=draft.owner.name, share=100 - 10 * len(rows)), *rows]
        save_draft(draft, by=institute.publisher)
        if where != "edit":
            submit_outcome(draft, by=institute.publisher, declared=True)
        names = {"edit": "outcome-edit", "detail": "outcome-detail"}
        address = reverse(names[where], args=[draft.number]) if where in names else draft.review_url
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert several[-1].name in client.get(address).content.decode()
        return len(captured)

    sign_in(client, institute.manager)
    assert queries(partners[:1]) == queries(partners)


def test_the_author_reads_it_in_the_form_and_on_the_page_and_nobody_else_does(client, institute, partner, asked):
    outcome = asked.outcome
    objects(outcome, partner, reason="须先分割份额")
    page = page_of(client, institute.publisher, outcome.get_absolute_url()).content.decode()
    assert "须先分割份额" in page
    recall_review(outcome, by=institute.publisher)
    assert "须先分割份额" in client.get(reverse("outcome-edit", args=[outcome.number])).content.decode()

    agree_again = sent_with(institute, partner, outcome=fresh(outcome))
    agree(agree_again, partner)
    approve_review(fresh(outcome).pending_review, by=institute.manager)
    approve_review(fresh(outcome).pending_review, by=institute.officer)
    client.logout()
    public = client.get(outcome.get_absolute_url()).content.decode()
    assert NAME in public
    assert "须先分割份额" not in public
    assert "共有人意见" not in public


def test_a_co_owner_of_a_name_alone_is_said_to_be_none_of_the_platform(client, institute):
    draft = institute.drafted.newest_version
    outside = CoOwner(name="平台外大学", share=40, has_consented=True)
    draft.co_owners = [CoOwner(organisation=draft.owner, name=draft.owner.name, share=60), outside]
    save_draft(draft, by=institute.publisher)

    page = page_of(client, institute.publisher, reverse("outcome-edit", args=[draft.number])).content.decode()

    assert "非平台单位" in page
    assert "申请单位称已有书面同意。" in page


def holders(outcome, *rows):
    told = {"co_owners-TOTAL_FORMS": str(len(rows) + 1), "co_owners-0-share": "60"}
    for place, (name, share) in enumerate(rows, start=1):
        told |= {f"co_owners-{place}-name": name, f"co_owners-{place}-share": share}
    return typed(outcome, **told)


def test_a_name_typed_exactly_leads_to_the_organisation_and_stays_with_it(client, institute, partner):
    outcome = institute.drafted
    sign_in(client, institute.publisher)
    address = reverse("outcome-edit", args=[outcome.number])

    client.post(address, holders(outcome, (f" {NAME} ", "40")))
    row = fresh(outcome).newest_version.co_owners.all()[1]
    assert (row.organisation, row.has_consented) == (partner.organisation, False)

    type(partner.organisation).objects.filter(pk=partner.organisation.pk).update(name="改名后的公司")
    client.post(address, holders(outcome, (NAME, "40")))
    assert fresh(outcome).newest_version.co_owners.all()[1].organisation == partner.organisation
    client.post(address, holders(outcome, ("别的单位", "40")))
    assert fresh(outcome).newest_version.co_owners.all()[1].organisation is None


def test_sending_in_by_the_form_asks_who_was_typed(client, institute, partner):
    outcome = institute.drafted
    sign_in(client, institute.publisher)

    sent = holders(outcome, (NAME, "40")) | {"action": "submit", "declared": "1"}
    client.post(reverse("outcome-edit", args=[outcome.number]), sent)

    assert asked_of(outcome, partner).state == "waiting"
    assert asked_of(outcome, partner).revision == fresh(outcome).latest_revision


def test_of_two_organisations_of_one_name_none_is_taken(client, institute, partner):
    organisation(name=NAME)
    outcome = institute.drafted
    sign_in(client, institute.publisher)

    client.post(reverse("outcome-edit", args=[outcome.number]), holders(outcome, (NAME, "40")))

    assert ResearchOutcome.objects.get(pk=outcome.pk).newest_version.co_owners.all()[1].organisation is None
