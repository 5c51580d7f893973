"""What each kind of document looks like; both engines are built from these declarations."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from search import filters, visibility
from search.text import Streams, cut, normalise, runs, streams

TOKENS = 1  # raise when search/text.py makes other tokens than before: every index is then rebuilt
SUGGESTIONS_PER_TITLE = 12
SUGGESTION_LENGTH = 40


@dataclass(frozen=True, slots=True)
class Text:
    """A searched text: its weight in the ranking, its usual length in tokens, and how much of it a hit shows."""

    name: str
    weight: float = 1.0
    typical: int = 20
    snippet: int | None = None  # characters; None = the whole text


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document. Every document also carries `id` and `visibility` (a list of keys).

    Keywords are codes: one, several or none per document. Numbers are integers (fen, epoch seconds, levels).
    Both can be filtered; keywords and the numbers named in `counted` can be facets; numbers can be sorted by.
    """

    name: str
    texts: tuple[Text, ...]
    keywords: tuple[str, ...]
    numbers: tuple[str, ...]
    newest: str  # the number field that says what is new
    suggest: str  # the text field offered while typing
    counted: tuple[str, ...] = ()
    meaning: int = 1  # raised where a field keeps its name and says something else

    def text(self, name: str) -> Text:
        """One of its text fields."""
        return next(text for text in self.texts if text.name == name)

    @property
    def facets(self) -> tuple[str, ...]:
        """The fields whose values can be counted."""
        return self.keywords + self.counted

    @property
    def filterable(self) -> frozenset[str]:
        """The fields a filter may ask about."""
        return frozenset(("id", *self.keywords, *self.numbers, visibility.FIELD))

    def generation_hash(self) -> str:
        """Changes when an index built for this kind would have to be rebuilt; weights do not count."""
        shape = (
            TOKENS,
            [text.name for text in self.texts],
            self.keywords,
            self.numbers,
            self.newest,
            self.suggest,
            *([self.meaning] if self.meaning > 1 else []),  # so that indexes of the first meaning stay what they are
        )
        return hashlib.sha256(repr(shape).encode()).hexdigest()[:8]


class BadDocument(ValueError):
    """A document does not fit the schema of its kind."""


KNOWN_BY = (Text("keywords", 1.0, 12), Text("owner_name", 0.8, 10), Text("numbers", 1.0, 6))  # beside what it says

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            "outcome",
            texts=(
                Text("title", 1.2, 20),
                Text("summary", 1.0, 250, snippet=120),
                *KNOWN_BY,
            ),
            keywords=("field", "industry", "mode", "region", "ip_kind", "trial_first", "owner", "state", "price_band"),
            numbers=("trl", "price_low", "price_high", "published", "expires"),
            newest="published",
            suggest="title",
            counted=("trl",),
            meaning=2,  # trial_first: that a request is taken now, once that the owner names this mode
        ),
        Kind(
            "need",
            texts=(
                Text("title", 1.2, 20),
                Text("problem", 1.0, 200, snippet=120),
                Text("indicators", 0.8, 40),
                *KNOWN_BY,
            ),
            keywords=("field", "industry", "mode", "region", "owner", "state", "budget_band"),
            numbers=("budget_low", "budget_high", "trl_wanted", "published", "deadline"),
            newest="published",
            suggest="title",
        ),
        Kind(
            "broker",
            texts=(Text("name", 1.5, 4), Text("introduction", 1.0, 100, snippet=120)),
            keywords=("field", "level", "firm", "owner", "state", "region"),
            numbers=("valid_until", "published"),
            newest="published",
            suggest="name",
        ),
        Kind(
            "lot",
            texts=(
                Text("title", 1.2, 20),
                Text("summary", 1.0, 250, snippet=120),
                *KNOWN_BY,
            ),
            keywords=("state", "session", "field", "industry", "mode", "format", "ip_kind", "owner", "region"),
            numbers=("start_price", "trl", "deadline", "starts", "ends", "published"),
            newest="published",
            suggest="title",
            counted=("trl",),
        ),
        Kind(
            "contract",
            texts=(Text("number", 3.0, 4), Text("words", 1.0, 4)),
            keywords=("type", "year"),
            numbers=("registered",),
            newest="registered",
            suggest="number",
        ),
        Kind(
            "page",
            texts=(Text("title", 3.0, 20), Text("body", 1.0, 250, snippet=120)),
            keywords=("locale", "type"),
            numbers=("published",),
            newest="published",
            suggest="title",
        ),
    )
}


