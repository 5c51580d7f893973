"""What stands beside a draft: alike outcomes, fields with their reason, and two outcomes side by side."""

import re
from types import SimpleNamespace

import pytest

from marketplace.reviews.drafts import save_draft
from search.beside import sides
from search.indexing import rebuild_index
from tasks.index import sign_outcomes
from tests.factories.people import sign_in
from tests.marketplace.outcomes import making

HTMX = {"HX-Request": "true"}


@pytest.fixture(scope="module")
def house(lasting):
    """Two institutes: a public outcome of the other, indexed; a draft like it without a field."""
    making.set_up()
    institute, other = making.Institute(), making.Institute(name="样例研究院乙")
    public = other.published()
    draft = institute.draft(title="低功耗指静脉识别锁用模组二代")
    version = draft.newest_version
    version.field, version.confidential = None, "只给自己人"
    save_draft(version, by=institute.publisher)
    sign_outcomes()
    rebuild_index("outcome")
    return SimpleNamespace(institute=institute, other=other, public=public, draft=draft)


@pytest.fixture
def institute(house):
    return house.institute


@pytest.fixture
def other(house):
    return house.other


@pytest.fixture
def trade(house, for_now):
    """The public outcome and the draft, as the database has them."""
    return making.fresh(house.public), making.fresh(house.draft)


def test_the_fragment_warns_and_offers_without_deciding(client, trade, institute):
    public, draft = trade
    sign_in(client, institute.publisher)

    page = client.get(f"/outcomes/{draft.number}/hints/", headers=HTMX).content.decode()

    assert f"/outcomes/{draft.number}/beside/{public.number}/" in page
    assert f'<data data-fill-for="id_field" value="{public.field.pk}">' in page
    assert public.title in page[page.index("data-fill-for") :]
    assert "<html" not in page
    assert 'type="submit"' not in page
    assert making.fresh(draft).newest_version.field is None


def test_without_script_there_is_a_page_and_a_link_that_chooses_in_the_form(client, trade, institute):
    public, draft = trade
    sign_in(client, institute.publisher)

    page = client.get(f"/outcomes/{draft.number}/hints/").content.decode()
    link = f"/outcomes/{draft.number}/edit/?field={public.field.pk}"
    form = client.get(link).content.decode()

    assert "<html" in page
    assert f'href="{link}#id_field"' in page
    assert re.search(rf'<option value="{public.field.pk}"[^>]* selected', form)
    assert making.fresh(draft).newest_version.field is None


@pytest.mark.parametrize("nonsense", ["0", "x", "-1", "9" * 30, "²"])
def test_a_field_that_is_none_changes_nothing(client, trade, institute, nonsense):
    _public, draft = trade
    sign_in(client, institute.publisher)

    assert client.get(f"/outcomes/{draft.number}/edit/?field={nonsense}").status_code == 200


def test_the_form_asks_for_the_hints_after_each_saving(client, trade, institute):
    _public, draft = trade
    sign_in(client, institute.publisher)

    form = client.get(f"/outcomes/{draft.number}/edit/").content.decode()

    assert f'hx-get="/outcomes/{draft.number}/hints/" hx-trigger="load, autosaved from:#form"' in form
    assert f'<noscript><p class="t-14"><a href="/outcomes/{draft.number}/hints/">' in form


def test_only_those_who_write_the_draft_get_its_hints(client, trade, other):
    _public, draft = trade
    sign_in(client, other.publisher)

    assert client.get(f"/outcomes/{draft.number}/hints/").status_code == 404


def test_an_engine_that_is_down_costs_the_fields_only(client, trade, institute, tmp_path, settings):
    public, draft = trade
    settings.SEARCH_DIR = tmp_path / "empty"
    sign_in(client, institute.publisher)

    answer = client.get(f"/outcomes/{draft.number}/hints/", headers=HTMX)

    assert answer.status_code == 200
    assert public.number in answer.content.decode()


def test_side_by_side_tells_what_both_say_and_keeps_the_confidential_part(client, trade, institute):
    public, draft = trade
    sign_in(client, institute.publisher)

    page = client.get(f"/outcomes/{draft.number}/beside/{public.number}/").content.decode()

    assert (
        '<mark lang="zh-Hans">低功耗指静脉识别锁用模组</mark>' in page
        or "<mark>低功耗指静脉识别锁用模组</mark>" in page
    )
    assert "二代</span>" in page
    assert "只给自己人" not in page
    assert "供货成本与算法参数" not in page


def test_a_draft_of_others_cannot_be_put_beside_ones_own(client, trade, other):
    public, draft = trade
    sign_in(client, other.publisher)

    assert client.get(f"/outcomes/{public.number}/beside/{draft.number}/").status_code == 404


def test_of_others_only_the_public_version_is_put_beside(client, trade, institute, other):
    public, draft = trade
    version = public.newest_version
    version.summary = "还没有公开的新说法"
    save_draft(version, by=other.publisher)
    sign_in(client, institute.publisher)

    page = client.get(f"/outcomes/{draft.number}/beside/{public.number}/").content.decode()

    assert "还没有公开的新说法" not in page


def test_single_characters_in_common_are_no_passage():
    left, right = sides("锁的电流", "阀的密封")

    assert [(stretch.text, stretch.is_common) for stretch in left] == [("锁的电流", False)]
    assert [(stretch.text, stretch.is_common) for stretch in right] == [("阀的密封", False)]
