"""Searching by a pasted text: neighbours with what they have in common, and nothing of the text is kept."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from search.by_text import LONG
from search.engine import EngineDown
from search.indexing import rebuild_index

pytestmark = pytest.mark.django_db

NEED = (
    "智能锁待机功耗偏高\n"
    "公司生产的智能锁采用指静脉识别模组，待机电流约六十微安，四节干电池只能使用六个月，用户频繁更换电池，售后成本高。"
    "希望寻找低功耗的指静脉识别模组或电源管理方案，识别时间不超过一秒，误识率低于万分之一，可以在零下二十度工作。"
)


@pytest.fixture
def offers(index, trade):
    """One outcome that answers the need, one that does not, one that is not public."""
    outcome, need, _other = trade
    outcome("低功耗指静脉识别模组", "CG-2026-0001", summary="用于智能锁，待机电流 18 微安，四节干电池可用一年。")
    outcome("超低温阀门密封", "CG-2026-0002", summary="唇形密封用于液氮管路。")
    outcome("指静脉识别模组内部版", "CG-2026-0003", summary="智能锁待机电流。", live=False)
    need("门锁指静脉识别误识率控制", problem="指静脉识别误识率偏高。")
    for kind in ("outcome", "need"):
        rebuild_index(kind)


def test_a_need_of_many_characters_finds_the_outcome_and_says_why(client, offers):
    answer = client.post("/search/text/", {"text": NEED * 17, "kind": "outcome"})

    assert len(NEED * 17) > 2000
    assert [result["title"] for result in answer.context["results"]] == ["低功耗指静脉识别模组"]
    assert "指静脉识别模组" in answer.context["results"][0]["match"]
    assert "指静脉识别模组" in answer.content.decode()


def test_what_was_sent_is_marked_to_be_kept_while_the_language_changes(client, offers):
    sent = client.post("/search/text/", {"text": NEED, "kind": "outcome"}).content.decode()

    assert "data-keep-all>" in sent
    assert "data-keep-typed" in sent
    assert "data-keep-all" not in client.get("/search/text/").content.decode()


def test_needs_can_be_looked_among_as_well(client, offers):
    answer = client.post("/search/text/", {"text": NEED, "kind": "need"})

    assert [result["title"] for result in answer.context["results"]] == ["门锁指静脉识别误识率控制"]


def test_a_long_question_in_the_search_box_is_taken_as_a_text(client, offers):
    words = NEED.replace("\n", "，")

    answer = client.get("/search/", {"q": words})

    assert len(words) > LONG
    assert [result["title"] for result in answer.context["results"]] == ["低功耗指静脉识别模组"]
    assert answer.context["form"]["text"].value() == words


def test_words_that_say_nothing_find_nothing(client, offers):
    answer = client.post(
        "/search/text/", {"text": "关键技术研究与应用，提高产品质量，降低生产成本。" * 4, "kind": "outcome"}
    )

    assert answer.context["results"] == []
    assert "没有公开的记录与这段文字有共同的技术词" in answer.content.decode()


def test_nothing_is_written(client, offers):
    with CaptureQueriesContext(connection) as caught:
        client.post("/search/text/", {"text": NEED, "kind": "outcome"})

    assert [query["sql"] for query in caught if not query["sql"].startswith(("SELECT", "SAVEPOINT", "RELEASE"))] == []


def test_a_form_of_another_site_is_refused(offers):
    stranger = Client(enforce_csrf_checks=True)

    assert stranger.post("/search/text/", {"text": NEED, "kind": "outcome"}).status_code == 403


@pytest.mark.parametrize("text", ["", "锁" * 4001])
def test_no_text_or_too_much_of_it_is_said(client, offers, text):
    answer = client.post("/search/text/", {"text": text, "kind": "outcome"})

    assert answer.status_code == 200
    assert answer.context["results"] is None
    assert answer.context["form"].errors["text"]


def test_a_kind_nobody_looks_among_is_refused(client, offers):
    assert client.post("/search/text/", {"text": NEED, "kind": "contract"}).context["form"].errors["kind"]


def test_the_engine_down_is_said_and_the_text_stays(client, offers, monkeypatch):
    def down(*args, **kwargs):
        raise EngineDown("gone")

    monkeypatch.setattr("search.by_text.get_engine", down)
    answer = client.post("/search/text/", {"text": NEED, "kind": "outcome"})

    assert answer.context["engine_down"] is True
    assert "智能锁待机功耗偏高" in answer.content.decode()
