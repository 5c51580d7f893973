"""What every field says is learnt from the corpus and is no reason for a match; what one trade says stays."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from marketplace.core.classifications import TechnicalField
from marketplace.outcomes.models import ResearchOutcome
from search import stop_phrases
from search.models import StopPhrase
from search.phrases import shared_phrases
from tests.factories.people import organisation, person

SAID_BY_ALL = "已在产线连续运行，现场调试方便。"


def texts(*said):
    """One text for each (field, sentence)."""
    return [(field, stop_phrases._stretches(sentence)) for field, sentence in said]


def test_what_is_frequent_in_every_field_is_boilerplate_and_what_one_trade_says_is_not():
    fields = ["01", "02", "03", "05", "07"]
    said = [(field, SAID_BY_ALL) for field in fields for _ in range(2)]
    said += [("03", f"智能锁锁芯第{number}版") for number in range(10)]

    found = stop_phrases.boilerplate(texts(*said))

    assert {"产线", "现场调试", "连续运行"} <= set(found)
    assert found["产线"] == (10, 5)
    assert not any("锁" in phrase for phrase in found)


def test_a_small_corpus_teaches_nothing():
    assert stop_phrases.boilerplate(texts(("01", SAID_BY_ALL), ("02", SAID_BY_ALL), ("03", SAID_BY_ALL))) == {}


def test_boilerplate_alone_is_no_common_point_but_may_stand_in_a_longer_one():
    one, other = "电池耐用，现场调试方便", "电池防水，现场调试一天"

    assert shared_phrases(one, other) == ["现场调试", "电池"]
    assert shared_phrases(one, other, stop={"现场调试", "现场", "调试"}) == ["电池"]
    assert shared_phrases("电池现场调试", "电池现场调试", stop={"现场调试", "现场", "调试"}) == ["电池现场调试"]


@pytest.mark.parametrize(
    "boilerplate", ["提高生产效率水平", "技术研究与应用", "关键技术研究及产业化应用", "提升产品质量与性能"]
)
def test_phrases_of_titles_that_fit_everything_say_nothing(boilerplate):
    assert shared_phrases(f"锁芯{boilerplate}", f"镜架{boilerplate}") == []


@pytest.mark.django_db
def test_learning_reads_the_public_outcomes_and_replaces_what_was_known(capsys):
    StopPhrase.objects.create(phrase="旧话", texts=9, fields=9, learnt_at=timezone.now())
    owner, user, now = organisation(kind="institute", name="样例研究院甲"), person(), timezone.now()
    for number in range(10):
        field, _new = TechnicalField.objects.get_or_create(code=f"0{number % 5 + 1}", defaults={"name": "领域"})
        ResearchOutcome.objects.create(
            owner=owner, number=f"CG-2026-{number:04d}", title=f"第{number}种成果", summary=SAID_BY_ALL, field=field,
            drafted_by=user, drafted_at=now, live=True, published_at=now, expires_on="2099-01-01",
        )  # fmt: skip

    call_command("learn_stop_phrases")

    assert "产线" in stop_phrases.known()
    assert "旧话" not in stop_phrases.known()
    assert "产线\t10\t5" in capsys.readouterr().out
