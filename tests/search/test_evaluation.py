"""Evaluation: files with their mistakes named, measures by hand, runs as TREC wants them, and our own judged set."""

import json
from functools import cache
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.core.management import CommandError, call_command
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from search import features
from search.evaluation.files import BadLines, Entry, read_entries, read_judgements
from search.evaluation.measures import measure, ndcg, percentile, recall, reciprocal_rank

JUDGED = Path(__file__).parent / "judged"
# What the set of our own reached when it was made; a change that ranks worse has to say so here
SEARCH_NDCG, MATCHING_NDCG = 0.975, 0.97


@pytest.fixture(autouse=True)
def _own_index(tmp_path, settings):
    settings.SEARCH_DIR = tmp_path / "search"


def lines(path, *rows):
    path.write_text("".join(row if isinstance(row, str) else json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def evaluated(name, **options):
    told = StringIO()
    call_command(f"evaluate_{name}", stdout=told, **options)
    return told.getvalue()


def reached(told):
    return float(told.split("nDCG@10 ")[1].split()[0])


def test_lines_that_cannot_be_used_are_named_by_their_numbers(tmp_path):
    bad = lines(
        tmp_path / "c.jsonl",
        {"id": "a", "title": "锁", "text": "", "other": 1},
        "no json\n",
        {"id": "a", "text": "again"},
        {"id": "two words", "text": "x"},
        {"id": "b"},
        "[1]\n",
        "\n",
        {"id": 7, "text": "a number is a name too"},
        {"id": "c", "text": 5},
    )

    entries, problems = read_entries(bad)

    said = str(problems)
    assert [entry.id for entry in entries] == ["a", "7"]
    assert [number for number in range(1, 10) if f"line {number}:" in said] == [2, 3, 4, 5, 6, 9]
    assert "stands in line 1 already" in said


@pytest.mark.parametrize("name", ["search", "matching"])
def test_the_other_lines_are_evaluated_all_the_same_and_the_command_fails(tmp_path, name):
    corpus = lines(tmp_path / "c.jsonl", "no json\n", {"id": "d1", "title": "无氰电镀工艺", "text": "镀液"})
    asked = lines(tmp_path / "q.jsonl", {"id": "q1", "text": "无氰电镀工艺"}, {"id": "two words", "text": "锁"})
    out, trouble = tmp_path / "out.trec", StringIO()

    with pytest.raises(CommandError, match="2 line"):
        evaluated(name, corpus=corpus, queries=asked, out=out, stderr=trouble)

    assert [row.split()[:3] for row in out.read_text().splitlines()] == [["q1", "Q0", "d1"]]
    assert "c.jsonl: 1 line(s)" in trouble.getvalue()
    assert "line 1: no JSON" in trouble.getvalue()
    assert "q.jsonl: 1 line(s)" in trouble.getvalue()
    assert "line 2: id" in trouble.getvalue()


@pytest.mark.parametrize("name", ["search", "matching"])
def test_an_empty_text_is_a_document_nobody_finds_and_a_question_without_an_answer(tmp_path, name):
    corpus = lines(
        tmp_path / "c.jsonl", {"id": "d1", "title": "", "text": ""}, {"id": "d2", "title": None, "text": "无氰电镀"}
    )
    asked = lines(
        tmp_path / "q.jsonl", {"id": "q1", "text": ""}, {"id": "q2", "text": "无氰电镀"}, {"id": "q3", "text": "？！"}
    )
    out = tmp_path / "out.trec"

    told = evaluated(name, corpus=corpus, queries=asked, out=out)

    assert [row.split()[:3] for row in out.read_text().splitlines()] == [["q2", "Q0", "d2"]]
    assert "3 questions" in told


def test_a_broken_file_of_judgements_is_named(tmp_path):
    bad = lines(tmp_path / "q.qrels", "q1 0 a 1\n", "q1 0 b\n", "q1 0 c high\n")

    with pytest.raises(BadLines, match=r"line 2[\s\S]*line 3"):
        read_judgements(bad)


def test_measures_are_those_of_trec():
    relevant = {"a": 2, "b": 1}

    assert ndcg(["a", "b", "c"], relevant) == 1
    assert ndcg(["c", "a"], relevant) == pytest.approx((2 / 1.5849625) / (2 + 1 / 1.5849625))
    assert reciprocal_rank(["c", "a"], relevant) == 0.5
    assert recall(["c", "a"], relevant) == 0.5
    assert measure({"q": ["a"], "unjudged": ["x"]}, {"q": {"a": 1}}).questions == 1
    assert percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert percentile([], 0.95) == 0


@given(st.permutations(["a", "b", "c", "d"]), st.dictionaries(st.sampled_from("abcd"), st.integers(0, 3), min_size=1))
def test_no_ranking_is_better_than_the_best(ranked, relevant):
    best = sorted("abcd", key=lambda document: -relevant.get(document, 0))

    assert 0 <= ndcg(ranked, relevant) <= ndcg(best, relevant) + 1e-9 <= 1 + 1e-8


@pytest.mark.parametrize("name", ["search", "matching"])
def test_a_run_is_written_as_trec_reads_it(tmp_path, name):
    corpus = lines(
        tmp_path / "c.jsonl",
        {"id": "d1", "title": "无氰电镀工艺", "text": "以柠檬酸盐体系代替氰化物"},
        {"id": "d2", "title": "锁芯", "text": "防技术开启的结构，无氰"},
    )
    asked = lines(tmp_path / "q.jsonl", {"id": "q1", "text": "无氰电镀工艺"}, {"id": "q2", "text": "饕餮"})
    out = tmp_path / "out.trec"

    told = evaluated(name, corpus=corpus, queries=asked, out=out, k=2)

    rows = [line.split() for line in out.read_text().splitlines()]
    assert [row[:4] for row in rows] == [["q1", "Q0", "d1", "1"], ["q1", "Q0", "d2", "2"]]
    assert [float(row[4]) for row in rows] == sorted((float(row[4]) for row in rows), reverse=True)
    assert {row[5] for row in rows} == {name}
    assert "2 documents in" in told
    assert "p95" in told
    assert "nDCG" not in told
    assert list((tmp_path / "search").iterdir()) == []  # its index is gone


def test_what_cannot_be_evaluated_says_why(tmp_path):
    good = lines(tmp_path / "c.jsonl", {"id": "d", "text": "锁"})

    for options, why in (
        ({"corpus": tmp_path / "none.jsonl"}, "No such file"),
        ({"corpus": lines(tmp_path / "bad.jsonl", "{}\n")}, "1 line"),
        ({"k": 0}, "--k"),
        ({"engine": "elasticsearch"}, "ELASTICSEARCH_URL"),
    ):
        with pytest.raises(CommandError, match=why):
            evaluated("search", **{"corpus": good, "queries": good, "out": tmp_path / "o", **options})


@cache
def judged(name, engine, server):
    """Return what a command told of our own judged set, and {question: documents in order}; each ranks once."""
    asked = JUDGED / ("questions" if name == "search" else "needs")
    files = {"corpus": JUDGED / "outcomes.jsonl", "queries": asked.with_suffix(".jsonl")}
    with TemporaryDirectory() as folder, override_settings(SEARCH_DIR=Path(folder), ELASTICSEARCH_URL=server):
        out, ranked = Path(folder) / "out.trec", {}
        told = evaluated(name, **files, qrels=asked.with_suffix(".qrels"), out=out, engine=engine)
        for question, _q0, document, *_rest in map(str.split, out.read_text().splitlines()):
            ranked.setdefault(question, []).append(document)
    return told, ranked


@pytest.mark.parametrize("engine", ["embedded", pytest.param("elasticsearch", marks=pytest.mark.long)])
@pytest.mark.parametrize(("name", "floor"), [("search", SEARCH_NDCG), ("matching", MATCHING_NDCG)])
def test_our_own_judged_set_is_ranked_no_worse_than_before(request, name, floor, engine):
    told, _ranked = judged(name, engine, request.getfixturevalue("server") if engine == "elasticsearch" else "")

    assert reached(told) >= floor


@pytest.mark.long
@pytest.mark.parametrize(("name", "asked"), [("search", "questions"), ("matching", "needs")])
def test_both_engines_find_nearly_the_same_for_what_is_judged(server, name, asked):
    found = [
        {question: set(documents[:10]) for question, documents in judged(name, *engine)[1].items()}
        for engine in (("embedded", ""), ("elasticsearch", server))
    ]

    shares = [len(found[0][key] & found[1][key]) / len(found[0][key]) for key in found[0]]
    assert len(shares) == len(read_entries(JUDGED / f"{asked}.jsonl")[0])
    assert sum(shares) / len(shares) >= 0.8
    assert found[0].keys() == found[1].keys()


def test_a_text_without_a_title_is_not_scored_by_its_beginning():
    untitled, titled = Entry("1", "", "智能锁静态功耗"), Entry("2", "智能锁静态功耗", "锁具")

    known = features.score_of_texts(titled, titled, lexical=0.5)
    unknown = features.score_of_texts(untitled, titled, lexical=0.5)

    assert known == pytest.approx(0.52 * 0.5 + 0.16 + 0.02)
    assert unknown == pytest.approx(0.52 * 0.5 + (0.16 + 0.02) / 2)
