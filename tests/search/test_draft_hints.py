"""What stands beside a draft: alike outcomes, fields with their reason, and two outcomes side by side."""

import re

import pytest
from django.core.management import call_command
from django.utils import timezone

from cms.demo.tables import rows
from marketplace.core.classifications import TechnicalField
from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.drafts import save_draft
from search.beside import sides
from search.field_hints import field_hints
from search.indexing import rebuild_index
from tasks.index import sign_outcomes
from tests.factories.people import sign_in
from tests.marketplace.matching import factories
from tests.marketplace.outcomes.making import Institute, fresh, organisation, person

HTMX = {"HX-Request": "true"}


@pytest.fixture
def other(platform):
    return Institute(name="样例研究院乙")


@pytest.fixture
def trade(institute, other, tmp_path, settings):
    """A public outcome of another institute, indexed; a draft like it without a field."""
    settings.SEARCH_DIR = tmp_path / "search"
    public = other.published()
    draft = institute.draft(title="低功耗指静脉识别锁用模组二代")
    version = draft.newest_version
    version.field, version.confidential = None, "只给自己人"
    save_draft(version, by=institute.publisher)
    sign_outcomes()
    rebuild_index("outcome")
    return public, fresh(draft)


def test_the_fragment_warns_and_offers_without_deciding(client, trade, institute):
    public, draft = trade
    sign_in(client, institute.publisher)

    page = client.get(f"/outcomes/{draft.number}/hints/", headers=HTMX).content.decode()

    assert f"/outcomes/{draft.number}/beside/{public.number}/" in page
    assert f'<data data-fill-for="id_field" value="{public.field.pk}">' in page
    assert public.title in page[page.index("data-fill-for") :]
    assert "<html" not in page
    assert 'type="submit"' not in page
    assert fresh(draft).newest_version.field is None


def test_without_script_there_is_a_page_and_a_link_that_chooses_in_the_form(client, trade, institute):
    public, draft = trade
    sign_in(client, institute.publisher)

    page = client.get(f"/outcomes/{draft.number}/hints/").content.decode()
    link = f"/outcomes/{draft.number}/edit/?field={public.field.pk}"
    form = client.get(link).content.decode()

    assert "<html" in page
    assert f'href="{link}#id_field"' in page
    assert re.search(rf'<option value="{public.field.pk}"[^>]* selected', form)
    assert fresh(draft).newest_version.field is None


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


@pytest.fixture
def fields(institute, tmp_path, settings):
    """Three locks of one field, three valves of another, all public and indexed."""
    settings.SEARCH_DIR = tmp_path / "search"
    valve = TechnicalField.objects.exclude(parent=None).exclude(code="0308").first()
    for number, word in enumerate("甲乙丙"):
        institute.published(title=f"智能锁指静脉识别模组{word}")
        draft = institute.draft(title=f"超低温阀门唇形密封{word}")
        version = draft.newest_version
        version.field, version.summary = valve, f"超低温阀门密封在低温下保持弹性，泄漏率低，循环试验{number}千次，" * 3
        save_draft(version, by=institute.publisher)
        submit_outcome(fresh(draft), by=institute.publisher, declared=True)
        institute.pass_review(fresh(draft))
    rebuild_index("outcome")
    return valve


def test_the_nearest_outcomes_vote_and_the_draft_itself_does_not(fields):
    hints = field_hints("阀门密封件", "低温阀门密封，泄漏率低", number="CG-2026-9999")

    assert hints[0].field == fields
    assert all("阀门" in each.title for each in hints[0].because)
    assert sum(hint.share for hint in hints) == pytest.approx(1)


def test_a_need_votes_for_its_field_and_is_named_as_the_reason(fields, institute):
    lasers = TechnicalField.objects.get(code="0302")
    need = factories.need(title="玻璃微孔激光切割", problem="超薄玻璃激光切割崩边，希望微孔边缘光滑。", field=lasers)
    rebuild_index("need")

    hints = field_hints("玻璃微孔激光切割", "玻璃激光切割崩边少，微孔边缘光滑。", number="CG-2026-9999")

    assert (hints[0].field, hints[0].because) == (lasers, (need,))


def test_a_field_whose_name_the_text_speaks_of_is_suggested_without_any_record(client, fields, institute):
    draft = institute.draft(title="智能锁储能电池")
    sign_in(client, institute.publisher)

    page = client.get(f"/outcomes/{draft.number}/hints/", headers=HTMX).content.decode()

    storage = TechnicalField.objects.get(code="0604")
    assert f'value="{storage.pk}"' in page
    assert "正文提到它" in page


def test_a_text_that_nothing_resembles_gets_no_field(fields):
    assert field_hints("饕餮", "饕餮", number="CG-2026-9999") == []


def test_left_out_one_by_one_the_suggestion_beats_chance(fields, capsys):
    call_command("check_field_hints")

    assert "6 outcomes in 2 fields (0 alone in theirs): first 1.00, among 3 1.00" in capsys.readouterr().out


def test_on_the_demos_outcomes_the_suggestion_beats_the_most_frequent_fields(platform, tmp_path, settings, capsys):
    settings.SEARCH_DIR = tmp_path / "search"
    owner, author, now = organisation(name="样例研究院丙"), person(), timezone.now()
    for place, row in enumerate(row for row in rows("outcomes") if row["field"]):
        ResearchOutcome.objects.create(
            number=f"CG-2026-{place:04d}", title=row["title"], summary=row["summary"], owner=owner, drafted_by=author,
            field=TechnicalField.objects.get(code=row["field"]), drafted_at=now, live=True, published_at=now,
            expires_on="2099-01-01",
        )  # fmt: skip
    for row in rows("needs"):
        factories.need(title=row["title"], problem=row["problem"], field=TechnicalField.objects.get(code=row["field"]))
    rebuild_index("outcome")
    rebuild_index("need")

    call_command("check_field_hints")

    told = capsys.readouterr().out
    first, among, usual = (float(each) for each in re.findall(r"0\.\d\d|1\.00", told))
    assert among >= 0.65 > usual  # 0.46 by outcomes and names alone, 0.43 by outcomes alone
    assert first <= among
