"""A need from its form to the public page, and who is refused on the way."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.journal import Entry
from marketplace.matching.showing import shown
from marketplace.needs.actions import disclose_need
from marketplace.needs.models import TechnologyNeed
from marketplace.reviews.actions import approve_review, return_review
from marketplace.reviews.drafts import mark_of
from tests.factories.people import sign_in
from tests.marketplace.matching import factories as matches


def decide(need, by):
    state = need.pending_review
    state.task.specific.on_action(state, by, "approve")
    need.refresh_from_db()


@pytest.fixture
def sent(client, trade, typed):
    sign_in(client, trade.publisher)
    client.post("/needs/new/", {**typed, "submit": "1"})
    client.logout()
    return TechnologyNeed.objects.get()


@pytest.fixture
def public(sent, trade):
    decide(sent, trade.liaison)
    decide(sent, trade.officer)
    return sent


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


def test_an_anonymous_need_does_not_name_its_enterprise(client, trade, typed):
    sign_in(client, trade.publisher)
    named = {
        "is_anonymous": "on",
        "problem": f"{trade.enterprise.name}的{typed['problem']}",
        "indicators-0-name": trade.enterprise.name,
    }

    page = client.post("/needs/new/", {**typed, **named, "submit": "1"}).content.decode()

    assert page.count("此处写有本单位名称") == 4  # beside both, and in the summary above
    need = TechnologyNeed.objects.get()
    assert need.pending_review is None
    client.post(f"/needs/{need.code}/edit/", {**typed, **named, "is_anonymous": "", "submit": "1"})
    assert TechnologyNeed.objects.get().pending_review is not None


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"budget_high": "十万"}, "十万"),
        ({"budget_low": "80", "budget_high": "50"}, "写反"),
        ({"deadline": "2020-01-01"}, "已经过去"),
        ({"deadline": "31.12."}, "deadline"),
        ({"indicators-0-name": "", "indicators-0-value": "20"}, "indicators-0-name"),
    ],
)
def test_wrong_input_is_named_beside_its_field_and_nothing_typed_is_lost(client, trade, typed, wrong, words):
    sign_in(client, trade.publisher)

    page = client.post("/needs/new/", {**typed, **wrong, "submit": "1"})

    assert page.status_code == 200
    assert words in page.content.decode()
    assert "四节干电池只能用六个月" in page.content.decode()
    assert TechnologyNeed.objects.count() == 0


def test_an_incomplete_draft_is_saved_and_told_what_is_missing(client, trade, typed):
    sign_in(client, trade.publisher)

    page = client.post("/needs/new/", {**typed, "problem": "短", "industry": "", "submit": "1"})

    need = TechnologyNeed.objects.get()
    assert need.pending_review is None
    assert need.newest_version.problem == "短"
    assert set(page.context["form"].errors) == {"problem", "industry"}
    assert f'action="/needs/{need.code}/edit/"' in page.content.decode()  # sent again, it is no second need


def test_a_row_with_a_forged_key_is_refused(client, trade, typed):
    sign_in(client, trade.publisher)

    page = client.post("/needs/new/", {**typed, "indicators-INITIAL_FORMS": "1", "indicators-0-id": "x"})

    assert [list(row.errors) for row in page.context["form"].formsets["indicators"]] == [["id"]]
    assert TechnologyNeed.objects.count() == 0


@pytest.mark.parametrize("who", ["bidder", "stranger", "rival"])
def test_only_publishers_of_the_enterprise_write_for_it(client, trade, typed, sent, who):
    sign_in(client, getattr(trade, who))

    answer = client.get(f"/needs/{sent.code}/edit/")
    client.post(f"/needs/{sent.code}/edit/", {**typed, "title": "别人的"})

    sent.refresh_from_db()
    assert answer.status_code == (403 if who == "bidder" else 404)
    assert sent.newest_version.title == "智能锁静态功耗降低"


def test_a_match_and_the_page_of_its_need_name_the_enterprise_to_the_same_people(trade, public):
    TechnologyNeed.objects.update(is_anonymous=True)
    disclose_need(public, organisation=trade.other, by=trade.manager)
    need = TechnologyNeed.objects.prefetch_related("disclosures").get()
    match = matches.proposed(need=need)
    match.need = need

    for who in ("manager", "bidder", "rival", "stranger", "liaison", "officer", "auditor"):
        user = getattr(trade, who)
        assert bool(shown([match], user)[0].enterprise) is (who != "stranger"), who
        assert need.names_enterprise_to(user) is (who != "stranger"), who


@pytest.mark.parametrize("who", ["bidder", "liaison", "officer", "auditor"])
def test_who_reads_a_draft_and_may_not_write_it_is_shown_no_form(client, trade, sent, who):
    sign_in(client, getattr(trade, who))

    shown = client.get(sent.get_absolute_url())
    answers = [client.get(f"/needs/{sent.code}/edit/"), client.post(f"/needs/{sent.code}/autosave/", {"title": ""})]

    assert shown.status_code == 200
    assert f"/needs/{sent.code}/edit/" not in shown.content.decode()
    assert [answer.status_code for answer in answers] == [403, 403]


@pytest.mark.parametrize(("who", "sees"), [
    (None, False), ("stranger", False), ("rival", False), ("manager", True), ("liaison", True), ("officer", True),
    ("auditor", True),
])  # fmt: skip
def test_an_anonymous_need_names_its_enterprise_only_to_those_who_may_know(client, trade, public, who, sees):
    TechnologyNeed.objects.update(is_anonymous=True)
    if who:
        sign_in(client, getattr(trade, who))

    assert ("样例企业甲" in client.get(public.get_absolute_url()).content.decode()) is sees


def test_the_enterprise_is_told_once_it_is_disclosed(client, trade, public):
    TechnologyNeed.objects.update(is_anonymous=True)
    disclose_need(public, organisation=trade.other, by=trade.manager)
    disclose_need(public, organisation=trade.other, by=trade.manager)
    sign_in(client, trade.rival)

    assert "样例企业甲" in client.get(public.get_absolute_url()).content.decode()
    assert Entry.objects.filter(kind="need.disclosed").count() == 1


@pytest.mark.parametrize("who", ["stranger", "rival", "bidder", "auditor", "officer"])
def test_closing_is_refused_to_others(client, trade, public, who):
    sign_in(client, getattr(trade, who))

    answer = client.post(f"/needs/{public.code}/close/", {"reason": "不需要了"})

    public.refresh_from_db()
    assert answer.status_code in (403, 404)
    assert public.state == "open"


def test_is_closed_with_a_reason_and_opened_again(client, trade, public):
    sign_in(client, trade.publisher)
    without = client.post(f"/needs/{public.code}/close/", {"reason": " "})
    client.post(f"/needs/{public.code}/close/", {"reason": "已自行解决"})
    public.refresh_from_db()
    closed = public.state
    client.post(f"/needs/{public.code}/reopen/")
    public.refresh_from_db()

    assert without.status_code == 200
    assert (closed, public.state) == ("closed", "open")


def test_autosave_keeps_what_can_be_read_and_says_that_not_all_could(client, trade, typed):
    sign_in(client, trade.publisher)
    client.post("/needs/new/", {**typed, "save": "1"})
    need = TechnologyNeed.objects.get()

    good = client.post(f"/needs/{need.code}/autosave/", {**typed, "title": "新的名称"})
    bad = client.post(f"/needs/{need.code}/autosave/", {**typed, "title": "再新", "budget_low": "x"})

    assert good.json().keys() == {"revision"}
    assert bad.status_code == 422
    assert set(bad.json()["problems"]) == {"budget_low"}
    assert bad.json()["unsaved"].startswith("预算下限：")
    kept = TechnologyNeed.objects.get().newest_version
    assert (kept.title, kept.budget_low) == ("再新", 50_000_000)
    assert [str(each) for each in kept.indicators.all()] == ["待机电流 ≤ 20 µA"]


def test_a_need_is_kept_from_its_title_on_before_anybody_presses(client, trade, typed):
    sign_in(client, trade.publisher)
    page = client.get("/needs/new/").content.decode()

    nothing = client.post("/needs/new/autosave/", {**typed, "title": " "})
    assert (nothing.status_code, TechnologyNeed.objects.count()) == (409, 0)
    begun = client.post("/needs/new/autosave/", {**typed, "budget_low": "x"})

    need = TechnologyNeed.objects.get()
    assert 'data-autosave-url="/needs/new/autosave/"' in page
    assert (begun.status_code, set(begun.json()["problems"])) == (422, {"budget_low"})
    assert begun.json()["begun"] == {
        "address": f"/needs/{need.code}/edit/",
        "autosave": f"/needs/{need.code}/autosave/",
    }
    assert (need.newest_version.title, need.newest_version.problem) == (typed["title"], typed["problem"])
    again = client.post(begun.json()["begun"]["autosave"], {**typed, "revision": begun.json()["revision"]})
    assert (again.status_code, "begun" in again.json(), TechnologyNeed.objects.count()) == (200, False, 1)
    sign_in(client, trade.liaison)
    assert client.post("/needs/new/autosave/", typed).status_code == 403


@pytest.mark.parametrize("value", ["高", "尽可能低", "约 20", "—"])
def test_a_comparison_with_words_is_refused_beside_its_field(client, trade, typed, value):
    sign_in(client, trade.publisher)
    client.post("/needs/new/", {**typed, "save": "1"})
    need = TechnologyNeed.objects.get()
    wrong = {**typed, "indicators-0-comparison": "ge", "indicators-0-value": value, "save": "1"}

    page = client.post(f"/needs/{need.code}/edit/", wrong)

    row = page.context["form"].formsets["indicators"].forms[0]
    assert list(row.errors) == ["value"]
    html = page.content.decode()
    _before, _, said = html.partition('id="id_indicators-0-value_error"')
    assert row.errors["value"][0] in said.partition("</div>")[0]
    assert [str(each) for each in need.newest_version.indicators.all()] == ["待机电流 ≤ 20 µA"]


@pytest.mark.parametrize(
    ("comparison", "value", "kept"),
    [
        ("text", "高", "待机电流 高 µA"),
        ("ge", "２０", "待机电流 ≥ 20 µA"),
        ("le", "-40", "待机电流 ≤ -40 µA"),
        ("eq", "±0.5", "待机电流 = ±0.5 µA"),
    ],
)
def test_words_stand_as_described_and_figures_of_a_chinese_keyboard_compare(
    client, trade, typed, comparison, value, kept
):
    sign_in(client, trade.publisher)

    client.post(
        "/needs/new/", {**typed, "indicators-0-comparison": comparison, "indicators-0-value": value, "save": "1"}
    )

    need = TechnologyNeed.objects.get()
    assert [str(each) for each in need.newest_version.indicators.all()] == [kept]


@pytest.mark.parametrize(("who", "page", "form"), [("officer", 200, 403), ("auditor", 200, 403), ("liaison", 404, 404)])
def test_the_form_is_shown_only_to_those_who_may_save(client, trade, typed, who, page, form):
    sign_in(client, trade.publisher)
    client.post("/needs/new/", {**typed, "save": "1"})
    need = TechnologyNeed.objects.get()
    sign_in(client, getattr(trade, who))

    assert client.get(f"/needs/{need.code}/edit/").status_code == form
    assert client.post(f"/needs/{need.code}/edit/", typed).status_code == form
    assert client.get(need.get_absolute_url()).status_code == page


def test_while_in_review_the_form_leads_to_the_review_but_keeps_what_was_typed(client, trade, typed, sent):
    sign_in(client, trade.publisher)

    assert client.get(f"/needs/{sent.code}/edit/").url == sent.review_url
    page = client.post(f"/needs/{sent.code}/edit/", {**typed, "title": "在审核中改的名称"})

    assert "在审核中改的名称" in page.content.decode()
    assert page.context["form"].errors["__all__"]
    assert sent.newest_version.title == "智能锁静态功耗降低"


def test_deleting_an_unsent_draft_is_in_the_journal(client, trade, typed):
    sign_in(client, trade.publisher)
    client.post("/needs/new/", {**typed, "save": "1"})
    need = TechnologyNeed.objects.get()

    client.post(f"/needs/{need.code}/delete/")

    entry = Entry.objects.get(kind="need.discarded")
    assert not TechnologyNeed.objects.exists()
    assert (entry.data, entry.actor, entry.on_behalf_of) == ({"code": need.code}, trade.publisher, trade.enterprise)


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


def test_who_saves_after_a_colleague_is_told_and_may_save_over_it(client, trade, typed):
    sign_in(client, trade.publisher)
    client.post("/needs/new/", {**typed, "save": "1"})
    need = TechnologyNeed.objects.get()
    mine = {**typed, "title": "我的名称", "revision": mark_of(need.latest_revision)}
    sign_in(client, trade.manager)
    client.post(
        f"/needs/{need.code}/edit/", {**typed, "title": "同事的名称", "revision": mark_of(need.latest_revision)}
    )
    sign_in(client, trade.publisher)

    told = client.post(f"/needs/{need.code}/edit/", mine)
    kept = TechnologyNeed.objects.get().newest_version.title
    client.post(f"/needs/{need.code}/edit/", {**mine, "overwrite": "1"})

    assert 'name="overwrite"' in told.content.decode()
    assert "我的名称" in told.content.decode()
    assert kept == "同事的名称"
    assert TechnologyNeed.objects.get().newest_version.title == "我的名称"


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


def test_figures_in_full_width_are_kept_as_figures(client, trade, typed):
    sign_in(client, trade.publisher)

    client.post("/needs/new/", {**typed, "budget_low": "５０", "indicators-0-value": "２０", "save": "1"})

    draft = TechnologyNeed.objects.get().newest_version
    assert (draft.budget_low, draft.indicators.get().value) == (50_000_000, "20")


def test_what_a_review_needs_is_not_marked_optional_and_yet_may_wait(client, trade, typed):
    sign_in(client, trade.publisher)

    form = client.get("/needs/new/").context["form"]
    client.post("/needs/new/", {**typed, "problem": "", "industry": "", "mode": "", "deadline": "", "save": "1"})

    needed = {name for name, field in form.fields.items() if field.required}
    assert needed == {"title", "problem", "industry", "mode", "deadline", "budget_low", "budget_high"}
    assert TechnologyNeed.objects.get().newest_version.problem == ""


@pytest.mark.parametrize(
    ("who", "may"), [("publisher", True), ("bidder", False), ("auditor", False), ("liaison", False)]
)
def test_the_own_list_offers_to_post_a_need_only_to_those_who_may(client, trade, who, may):
    sign_in(client, getattr(trade, who))

    page = client.get("/needs/mine/").content.decode()

    assert ('href="/needs/new/"' in page.split("<main")[1].split("</main")[0]) is may


@pytest.mark.parametrize("sent", ["很多", "-1", "1.5", "٢٢٠", "²", "9" * 30, " ", "999999999"])
@pytest.mark.parametrize("verb", ["edit", "autosave"])
def test_a_revision_that_cannot_be_is_no_fault_of_ours(client, trade, typed, verb, sent):
    sign_in(client, trade.publisher)
    client.post("/needs/new/", {**typed, "save": "1"})
    need = TechnologyNeed.objects.get()

    answer = client.post(f"/needs/{need.code}/{verb}/", {**typed, "title": "自己的名称", "revision": sent, "save": "1"})

    assert answer.status_code in (200, 302)
    assert TechnologyNeed.objects.get().newest_version.title == "自己的名称"


def test_the_review_says_code_and_budget_once_and_as_the_page_of_the_need_does(client, trade, sent):
    sign_in(client, trade.liaison)

    review = client.get(sent.review_url).content.decode()
    page = client.get(sent.get_absolute_url()).content.decode()

    words = re.sub(r"<[^>]+>", "", review)
    assert words.count(sent.code) == 1
    assert "50–80 万元" in words
    assert "50–80<small>万元</small>" in page
    assert "审核：智能锁静态功耗降低" in words


def test_a_budget_that_may_be_negotiated_says_so_everywhere(client, trade, typed):
    sign_in(client, trade.publisher)
    client.post("/needs/new/", {**typed, "is_negotiable": "on", "submit": "1"})
    need = TechnologyNeed.objects.get()

    page = client.get(need.get_absolute_url()).content.decode()
    sign_in(client, trade.liaison)
    review = client.get(need.review_url).content.decode()

    assert "50–80<small>万元</small></span>，可议" in page
    assert "50–80 万元，可议" in review


def test_what_is_wrong_in_an_indicator_alone_is_told_on_top(client, trade, typed):
    sign_in(client, trade.publisher)

    page = client.post("/needs/new/", {**typed, "indicators-0-value": "abc", "save": "1"}).content.decode()

    box = page[page.index("data-error-summary") :].partition("</ul>")[0]
    assert "有 1 处需要改" in box
    assert '<a href="#id_indicators-0-value">' in box


def box_of(page):
    """Return the box on top that says what is to be changed."""
    return page.content.decode().partition("data-error-summary")[2].partition("</ul>")[0]


@pytest.mark.parametrize("begun", [False, True])
def test_what_cannot_be_read_and_what_a_review_lacks_are_told_in_one_round(client, trade, typed, begun):
    sign_in(client, trade.publisher)
    bare = typed | {name: "" for name in typed if name.startswith("indicators-0")}
    client.post("/needs/new/", bare | {"save": "1"} if begun else {})
    address = f"/needs/{TechnologyNeed.objects.get().code}/edit/" if begun else "/needs/new/"
    wrong = {"title": "", "problem": "短", "industry": "", "mode": "x", "budget_low": "", "budget_high": ""}

    page = client.post(address, bare | wrong | {"submit": "1"})

    told = {name: len(sentences) for name, sentences in page.context["form"].errors.items()}
    assert told == {"title": 1, "problem": 1, "industry": 1, "mode": 1, "budget_low": 1}
    assert "有 6 处需要改" in box_of(page)
    assert all(f'<a href="#id_{name}">' in box_of(page) for name in told)
    assert "至少" in box_of(page)
    assert '<a href="#indicators-title">' in box_of(page)
    assert not TechnologyNeed.objects.filter(title="").exists()


def test_what_cannot_be_read_is_not_called_missing_besides(client, trade, typed):
    sign_in(client, trade.publisher)
    wrong = {"budget_low": "", "budget_high": "十几万吧", "deadline": "明年", "indicators-0-name": ""}

    page = client.post("/needs/new/", {**typed, **wrong, "submit": "1"})

    form = page.context["form"]
    assert {name: len(sentences) for name, sentences in form.errors.items()} == {"budget_high": 1, "deadline": 1}
    assert form.formsets["indicators"].non_form_errors() == []


def test_who_only_saves_is_asked_for_nothing_that_may_wait(client, trade, typed):
    sign_in(client, trade.publisher)

    page = client.post("/needs/new/", {**typed, "problem": "", "industry": "", "mode": "x", "save": "1"})

    assert set(page.context["form"].errors) == {"mode"}


def test_the_table_of_indicators_says_what_it_lacks(client, trade, typed):
    sign_in(client, trade.publisher)
    empty = {name: "" for name in typed if name.startswith("indicators-0")}

    page = client.post("/needs/new/", {**typed, **empty, "submit": "1"})

    assert "有 1 处需要改" in box_of(page)
    assert '<a href="#indicators-title">' in box_of(page)
    assert page.context["form"].errors == {}


def test_solving_asks_first_and_says_what_ends(client, trade, public):
    match = matches.agreed(need=public)
    matches.proposed(need=public)
    sign_in(client, trade.publisher)
    address = f"/needs/{public.code}/solve/"

    detail, asked = client.get(public.get_absolute_url()).content.decode(), client.get(address).content.decode()
    public.refresh_from_db()
    before = public.state
    client.post(address)

    public.refresh_from_db()
    assert f'href="{address}"' in detail
    assert before == "open"
    for said in ("此操作不可撤销", match.outcome.title, "1 项推荐的对接随之结束", "已建立的交易不受影响"):
        assert said in asked
    assert public.state == "solved"


@pytest.mark.parametrize("who", ["bidder", "liaison", "officer", "auditor", "rival"])
def test_nobody_else_solves_a_need(client, trade, public, who):
    sign_in(client, getattr(trade, who))
    address = f"/needs/{public.code}/solve/"

    shown = client.get(public.get_absolute_url()).content.decode()
    answers = [client.get(address), client.post(address)]

    public.refresh_from_db()
    assert address not in shown
    assert [answer.status_code for answer in answers] == [403, 403]
    assert public.state == "open"


def test_of_what_a_liaison_closed_the_enterprise_reads_who_and_why(client, trade, public):
    sign_in(client, trade.liaison)
    asked = client.get(f"/needs/{public.code}/close/").content.decode()
    client.post(f"/needs/{public.code}/close/", {"reason": "企业已停产"})
    sign_in(client, trade.publisher)

    page = client.get(public.get_absolute_url()).content.decode()

    assert "企业会收到通知" in asked
    assert f"联络员{trade.liaison}已关闭：企业已停产" in page
    assert Entry.objects.get(kind="need.closed").on_behalf_of is None


def test_taking_back_from_review_is_offered_to_the_authors_only(client, trade, sent):
    address, offered = f"/needs/{sent.code}/recall/", {}
    for who in ("publisher", "liaison", "officer"):
        sign_in(client, getattr(trade, who))
        offered[who] = address in client.get(sent.get_absolute_url()).content.decode()

    assert offered == {"publisher": True, "liaison": False, "officer": False}
