"""Fields suggested for a draft: by the nearest outcomes, by needs, by the fields' own names; measured on the demo's."""

import re
import shutil

import pytest
from django.core.management import call_command
from django.utils import timezone

from cms.demo.tables import rows
from marketplace.core.classifications import TechnicalField
from marketplace.outcomes.actions import submit_outcome
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.drafts import save_draft
from search.field_hints import field_hints
from search.indexing import rebuild_index
from tests.factories.people import sign_in
from tests.marketplace.matching import factories
from tests.marketplace.outcomes.making import Institute, fresh, organisation, person, set_up

HTMX = {"HX-Request": "true"}


# before the others: its outcomes are to be alone
@pytest.mark.long
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


@pytest.fixture(scope="module")
def shelf(lasting):
    """Three locks of one field, three valves of another, all public and indexed; their institute, the valves' field."""
    set_up()
    institute = Institute()
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
    return institute, valve


@pytest.fixture
def institute(shelf):
    return shelf[0]


@pytest.fixture
def fields(shelf, for_now, tmp_path, settings):
    """The field of the valves; the test has a copy of the index."""
    settings.SEARCH_DIR = shutil.copytree(settings.SEARCH_DIR, tmp_path / "search")
    return shelf[1]


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
