"""What every engine answers: questions, facets, pages, sorting, suggestions, counterparts."""

from itertools import chain

import pytest

from search.engine import Need, Part, Probe
from search.explain import reasons
from search.filters import And, Eq, Exists, In, Not, Or, Range, holds
from search.schema import kind_of
from search.visibility import Visibility
from tests.search.documents import PUBLIC, TITLES, library, outcome, question


def ids(*numbers):
    return [f"OH-{number:04d}" for number in numbers]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("锁", {6, 7, 8, 9, 14}),
        ("锁芯", {8}),
        ("钙钛矿", {0, 1}),
        ("ＧＢ/Ｔ 19001-2016", {14}),
        ("GB/T19001-2016", {14}),
        ("19001", {14}),
        ("电镀废水", {18}),
        ("電鍍廢水", {18}),
        ("abs树脂", {19}),
        ("α-Fe₂O₃", {15}),
        ("fe2o3", {15}),
        ("c++", {16}),
        ("charge", {17}),
        ("CN201910123456.7", {19}),
        ("201910123456", {19}),
        ("激光 玻璃", {3}),
        ('"在线监测"', {13}),
        ('"监测在线"', set()),
        ('激光 -"玻璃"', {4, 5}),
        ("激光 -玻璃 -汽车", {4}),
        ("-锁 -激光 -c++ -树脂 -钙钛矿 -阀", {2, 10, 11, 12, 15, 17}),
        ("完全没有的词语", set()),
    ],
)
def test_finds(stocked, text, found):
    page = stocked.search(question(text))

    assert set(page.ids) == set(ids(*found))
    assert page.total == len(found)


def test_the_title_that_says_it_all_comes_first(stocked):
    assert stocked.search(question("激光焊接质量监测")).ids[0] == "OH-0005"
    assert all(stocked.search(question(title)).ids[0] == f"OH-{at:04d}" for at, title in enumerate(TITLES))


def test_any_term_is_enough_when_asked_for(stocked):
    text = "锁芯 钙钛矿 鞋底 支架"

    assert stocked.search(question(text)).total == 0
    assert set(stocked.search(question(text, need=Need.ANY)).ids) == set(ids(0, 1, 8, 11, 12))


def test_alternatives_find_what_the_words_do_not(stocked):
    assert stocked.search(question("眼镜验光")).total == 0
    assert stocked.search(question("眼镜验光", alternatives=("屈光筛查",))).ids == ids(10)


def test_an_empty_question_gives_the_newest_first(stocked):
    page = stocked.search(question("", limit=3))

    assert page.ids == ids(19, 18, 17)
    assert page.total == 20
    assert all(not hit.highlights for hit in page.hits)


def test_highlights_mark_the_original_and_are_escaped(engine):
    engine.apply([outcome(1, "<b>電鍍</b>廢水 & 回收")])
    engine.refresh()

    (hit,) = engine.search(question("电镀", highlights=("title",))).hits

    assert hit.highlights == {"title": "&lt;b&gt;<mark>電鍍</mark>&lt;/b&gt;廢水 &amp; 回收"}


WHERES = [
    Eq("mode", "transfer"),
    Eq("trl", 6),
    In("field", ("01.00", "01.02")),
    In("trl", (5, 8)),
    In("mode", ()),
    Range("price_low", 1_000_000, 3_000_000),
    Range("trl", 7),
    Range("trl", high=5),
    Range("trl"),
    Range("trl", 10**30),
    Exists("expires"),
    Not(Exists("expires")),
    And(Eq("mode", "transfer"), Not(Eq("trl", 5))),
    Or(Eq("trl", 8), Eq("field", "01.01")),
    And(),
    Or(),
    Eq("id", "OH-0007"),
    Not(In("id", ("OH-0007", "OH-0008"))),
]


@pytest.mark.parametrize("where", WHERES, ids=str)
def test_filters_agree_with_plain_python(stocked, where):
    expected = {op.id for op in library() if holds(where, {**op.doc, "id": op.id})}

    assert set(stocked.search(question(where=where, limit=50)).ids) == expected


