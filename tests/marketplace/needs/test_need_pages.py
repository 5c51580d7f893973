"""The form of a need: what is wrong, lacking or kept, and who writes."""

import pytest

from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from tests.factories.people import sign_in


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


def test_who_is_not_verified_yet_writes_and_keeps_a_draft_and_reads_why_it_is_not_sent(client, trade, typed):
    Organisation.objects.filter(pk=trade.enterprise.pk).update(state="pending")
    sign_in(client, trade.publisher)

    page = client.get("/needs/new/").content.decode()
    pressed = client.post("/needs/new/", {**typed, "submit": "1"})

    need = TechnologyNeed.objects.get()
    assert "正在等待认证" in page.split('class="formbar')[1]
    assert "正在等待认证" in str(pressed.context["form"].non_field_errors())
    assert (pressed.status_code, need.newest_version.problem, need.pending_review) == (200, typed["problem"], None)


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
