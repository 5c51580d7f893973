"""A need that was sent in, until it is published, and who is refused on the way."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.journal import Entry
from marketplace.needs.models import TechnologyNeed
from marketplace.reviews.actions import approve_review, return_review
from tests.factories.people import sign_in
from tests.marketplace.needs.conftest import decide


def test_is_written_sent_checked_and_published(client, trade, sent):
    assert sent.pending_review.task.specific.stage == "liaison"
    decide(sent, trade.liaison)
    assert not sent.live
    decide(sent, trade.officer)

    page = client.get(sent.get_absolute_url()).content.decode()

    assert sent.live
    assert sent.budget_low == 50_000_000
    assert [str(each) for each in sent.indicators.all()] == ["待机电流 ≤ 20 µA"]
    assert "智能锁静态功耗降低" in page
    assert "样例企业甲" in page
    kinds = list(Entry.objects.about(sent).order_by("pk").values_list("kind", flat=True))
    assert kinds == ["need.drafted", "need.submitted", "need.reviewed", "need.reviewed", "need.published"]


def test_what_a_reviewer_said_stands_on_the_page_of_the_need_and_leads_to_the_form(client, trade, sent):
    approve_review(sent.pending_review, by=trade.liaison, comment="已电话核实")
    step = TechnologyNeed.objects.get().pending_review
    return_review(step, by=trade.officer, comment="", remarks={"problem": "补充使用环境"})
    sign_in(client, trade.publisher)

    page = client.get(sent.get_absolute_url()).content.decode()

    assert "已电话核实" in page
    assert f'href="/needs/{sent.code}/edit/#remark-problem"' in page
    assert 'id="remark-problem"' in client.get(f"/needs/{sent.code}/edit/").content.decode()


@pytest.mark.parametrize("who", ["bidder", "stranger", "rival"])
def test_only_publishers_of_the_enterprise_write_for_it(client, trade, typed, sent, who):
    sign_in(client, getattr(trade, who))

    answer = client.get(f"/needs/{sent.code}/edit/")
    client.post(f"/needs/{sent.code}/edit/", {**typed, "title": "别人的"})

    sent.refresh_from_db()
    assert answer.status_code == (403 if who == "bidder" else 404)
    assert sent.newest_version.title == "智能锁静态功耗降低"


@pytest.mark.parametrize("who", ["bidder", "liaison", "officer", "auditor"])
def test_who_reads_a_draft_and_may_not_write_it_is_shown_no_form(client, trade, sent, who):
    sign_in(client, getattr(trade, who))

    shown = client.get(sent.get_absolute_url())
    answers = [client.get(f"/needs/{sent.code}/edit/"), client.post(f"/needs/{sent.code}/autosave/", {"title": ""})]

    assert shown.status_code == 200
    assert f"/needs/{sent.code}/edit/" not in shown.content.decode()
    assert [answer.status_code for answer in answers] == [403, 403]


def test_while_in_review_the_form_leads_to_the_review_but_keeps_what_was_typed(client, trade, typed, sent):
    sign_in(client, trade.publisher)

    assert client.get(f"/needs/{sent.code}/edit/").url == sent.review_url
    page = client.post(f"/needs/{sent.code}/edit/", {**typed, "title": "在审核中改的名称"})

    assert "在审核中改的名称" in page.content.decode()
    assert page.context["form"].errors["__all__"]
    assert sent.newest_version.title == "智能锁静态功耗降低"


def test_what_the_reviewer_remarked_stands_beside_its_field(client, trade, sent):
    step = sent.pending_review
    step.task.specific.on_action(step, trade.liaison, "reject", comment="请补充", remarks={"problem": "写明测试条件",
        "indicators": "再加一项成本指标", "budget_low": "预算偏低"})  # fmt: skip
    sign_in(client, trade.publisher)

    form = client.get(f"/needs/{sent.code}/edit/").content.decode()
    page = client.get(sent.get_absolute_url()).content.decode()

    for field, text in (("problem", "写明测试条件"), ("indicators", "再加一项成本指标"), ("budget_low", "预算偏低")):
        assert form.count(text) == 2, text  # at the top with a link, and beside the field
        assert f'id="remark-{field}"' in form
    assert "请补充" in form
    assert "请补充" in page


def test_the_reviewer_sees_the_budget_and_whether_the_name_is_withheld(client, trade, sent):
    sign_in(client, trade.liaison)

    page = client.get(sent.review_url).content.decode()

    assert "50–80 万元" in page
    assert "公开名称" in page


def test_the_own_list_says_where_each_need_stands(client, trade, typed, sent):
    sign_in(client, trade.publisher)
    client.post("/needs/new/", {**typed, "title": "另一项草稿", "save": "1"})

    in_review = client.get("/needs/mine/").content.decode()
    step = sent.pending_review
    step.task.specific.on_action(step, trade.liaison, "reject", comment="请补充")
    returned = client.get("/needs/mine/").content.decode()

    assert "审核中" in in_review
    assert "另一项草稿" in in_review
    assert "退回" in returned


def test_the_own_list_asks_the_same_number_of_questions_for_one_and_three(client, trade, typed, sent):
    sign_in(client, trade.publisher)
    client.get("/needs/mine/")
    with CaptureQueriesContext(connection) as one:
        client.get("/needs/mine/")
    client.post("/needs/new/", {**typed, "submit": "1"})
    client.post("/needs/new/", {**typed, "save": "1"})

    with CaptureQueriesContext(connection) as three:
        client.get("/needs/mine/")

    assert len(three) == len(one)


def test_the_review_says_code_and_budget_once_and_as_the_page_of_the_need_does(client, trade, sent):
    sign_in(client, trade.liaison)

    review = client.get(sent.review_url).content.decode()
    page = client.get(sent.get_absolute_url()).content.decode()

    words = re.sub(r"<[^>]+>", "", review)
    assert words.count(sent.code) == 1
    assert "50–80 万元" in words
    assert "50–80<small>万元</small>" in page
    assert "审核：智能锁静态功耗降低" in words


def test_taking_back_from_review_is_offered_to_the_authors_only(client, trade, sent):
    address, offered = f"/needs/{sent.code}/recall/", {}
    for who in ("publisher", "liaison", "officer"):
        sign_in(client, getattr(trade, who))
        offered[who] = address in client.get(sent.get_absolute_url()).content.decode()

    assert offered == {"publisher": True, "liaison": False, "officer": False}
