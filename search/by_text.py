"""Searching by a whole text: what lies nearest to it, each with the phrases both have in common."""

from typing import Any

from django.utils.translation import gettext as _

from search import stop_phrases
from search.engine import Candidate, Part, Probe, Query
from search.engines import get_engine
from search.lists import LISTS
from search.phrases import shared_phrases
from search.schema import kind_of, text_of
from search.visibility import Visibility

LONG = 60  # a question longer than this is a text
CANDIDATES = 60
SHOWN = 20
LONGEST_TITLE = 60


def nearest(user: Any, kind: str, text: str) -> list[dict[str, Any]]:
    """Return the public records nearest to a text, best first, as components/result.html wants them.

    Each tells in `match` what it has in common; without a phrase that says something it is left out. Raises EngineDown.
    """
    spec = LISTS[kind]
    query = Query(kind=kind, visibility=Visibility.public(), where=spec.standing(), limit=CANDIDATES, highlights=())
    found = {candidate.id: candidate for candidate in get_engine().match(probe(text), query)}
    rows, stop = spec.rows(user, list(found)), stop_phrases.known()
    results = []
    for key, candidate in found.items():
        phrases = shared_phrases(text, _said(kind, candidate), stop=stop) if key in rows else []
        if phrases:
            words = _("In common: %(phrases)s") % {"phrases": _(", ").join(phrases)}
            results.append(spec.shown(rows[key], None) | {"match": words})
    return results[:SHOWN]


def probe(text: str) -> Probe:
    """Return what to look for counterparts of a text with: a first line that is short is its title."""
    first, _line, rest = text.strip().partition("\n")
    if rest.strip() and len(first) <= LONGEST_TITLE:
        return Probe((Part(first), Part(rest)))
    return Probe((Part(text),))


def _said(kind: str, candidate: Candidate) -> str:
    return "\n".join(text_of(candidate.doc, each.name) for each in kind_of(kind).texts if each.name != "owner_name")