def kind_of(name: str) -> Kind:
    """The declaration of a kind, or a ValueError that names it."""
    try:
        return KINDS[name]
    except KeyError:
        raise ValueError(f"There is no kind of document named {name!r}.") from None


def check(kind: Kind, doc: Mapping[str, Any]) -> None:
    """Refuse a document that does not fit its kind, saying which field and why."""
    _check_names(kind, doc)
    for name in (text.name for text in kind.texts):
        if not isinstance(doc.get(name), str | None) and not _is_list_of_text(doc[name]):
            raise BadDocument(f"{name}: a text or a list of texts is wanted.")
    for name in kind.keywords:
        if not isinstance(doc.get(name), str | None) and not _is_list_of_text(doc[name]):
            raise BadDocument(f"{name}: a code or a list of codes is wanted.")
    for name in kind.numbers:
        value = doc.get(name)
        if value is not None and (
            not isinstance(value, int) or isinstance(value, bool) or abs(value) > filters.LARGEST
        ):
            raise BadDocument(f"{name}: an integer is wanted.")


def texts_of(doc: Mapping[str, Any], name: str) -> list[str]:
    """The texts of one field: none, one, or several (a title in two languages, a list of keywords)."""
    value = doc.get(name) or []
    return [value] if isinstance(value, str) else list(value)


def text_of(doc: Mapping[str, Any], name: str) -> str:
    """The texts of one field, each on a line of its own, so that no token reaches from one into the next."""
    return "\n".join(texts_of(doc, name))


def codes_of(doc: Mapping[str, Any], name: str) -> list[str]:
    """The codes of one keyword field."""
    value = doc.get(name)
    if value is None or value == "":
        return []
    return [value] if isinstance(value, str) else list(value)


def token_streams(kind: Kind, doc: Mapping[str, Any]) -> dict[str, Streams]:
    """The three streams of each text field."""
    return {text.name: streams(text_of(doc, text.name)) for text in kind.texts}


def suggestions(kind: Kind, doc: Mapping[str, Any]) -> list[str]:
    """What somebody may begin to type to be offered this document: its titles from each word on, normalised."""
    return list(dict.fromkeys(one for title in texts_of(doc, kind.suggest) for one in _beginnings(title)))


def offered(kind: Kind, doc: Mapping[str, Any], beginning: str) -> str:
    """Of a document's titles (one per language) the one in which a word begins so."""
    titles = texts_of(doc, kind.suggest)
    fits = (title for title in titles if any(one.startswith(beginning) for one in _beginnings(title)))
    return next(fits, titles[0])


def typed(prefix: str) -> str:
    """A prefix as the suggestions have it; "" when nothing can begin so."""
    beginning = normalise(prefix).strip()
    return beginning if len(beginning) <= SUGGESTION_LENGTH else ""


def order_of(identifier: str) -> int:
    """A number that orders documents with equal scores, the same in every engine and generation."""
    return int.from_bytes(hashlib.blake2b(identifier.encode(), digest_size=6).digest(), "big")


def _beginnings(title: str) -> list[str]:
    whole = normalise(title)
    starts = list(dict.fromkeys([0, *_word_starts(whole)]))[:SUGGESTIONS_PER_TITLE]
    return [whole[at : at + SUGGESTION_LENGTH] for at in starts if whole[at:].strip()]


def _word_starts(title: str) -> list[int]:
    found = []
    for run in runs(title):
        at = run.start
        for word in cut(run.text) if run.han else [run.text]:
            found.append(at)
            at += len(word)
    return found


def _check_names(kind: Kind, doc: Mapping[str, Any]) -> None:
    known = {
        *(text.name for text in kind.texts),
        *kind.keywords,
        *kind.numbers,
        visibility.FIELD,
        "id",
    }
    if unknown := sorted(set(doc) - known):
        raise BadDocument(f"{unknown[0]}: no such field in {kind.name}.")
    if not _is_list_of_text(doc.get(visibility.FIELD)):
        raise BadDocument("visibility: a list of keys is wanted, so that it is decided who may find this.")


def _is_list_of_text(value: Any) -> bool:
    return isinstance(value, list | tuple) and all(isinstance(part, str) for part in value)
