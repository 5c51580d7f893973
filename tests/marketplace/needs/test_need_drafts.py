"""A draft of a need that was saved: written on by its authors, read by some."""

import pytest

from marketplace.core.journal import Entry
from marketplace.needs.models import TechnologyNeed
from marketplace.reviews.drafts import mark_of
from tests.factories.people import sign_in


def test_autosave_keeps_what_can_be_read_and_says_that_not_all_could(client, trade, typed, draft):
    sign_in(client, trade.publisher)

    good = client.post(f"/needs/{draft.code}/autosave/", {**typed, "title": "新的名称"})
    bad = client.post(f"/needs/{draft.code}/autosave/", {**typed, "title": "再新", "budget_low": "x"})

    assert good.json().keys() == {"revision"}
    assert bad.status_code == 422
    assert set(bad.json()["problems"]) == {"budget_low"}
    assert bad.json()["unsaved"].startswith("预算下限：")
    kept = TechnologyNeed.objects.get().newest_version
    assert (kept.title, kept.budget_low) == ("再新", 50_000_000)
    assert [str(each) for each in kept.indicators.all()] == ["待机电流 ≤ 20 µA"]


@pytest.mark.parametrize("value", ["高", "尽可能低", "约 20", "—"])
def test_a_comparison_with_words_is_refused_beside_its_field(client, trade, typed, draft, value):
    sign_in(client, trade.publisher)
    wrong = {**typed, "indicators-0-comparison": "ge", "indicators-0-value": value, "save": "1"}

    page = client.post(f"/needs/{draft.code}/edit/", wrong)

    row = page.context["form"].formsets["indicators"].forms[0]
    assert list(row.errors) == ["value"]
    html = page.content.decode()
    _before, _, said = html.partition('id="id_indicators-0-value_error"')
    assert row.errors["value"][0] in said.partition("</div>")[0]
    assert [str(each) for each in draft.newest_version.indicators.all()] == ["待机电流 ≤ 20 µA"]


@pytest.mark.parametrize(("who", "page", "form"), [("officer", 200, 403), ("auditor", 200, 403), ("liaison", 404, 404)])
def test_the_form_is_shown_only_to_those_who_may_save(client, trade, typed, draft, who, page, form):
    sign_in(client, getattr(trade, who))

    assert client.get(f"/needs/{draft.code}/edit/").status_code == form
    assert client.post(f"/needs/{draft.code}/edit/", typed).status_code == form
    assert client.get(draft.get_absolute_url()).status_code == page


def test_deleting_an_unsent_draft_is_in_the_journal(client, trade, draft):
    sign_in(client, trade.publisher)

    client.post(f"/needs/{draft.code}/delete/")

    entry = Entry.objects.get(kind="need.discarded")
    assert not TechnologyNeed.objects.exists()
    assert (entry.data, entry.actor, entry.on_behalf_of) == ({"code": draft.code}, trade.publisher, trade.enterprise)


def test_who_saves_after_a_colleague_is_told_and_may_save_over_it(client, trade, typed, draft):
    sign_in(client, trade.publisher)
    mine = {**typed, "title": "我的名称", "revision": mark_of(draft.latest_revision)}
    sign_in(client, trade.manager)
    client.post(
        f"/needs/{draft.code}/edit/", {**typed, "title": "同事的名称", "revision": mark_of(draft.latest_revision)}
    )
    sign_in(client, trade.publisher)

    told = client.post(f"/needs/{draft.code}/edit/", mine)
    kept = TechnologyNeed.objects.get().newest_version.title
    client.post(f"/needs/{draft.code}/edit/", {**mine, "overwrite": "1"})

    assert 'name="overwrite"' in told.content.decode()
    assert "我的名称" in told.content.decode()
    assert kept == "同事的名称"
    assert TechnologyNeed.objects.get().newest_version.title == "我的名称"


@pytest.mark.parametrize("sent", ["很多", "-1", "1.5", "٢٢٠", "²", "9" * 30, " ", "999999999"])
@pytest.mark.parametrize("verb", ["edit", "autosave"])
def test_a_revision_that_cannot_be_is_no_fault_of_ours(client, trade, typed, draft, verb, sent):
    sign_in(client, trade.publisher)

    answer = client.post(
        f"/needs/{draft.code}/{verb}/", {**typed, "title": "自己的名称", "revision": sent, "save": "1"}
    )

    assert answer.status_code in (200, 302)
    assert TechnologyNeed.objects.get().newest_version.title == "自己的名称"
