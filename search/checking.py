"""Whether an engine does everything we ask of it: one document, written and found by every feature in use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from search.engine import Drop, Engine, EngineDown, Part, Probe, Put, Query, Report
from search.explain import reasons
from search.filters import And, Eq, Exists, In, Not, Or, Range
from search.schema import kind_of
from search.visibility import Visibility

KIND, ID = "outcome", "CHECK-1"
VERSION = 10
DOCUMENT = {
    "title": ["无氰电镀工艺", "Cyanide-free plating"],
    "summary": "符合 GB/T 19001-2016，用于汽车零部件。",
    "keywords": ["电镀", "清洁生产"],
    "owner_name": "样例研究院",
    "field": ["03", "03.02"],
    "mode": ["licence"],
    "trl": 6,
    "price_low": 50_000_000,
    "published": 1_790_000_000,
    "visibility": ["public"],
}


class Missing(Exception):
    """A feature gave another answer than it should; the message has both."""


@dataclass(frozen=True)
class Finding:
    """What became of one feature; no trouble means that it works."""

    feature: str
    trouble: str


def findings(engine: Engine) -> Iterator[Finding]:
    """Try one feature after the other on an empty engine; where nothing can be written, that is all there is to say."""
    for feature, attempt in FEATURES.items():
        try:
            attempt(engine)
        except (Missing, EngineDown) as error:
            yield Finding(feature, str(error))
            if attempt is _write:
                return
        else:
            yield Finding(feature, "")


def _expect(what: str, found: Any, wanted: Any) -> None:
    if found != wanted:
        raise Missing(f"{what}: {wanted!r} is wanted, the answer is {found!r}.")


def _ids(engine: Engine, text: str = "", **options: Any) -> list[str]:
    engine.refresh()
    return engine.search(Query(**{"kind": KIND, "visibility": Visibility.public(), "text": text, **options})).ids


def _put(version: int) -> Put:
    return Put(KIND, ID, version, DOCUMENT)


def _write(engine: Engine) -> None:
    _expect("a document", engine.apply([_put(VERSION)]), Report(applied=1))
    _expect("the list", _ids(engine), [ID])


def _lose_when_stale(engine: Engine) -> None:
    report = engine.apply([_put(VERSION - 1), Drop(KIND, ID, VERSION - 1)])
    _expect("an older document and an older removal", report, Report(stale=2))
    _expect("the same again", engine.apply([_put(VERSION)]), Report(applied=1))


def _find_words(engine: Engine) -> None:
    for text in ("电镀", "電鍍", "镀", "plated", "GB/T 19001", "ＧＢ／Ｔ１９００１"):
        _expect(text, _ids(engine, text), [ID])
    _expect("a word that is not there", _ids(engine, "钙钛矿"), [])


def _find_phrases(engine: Engine) -> None:
    for text, found in (('"无氰电镀"', [ID]), ('"电镀无氰"', []), ("电镀 -钙钛矿", [ID]), ('电镀 -"无氰"', [])):
        _expect(text, _ids(engine, text), found)


def _filter(engine: Engine) -> None:
    fits = And(
        In("field", ("03", "04")),
        Range("trl", 6, 9),
        Not(Exists("expires")),
        Or(Eq("mode", "licence"), Eq("mode", "transfer")),
    )
    _expect("filters that fit", _ids(engine, where=fits), [ID])
    _expect("filters that do not", _ids(engine, where=Not(fits)), [])
    _expect("a reader who may see nothing", _ids(engine, visibility=Visibility.of([])), [])


def _count_facets(engine: Engine) -> None:
    choices = {"mode": Eq("mode", "transfer")}
    page = engine.search(
        Query(kind=KIND, visibility=Visibility.public(), choices=choices, facets=("mode", "field", "trl"))
    )
    counts = {name: facet.values for name, facet in page.facets.items()}
    _expect("facets under the choices of the others", counts, {"mode": (("licence", 1),), "field": (), "trl": ()})


def _sort(engine: Engine) -> None:
    for sort in ("-price_low", "expires"):
        _expect(sort, _ids(engine, sort=sort), [ID])


def _mark(engine: Engine) -> None:
    query = Query(kind=KIND, visibility=Visibility.public(), text="电镀", highlights=("title",))
    marked = [dict(hit.highlights) for hit in engine.search(query).hits]
    _expect("marks", marked, [{"title": "无氰<mark>电镀</mark>工艺"}])


def _suggest(engine: Engine) -> None:
    _expect("电", engine.suggest(KIND, "电", Visibility.public(), 5), ["无氰电镀工艺"])
    _expect("plat", engine.suggest(KIND, "plat", Visibility.public(), 5), ["Cyanide-free plating"])


def _match(engine: Engine) -> None:
    query = Query(kind=KIND, visibility=Visibility.public())
    found = engine.match(Probe((Part("汽车零部件无氰电镀"),)), query)
    told = [(one.id, reasons(kind_of(KIND), one).matched.get("title", ())) for one in found]
    _expect("counterparts", [(key, "电镀" in matched) for key, matched in told], [(ID, True)])


def _rebuild(engine: Engine) -> None:
    before = _generation(engine)
    with engine.rebuild(KIND) as fresh:
        _expect("the fresh index takes it", fresh.apply([_put(VERSION)]), Report(applied=1))
        _expect("the fresh index holds it", fresh.count(), 1)
    _expect("the list after it", _ids(engine), [ID])
    _expect("the index after it is another one", _generation(engine) != before, True)


def _remove(engine: Engine) -> None:
    _expect("the removal", engine.apply([Drop(KIND, ID, VERSION + 1)]), Report(applied=1))
    _expect("what comes too late", engine.apply([_put(VERSION)]), Report(stale=1))
    _expect("the list", _ids(engine), [])


def _generation(engine: Engine) -> str:
    return next((kind.generation for kind in engine.health().kinds if kind.kind == KIND), "")


FEATURES: dict[str, Callable[[Engine], None]] = {
    "write": _write,
    "versions": _lose_when_stale,
    "words": _find_words,
    "phrases": _find_phrases,
    "filters": _filter,
    "facets": _count_facets,
    "orders": _sort,
    "marks": _mark,
    "suggestions": _suggest,
    "counterparts": _match,
    "rebuild": _rebuild,
    "removal": _remove,
}
