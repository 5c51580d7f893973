"""The log of questions: what is noted, what never is, and that no page waits for it or fails with it."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection

from marketplace.core import clock
from search.asked_report import Wanted, rows
from search.indexing import rebuild_index
from search.models import SearchLog
from search.noting import is_personal, note_search
from tasks.questions import forget_questions

pytestmark = pytest.mark.django_db


def note(text, **facts):
    note_search(facts.pop("kind", "outcome"), text, **{"results": 0, "took_ms": 3.4} | facts)


@pytest.mark.parametrize(
    "text",
    [
        "13800138000", "138 0013 8000", "138-0013-8000", "+8613800138000", "张三13800138000", "0577-55550101",
        "057755550101", "wang@example.cn", "联系 li.si@example.com", "330304199001011234", "33030419900101123X",
        "330304 19900101 1234", "6222021234567890123", "E12345678", "１３８００１３８０００",
    ],
)  # fmt: skip
def test_what_looks_like_a_person_is_not_noted(text):
    note(text)

    assert not SearchLog.objects.exists()


@pytest.mark.parametrize(
    "text",
    ["电镀", "GB/T 19001-2016", "CN201910123456.7", "ZL201910123456.7", "α-Fe2O3", "CG-2026-0001", "3D打印 2026"],
)
def test_questions_about_technology_are_noted(text):
    note(text)

    assert SearchLog.objects.count() == 1


def test_a_row_says_what_was_asked_and_nothing_of_who():
    with clock.moved_to(datetime(2026, 11, 5, 3, 47, 12, tzinfo=UTC)):
        note("  機器視覺 ＡＩ ", results=7, took_ms=12.6)

    row = SearchLog.objects.get()
    assert (row.kind, row.text, row.results, row.is_empty, row.took_ms) == ("outcome", "机器视觉 ai", 7, False, 13)
    assert row.hour == datetime(2026, 11, 5, 3, tzinfo=UTC)
    assert {field.name for field in SearchLog._meta.fields} == {
        "id", "hour", "kind", "text", "results", "is_empty", "took_ms",
    }  # fmt: skip


def test_a_long_question_is_cut_and_an_empty_one_is_none():
    note("词" * 300)
    note("   ")

    assert [len(row.text) for row in SearchLog.objects.all()] == [100]


def test_lists_and_the_search_over_everything_are_noted_once_per_question(client, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    rebuild_index("outcome")

    client.get("/outcomes/", {"q": "没有这种技术"})
    client.get("/outcomes/", {"q": "没有这种技术", "page": "2"})
    client.get("/outcomes/", {"q": "没有这种技术", "trl": "7-9"})
    client.get("/outcomes/")
    client.get("/search/", {"q": "没有这种技术"})
    client.get("/search/suggestions/", {"q": "没有"})

    assert list(SearchLog.objects.order_by("id").values_list("kind", "text", "is_empty")) == [
        ("outcome", "没有这种技术", True),
        ("", "没有这种技术", True),
    ]


def test_a_page_does_not_fail_with_its_log(client, settings, tmp_path):
    settings.SEARCH_DIR = tmp_path / "search"
    rebuild_index("outcome")
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE search_searchlog RENAME TO somewhere_else")

    assert client.get("/outcomes/", {"q": "电镀"}).status_code == 200
    assert client.get("/outcomes/").status_code == 200


def test_old_questions_are_forgotten():
    now = clock.now()
    for days in (179, 181):
        with clock.moved_to(now - timedelta(days=days)):
            note(f"第{days}天")

    forget_questions()

    assert [row.text for row in SearchLog.objects.all()] == ["第179天"]


def test_the_report_adds_up_what_was_asked():
    note("激光淬火", results=0)
    note("激光淬火", results=0)
    note("电镀", results=3, took_ms=900)
    note("电镀", results=5, took_ms=100)
    with clock.moved_to(clock.now() - timedelta(days=40)):
        note("旧问题", results=0)

    def shown(**params):
        return [row["text"] for row in rows(Wanted.of(params))]

    assert shown() == ["激光淬火"]
    assert shown(show="slow") == ["电镀"]
    assert shown(show="frequent", sort="text") == sorted(["激光淬火", "电镀"])
    assert set(shown(days="90")) == {"激光淬火", "旧问题"}
    assert set(shown(show="nonsense", days="x", sort=";drop")) == {"激光淬火"}
    row = rows(Wanted.of({"show": "slow"}))[0]
    assert (row["asked"], row["empty"], row["found"], row["average"], row["slowest"]) == (2, 0, 4.0, 500.0, 900)


def test_a_number_in_a_text_of_technology_is_no_phone_number():
    assert not is_personal("iso 9001 2015 认证")
