"""Saved searches for tests, made as a person would: from the address of a list."""

from django.http import QueryDict

from search.listing import Asked
from search.lists import LISTS
from search.saved.actions import save_search
from search.saved.models import SavedSearch


def asked_for(query: str, *, kind: str = "outcome") -> Asked:
    """Return what the address of a list asks."""
    return Asked.of(QueryDict(query), LISTS[kind])


def saved_by(person, query: str = "q=指静脉", *, kind: str = "outcome", name: str = "", rhythm: str = "daily"):
    """Return a search the person saved; its name is the question's, so that no two are called the same."""
    name = name or ("指静脉" if (kind, query) == ("outcome", "q=指静脉") else f"{kind} {query}")
    return save_search(by=person, kind=kind, asked=asked_for(query, kind=kind), name=name, rhythm=rhythm)


def fresh(saved: SavedSearch) -> SavedSearch:
    return SavedSearch.objects.get(pk=saved.pk)