def test_an_unknown_field_is_an_error(stocked):
    with pytest.raises(ValueError, match="nonsense"):
        stocked.search(question(where=Eq("nonsense", 1)))
    with pytest.raises(ValueError, match="title"):
        stocked.search(question(sort="title"))
    with pytest.raises(ValueError, match="title"):
        stocked.search(question(facets=("title",)))


def test_facets_exclude_their_own_filter(stocked):
    choices = {"mode": Eq("mode", "transfer"), "trl": Range("trl", 7)}

    page = stocked.search(question(choices=choices, facets=("mode", "trl", "field")))

    docs = [op.doc for op in library()]
    high, transfer = [d for d in docs if d["trl"] >= 7], [d for d in docs if "transfer" in d["mode"]]
    assert page.total == len([d for d in high if d in transfer]) == 5
    assert page.facets["mode"].values == (("licence", len(high)), ("transfer", 5))
    assert page.facets["trl"].values == ((5, 5), (7, 5))
    assert page.facets["field"].count("01") == 5
    assert list(page.facets) == ["mode", "trl", "field"]


def test_facets_follow_the_question(stocked):
    facet = stocked.search(question("钙钛矿", facets=("trl",))).facets["trl"]

    assert facet.values == ((5, 1), (6, 1))


@pytest.mark.parametrize(("sort", "best"), [("price_low", [15, 10, 5, 0]), ("-price_low", [19, 14, 9, 4])])
def test_sorts_by_a_number_and_equal_ones_newest_first(stocked, sort, best):
    assert stocked.search(question(sort=sort, limit=4)).ids == ids(*best)


@pytest.mark.parametrize("sort", ["expires", "-expires"])
def test_what_has_no_number_comes_last(engine, sort):
    engine.apply([*library(), outcome(3, "有期限", version=2, expires=5)])
    engine.refresh()

    assert engine.search(question(sort=sort)).ids[:2] == ids(3, 19)


