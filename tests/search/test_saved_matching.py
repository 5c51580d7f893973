"""One document against all saved searches: the same answers as the engine, and as looking at each alone."""

import random
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import Put, Query
from search.filters import And, Eq, Exists, In, Not, Or, Range, holds
from search.ranking import plan
from search.saved.actions import remove_search
from search.saved.matching import Read, Register, Standing, answered_by, answers, fits
from search.schema import KINDS
from tests.factories.people import person
from tests.search.documents import PUBLIC, QUESTIONS, TITLES, library, outcome, question
from tests.search.saved_making import saved_by

OUTCOME = KINDS["outcome"]
WORDS = [
    *QUESTIONS,
    "",
    "锁",
    '"锁体超声"',
    '"19001"',
    "锁 -超声波",
    "-激光",
    '激光 -"清洗"',
    "的 锁芯 开启 结构 门",
    "lock",
    "，。",
]
FIELDS = ["01", "01.00", "01.01", "03"]
keyword_filters = st.one_of(
    st.builds(Eq, st.just("field"), st.sampled_from(FIELDS)),
    st.builds(lambda values: In("field", tuple(values)), st.lists(st.sampled_from(FIELDS), max_size=3)),
    st.builds(lambda values: In("mode", tuple(values)), st.lists(st.sampled_from(["licence", "transfer"]), max_size=2)),
    st.builds(Eq, st.just("region"), st.sampled_from(["330304", "330302"])),
    st.builds(Exists, st.sampled_from(["region", "mode", "price_low", "trl"])),
)
number = st.one_of(st.none(), st.integers(0, 9))
number_filters = st.builds(Range, st.sampled_from(["trl", "price_low"]), number, number)
filters = st.recursive(
    st.one_of(keyword_filters, number_filters),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: And(*parts)),
        st.lists(inner, max_size=3).map(lambda parts: Or(*parts)),
        inner.map(Not),
    ),
    max_leaves=6,
)


def documents(seed: int = 7) -> list[Put]:
    """Forty documents in which any field may be missing, empty, one or several."""
    draw = random.Random(seed)
    return [
        outcome(
            at,
            draw.choice(TITLES),
            field=draw.choice([None, [], "01", ["01", "01.00"], ["03"]]),
            mode=draw.choice([None, "", [], "licence", ["licence", "transfer"]]),
            region=draw.choice([None, "", "330304", "330302"]),
            trl=draw.choice([None, 0, 3, 9]),
            price_low=draw.choice([None, 0, 5]),
            visibility=draw.choice([["public"], ["public", "officers"], ["officers"], []]),
        )
        for at in range(40)
    ]


@pytest.fixture(scope="module")
def shelf(tmp_path_factory):
    """An embedded engine that holds the forty documents."""
    from search.embedded import EmbeddedEngine

    made = EmbeddedEngine(tmp_path_factory.mktemp("shelf"))
    report = made.apply(documents())
    assert (report.applied, report.failed) == (40, [])
    made.refresh()
    yield made
    made.close()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(where=filters)
def test_a_filter_holds_in_python_for_what_the_engine_finds(shelf, where):
    found = set(shelf.search(Query(kind="outcome", visibility=PUBLIC, where=where, limit=50)).ids)

    expected = {put.id for put in documents() if holds(And(PUBLIC.where, where), put.doc | {"id": put.id})}
    assert found == expected


@pytest.mark.parametrize("text", WORDS)
def test_a_text_fits_in_python_what_the_engine_finds(embedded, text):
    embedded.apply(library())
    embedded.refresh()

    found = set(embedded.search(question(text, limit=50)).ids)

    planned = plan(question(text))
    assert found == {put.id for put in library() if fits(planned, Read(OUTCOME, put.doc))}


def many(number: int) -> list[Standing]:
    """Return saved searches of all sorts: words, phrases, exclusions, filters, and filters alone."""
    draw = random.Random(3)
    pieces = [title[at : at + 4] for title in TITLES for at in range(0, len(title) - 4, 2)]
    made = []
    for pk in range(number):
        words = " ".join(draw.sample(pieces, draw.choice([1, 2, 3])))
        text = draw.choice([words, words, words, f'"{words[:4]}"', f"{words} -激光", "", "-激光"])
        chosen = draw.choice([{}, {"mode": ["licence"]}, {"trl": ["4-6"]}, {"region": ["330304"]}])
        made.append(Standing.of(pk, "outcome", text, chosen))
    return made


@pytest.mark.django_db
def test_the_register_finds_what_a_look_at_each_finds():
    searches = many(600)
    register = Register(searches)

    for put in documents():
        read = Read(OUTCOME, put.doc)
        assert register.answered_by(read) == [one.pk for one in searches if answers(one, read)]


@pytest.mark.long
@pytest.mark.django_db
def test_the_register_is_many_times_faster_than_a_look_at_each():
    """Both are timed in this run, so that the machine does not matter."""
    searches = many(10_000)
    register, reads = Register(searches), [Read(OUTCOME, put.doc) for put in documents()[:5]]
    assert all(read.tokens for read in reads)

    began = time.process_time()
    quick = [register.answered_by(read) for read in reads]
    between = time.process_time()
    slow = [[one.pk for one in searches if answers(one, read)] for read in reads]
    ended = time.process_time()

    assert quick == slow
    assert between - began < (ended - between) / 2


@pytest.mark.django_db
def test_only_what_everybody_may_find_is_an_answer_and_changes_count_at_once():
    saved = saved_by(person(), "q=锁芯")
    doc = outcome(1, "C级锁芯防技术开启结构").doc

    assert answered_by("outcome", doc) == [saved.pk]
    assert answered_by("outcome", doc | {"visibility": ["officers"]}) == []
    remove_search(saved, by=saved.person)
    assert answered_by("outcome", doc) == []
