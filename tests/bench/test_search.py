"""The benchmark itself, on 200 outcomes: every engine finds what is there, and the tables tell it."""

import re
from functools import partial

import pytest

from search.embedded import EmbeddedEngine
from tests.bench import comparison, measures, others, ours, table
from tests.bench.measures import Times
from tests.bench.memory import Failed, processes
from tests.bench.texts import LENGTH, Generator, documents_in, write_documents
from tests.cores import all_cores

pytestmark = pytest.mark.long
NUMBER = 200
CLAUSE = re.compile(r"(?<=[,。])[\u4e00-\u9fff]{6,9}(?=[,。])")  # stands between punctuation


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    """A file of 200 outcomes."""
    path = tmp_path_factory.mktemp("bench") / "texts.jsonl"
    write_documents(path, NUMBER)
    return path


@pytest.fixture(scope="module")
def clause(texts):
    """A clause of one of them."""
    return next(found.group() for each in documents_in(texts) if (found := CLAUSE.search(each["summary"])))


@pytest.fixture(scope="module")
def pair(tmp_path_factory):
    """Two processes that have one index open."""
    make = partial(EmbeddedEngine, tmp_path_factory.mktemp("bench") / "index")
    with all_cores(), processes(make, "fork") as (web, indexer):
        yield web, indexer


def holding(texts, words):
    """Tell how many outcomes hold some words, up to one page of them."""
    return min(others.HITS, sum(words in f"{each['title']} {each['summary']}" for each in documents_in(texts)))


def test_the_outcomes_are_the_same_each_time(texts):
    found = list(documents_in(texts))

    assert found == list(Generator().documents(NUMBER))
    assert all(LENGTH <= len(each["summary"]) < LENGTH + 60 for each in found)
    assert all("," in each["summary"] for each in found)


def test_one_set_of_questions_has_no_words_of_two_characters():
    long, every = comparison.sets_of_questions(30).values()

    assert min(len(word) for text in long for word in text.split()) == 3
    assert min(len(word) for text in every for word in text.split()) == 2


def test_our_engine_is_measured_in_two_processes(texts, pair, clause):
    questions = {"one": [clause, "没有这样的词"]}

    found = ours.measure(*pair, texts, questions, [clause, clause], 1)

    assert found.plain["one"].answered == 1
    assert found.page.answered == 0.5
    assert min(found.match.found) >= holding(texts, clause) > 0
    assert len(found.visible.taken) == ours.REPLACED
    assert found.build > 0 < found.rebuild
    assert any("| **met** |" in line for line in table.of_ours(found))
    for before, after in found.memory.values():
        # not that it grew: a process forked from one that had done much before gives memory back meanwhile
        assert after.peak >= max(after.now, before.now) > before.of_files > 0
    assert any(line.startswith("| indexer | ") for line in table.of_memory(found))


def test_what_fails_in_the_other_process_is_told_here(pair, texts):
    web, _ = pair

    with pytest.raises(Failed, match="Another process writes the index"):
        web.do(measures.fill, texts)

    assert web.do(measures.search, []).taken == ()


def test_sqlite_finds_words_long_and_short(texts, clause):
    with others.fts5(texts) as ask:
        assert ask(clause) == holding(texts, clause) > 0
        assert ask(clause[:2]) == holding(texts, clause[:2]) > 0
        assert ask(f"{clause} {clause[:2]}") == holding(texts, clause)
        assert ask("没有这样的词") == 0


def test_wagtail_finds_whole_clauses_only(texts, clause, db):
    with others.wagtail_here(texts) as ask:
        assert ask(clause) > 0
        assert ask(clause[1:-1]) == 0 < holding(texts, clause[1:-1])


def test_postgresql_finds_words_long_and_short(texts, clause):
    try:
        others.programs()
    except others.NotHere as reason:
        pytest.skip(str(reason))

    with others.pg_trgm(texts) as ask:
        assert ask(clause) == holding(texts, clause) > 0
        assert ask(clause[:2]) == holding(texts, clause[:2]) > 0
        assert ask("没有这样的词") == 0


def test_a_machine_without_pg_trgm_is_told_what_to_install(texts, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(others, "PROGRAMS", tmp_path)

    assert comparison.asked("PostgreSQL, pg_trgm", others.pg_trgm, texts, {"one": ["词"]}) == {}
    assert "apt-get install postgresql postgresql-contrib" in capsys.readouterr().out


def test_tables_tell_ratios_and_what_found_nothing():
    one, other = Times((2.0, 2.0), (3, 1)), Times((1.0, 1.0), (0, 1))

    lines = list(table.of_sets({"all": one}, {"other": {"all": other}}))

    assert lines[2:4] == [
        "| embedded engine | 1 | 100% | 2.0 ms | 2.0 ms |",
        "| other | 0.50 | 50% | 1.0 ms | 1.0 ms |",
    ]
    assert table.PAGE.verdict(5).endswith("**met**")
    assert table.PAGE.verdict(20.1).endswith("**missed**")