@pytest.mark.parametrize("sort", ["trl", "-trl", "price_low", "-price_low", "expires", "-expires"])
def test_every_page_of_a_sorted_list_continues_the_one_before(engine, sort):
    puts = [outcome(n, "成果", **({"expires": n // 9} if n % 3 else {}), published=n // 2) for n in range(60)]
    engine.apply(puts)
    engine.refresh()

    paged = [one for at in range(0, 60, 7) for one in engine.search(question(sort=sort, offset=at, limit=7)).ids]

    field, sign = sort.removeprefix("-"), -1 if sort.startswith("-") else 1
    docs = {op.id: op.doc for op in puts}
    places = [(field not in docs[one], sign * docs[one].get(field, 0), -docs[one]["published"]) for one in paged]
    assert sorted(paged) == sorted(docs)
    assert places == sorted(places)
    assert paged == engine.search(question(sort=sort, limit=60)).ids


@pytest.mark.parametrize("options", [{"text": "同名成果"}, {"sort": "trl"}, {}], ids=str)
def test_pages_are_stable_and_complete(engine, options):
    numbers = range(90)
    puts = [outcome(number, "同名成果", trl=6, published=1_700_000_000) for number in numbers]
    for start in range(0, 90, 30):
        engine.apply(puts[start : start + 30])
    engine.refresh()

    pages = [engine.search(question(**{**options, "offset": at, "limit": 7})).ids for at in range(0, 91, 7)]
    engine.apply([outcome(500, "别的东西", published=1)])
    engine.refresh()
    again = [engine.search(question(**{**options, "offset": at, "limit": 7})).ids for at in range(0, 84, 7)]

    assert sorted(chain.from_iterable(pages)) == ids(*numbers)
    assert options.get("sort") or again == pages[:12]


def test_visibility_limits_everything(engine):
    engine.apply([outcome(1, "公开的锁"), outcome(2, "机密的锁芯", visibility=["org:7"])])
    engine.refresh()
    member = Visibility.of(["public", "org:7"])
    stranger = Visibility.of(["public", "org:8"])

    assert engine.search(question("锁", visibility=stranger)).ids == ids(1)
    assert set(engine.search(question("锁", visibility=member)).ids) == set(ids(1, 2))
    assert engine.search(question("锁", visibility=Visibility.of([]))).total == 0
    assert engine.search(question("锁芯", facets=("trl",))).facets["trl"].values == ()
    assert engine.suggest("outcome", "机密", stranger, 5) == []
    assert engine.suggest("outcome", "机密", member, 5) == ["机密的锁芯"]
    probe = Probe((Part("机密的锁芯"),))
    assert [one.id for one in engine.match(probe, question())] == ids(1)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("钙", [TITLES[1], TITLES[0]]),
        ("扩散", [TITLES[0]]),
        ("電鍍", [TITLES[18]]),
        ("ＷＩＲＥ", [TITLES[17]]),
        ("c++", [TITLES[16]]),
        ("gb/t 19", [TITLES[14]]),
        (".*", []),
        ("[", []),
        ("", []),
        ("  ", []),
    ],
)
def test_suggests_titles_with_a_word_that_begins_so(stocked, prefix, expected):
    assert stocked.suggest("outcome", prefix, PUBLIC, 5) == expected


def test_suggests_each_title_once_and_no_more_than_asked(engine):
    engine.apply([outcome(number, "同名成果" if number < 3 else f"同名{number}") for number in range(6)])
    engine.refresh()

    assert engine.suggest("outcome", "同", PUBLIC, 3) == ["同名5", "同名4", "同名3"]
    assert engine.suggest("outcome", "同", PUBLIC, 9) == ["同名5", "同名4", "同名3", "同名成果"]


def test_a_title_in_two_languages_is_offered_and_marked_in_the_one_asked_for(engine):
    engine.apply([outcome(1, ["无氰电镀工艺", "Cyanide-free plating"], summary="")])
    engine.refresh()

    assert engine.suggest("outcome", "plat", PUBLIC, 5) == ["Cyanide-free plating"]
    assert engine.suggest("outcome", "电镀", PUBLIC, 5) == ["无氰电镀工艺"]
    assert engine.search(question("plating")).hits[0].highlights == {"title": "Cyanide-free <mark>plating</mark>"}
    assert engine.search(question("无氰")).hits[0].highlights == {"title": "<mark>无氰</mark>电镀工艺"}


def test_match_explains_itself(stocked):
    probe = Probe((Part("锁芯防技术开启", 2.0), Part("防止强磁与小黑盒开启锁芯")))

    best, *others = stocked.match(probe, question(limit=5))

    why = reasons(kind_of("outcome"), best)
    assert best.id == "OH-0008"
    assert set(why.matched["title"]) >= {"锁芯", "芯防", "开启"}
    assert why.fields["title"] > why.fields["keywords"] == 0
    assert why.fields["title"] == pytest.approx(why.ceiling)
    assert {term.stream for term in best.terms} == {"bi", "words", "uni"}
    assert best.doc["title"] == TITLES[8]
    assert all(other.score < best.score for other in others)


def test_match_uses_the_strongest_terms_and_keeps_hard_filters(stocked):
    probe = Probe((Part("激光焊接 工艺"),), strongest=1)

    assert [one.id for one in stocked.match(probe, question())] == ids(5)
    assert stocked.match(probe, question(where=Not(Eq("id", "OH-0005")))) == []
    assert stocked.match(Probe((Part("饕餮"),)), question()) == []
    assert stocked.match(Probe(()), question()) == []


def test_an_empty_index_answers(engine):
    page = engine.search(question("锁", facets=("trl",)))

    assert (page.hits, page.total, page.facets["trl"].values) == ((), 0, ())
    assert engine.suggest("outcome", "锁", PUBLIC, 5) == []
    assert engine.match(Probe((Part("锁芯"),)), question()) == []


@pytest.mark.parametrize("text", ['"', "-", "- -", '"" -""', "(", "AND OR", "*", "锁" * 1000, "a" * 5000, "\x00", "💡"])
def test_nothing_a_person_types_is_an_error(stocked, text):
    assert stocked.search(question(text)).total >= 0
    assert stocked.suggest("outcome", text, PUBLIC, 3) is not None
