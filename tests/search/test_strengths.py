"""The words for scores: what each is worth on judged pairs, and that the thresholds keep what they promise."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from marketplace.matching import choosing
from search import judging, strengths
from search.features import WEIGHTS
from search.strengths import PROMISED, Counted

PAIRS = Path(__file__).parent / "judged" / "pairs.jsonl"


def told(**options):
    out = StringIO()
    call_command("check_strengths", stdout=out, **options)
    return out.getvalue()


def test_the_words_keep_what_they_promise_on_our_judged_pairs():
    pairs = judging.read(PAIRS)

    found = strengths.by_strength(strengths.scored(pairs, WEIGHTS))

    assert len(pairs) == sum(counted.pairs for counted in found.values()) == 40
    for word, share in PROMISED.items():
        assert found[word].pairs >= 5
        assert found[word].share >= share
    assert found["weak"].share < PROMISED["fair"]  # else it would be called fair
    assert found[""].fitting == 0  # nothing that fits is kept from the reader


def test_each_threshold_counts_what_reaches_it():
    found = dict(strengths.by_threshold([(0.10, False), (0.11, True), (0.5, True)]))

    assert found[0.10] == Counted(3, 2)
    assert found[0.12] == found[0.50] == Counted(1, 1)
    assert 0.52 not in found


def test_the_words_begin_at_their_thresholds():
    scores = [choosing.STRONG, choosing.FAIR, choosing.LEAST, choosing.LEAST - 0.01]

    found = strengths.by_strength([(score, True) for score in scores])

    assert {word: counted.pairs for word, counted in found.items()} == {"strong": 1, "fair": 1, "weak": 1, "": 1}


@pytest.mark.django_db
def test_the_command_prints_thresholds_and_words():
    said = told(pairs=PAIRS)

    assert "40 judged pairs" in said
    assert [line.split()[0] for line in said.splitlines()[-4:]] == ["strong", "fair", "weak", "not"]


@pytest.mark.django_db
def test_a_broken_promise_is_told(tmp_path):
    path = tmp_path / "pairs.jsonl"
    rows = [{"need": "N", "outcome": str(at), "judged": at % 2, "parts": {"text": 1, "title": 1}} for at in range(6)]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    with pytest.raises(CommandError, match="strong"):
        told(pairs=path, without_answers=True)


@pytest.mark.django_db
@pytest.mark.parametrize("pairs", [None, Path("/nowhere/pairs.jsonl"), Path(__file__)])
def test_what_cannot_be_counted_is_told(pairs):
    with pytest.raises(CommandError):
        told(pairs=pairs)
