"""Saving a search, changing its alerts, deleting it and taking that back; ending alerts from a mail."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import User
from search.listing import Asked
from search.lists import LISTS
from search.saved import rules
from search.saved.asking import fingerprint, known_only
from search.saved.models import NAME_LENGTH, Rhythm, SavedSearch

KEPT_AFTER_REMOVAL = timedelta(days=1)


class AlreadySaved(Refused):
    """The person keeps the same question already; `saved` is that one."""

    message = _("You have saved this search already, as “%(name)s”.")

    def __init__(self, saved: SavedSearch) -> None:
        self.saved = saved
        super().__init__(name=saved.name)


class NameTaken(Refused):
    """Another search of the person bears the name."""

    message = _("Another of your searches is called “%(name)s”. Alerts tell searches apart by their names.")
    field = "name"


@transaction.atomic
def save_search(*, by: User, kind: str, asked: Asked, name: str, rhythm: str) -> SavedSearch:
    """Keep a question and tell what it finds from now on; values nobody knows are left out.

    Raises AlreadySaved, NameTaken.
    """
    _hold_person(by)
    now, asked, name = clock.now(), known_only(kind, asked), name[:NAME_LENGTH]
    _refuse_twin(by, fingerprint(kind, asked))
    require(rules.save_search, by, asked, LISTS[kind])
    _refuse_name(by, name)
    saved = SavedSearch.objects.create(
        person=by,
        kind=kind,
        text=asked.text,
        chosen=_stored(asked),
        fingerprint=fingerprint(kind, asked),
        name=name,
        rhythm=rhythm,
        created_at=now,
        alerts_since=now,
        seen_at=now,
    )
    journal.record(Kind.SEARCH_SAVED, saved, by=by, of=kind, rhythm=rhythm)
    return saved


@transaction.atomic
def change_search(saved: SavedSearch, *, by: User, rhythm: str, name: str = "") -> None:
    """Choose how often alerts come, and another name if one is given; what was found while none came stays untold.

    Raises NameTaken.
    """
    _hold_person(by)
    saved.lock()
    require(rules.change_search, by, saved)
    name = name[:NAME_LENGTH] or saved.name
    if (rhythm, name) == (saved.rhythm, saved.name):
        return
    if name != saved.name:
        _refuse_name(by, name, but=saved)
        saved.name = name
        saved.save(update_fields=["name"])
    if rhythm != saved.rhythm:
        _set_rhythm(saved, rhythm)
    journal.record(Kind.SEARCH_CHANGED, saved, by=by, rhythm=rhythm)


@transaction.atomic
def replace_question(saved: SavedSearch, *, by: User, asked: Asked) -> None:
    """Let a saved search ask something else of its list; what that finds by now is no news. Raises AlreadySaved.

    Name and rhythm stay. What the former question found and was not told goes: it is no answer any more.
    """
    _hold_person(by)
    saved.lock()
    asked = known_only(saved.kind, asked)
    require(rules.replace_question, by, saved, asked)
    mark = fingerprint(saved.kind, asked)
    if mark == saved.fingerprint:
        return
    _refuse_twin(by, mark)
    saved.text, saved.chosen, saved.fingerprint = asked.text, _stored(asked), mark
    saved.alerts_since = saved.seen_at = clock.now()
    saved.revision += 1
    saved.save(update_fields=["text", "chosen", "fingerprint", "alerts_since", "seen_at", "revision"])
    saved.findings.filter(entry=None).delete()
    journal.record(Kind.SEARCH_REPLACED, saved, by=by)


@transaction.atomic
def remove_search(saved: SavedSearch, *, by: User) -> None:
    """Delete a saved search; for a day it can be restored."""
    saved.lock()
    require(rules.remove_search, by, saved)
    if saved.removed_at is not None:
        return
    saved.removed_at = clock.now()
    saved.revision += 1
    saved.save(update_fields=["removed_at", "revision"])
    journal.record(Kind.SEARCH_REMOVED, saved, by=by)


@transaction.atomic
def restore_search(saved: SavedSearch, *, by: User) -> None:
    """Take a deletion back. Raises AlreadySaved or NameTaken where the person saved the like meanwhile."""
    _hold_person(by)
    saved.lock()
    if saved.removed_at is None:
        return
    _refuse_twin(by, saved.fingerprint)
    require(rules.restore_search, by, saved)
    _refuse_name(by, saved.name)
    saved.removed_at = None
    saved.revision += 1
    saved.save(update_fields=["removed_at", "revision"])
    journal.record(Kind.SEARCH_RESTORED, saved, by=by)


@transaction.atomic
def see_findings(saved: SavedSearch, *, by: User) -> None:
    """Note that the person looked at what the search finds; nothing found so far is new any more."""
    SavedSearch.objects.visible_to(by).filter(pk=saved.pk).update(seen_at=clock.now())


@transaction.atomic
def unsubscribe(searches: Iterable[SavedSearch]) -> None:
    """End the alerts of these searches; whoever holds the link of a mail asks, so nobody is named. May be repeated."""
    for saved in searches:
        saved.lock()
        if saved.rhythm != Rhythm.NONE:
            before = saved.rhythm
            _set_rhythm(saved, Rhythm.NONE, before=before)
            journal.record(Kind.SEARCH_UNSUBSCRIBED, saved, by=None, rhythm=before)


@transaction.atomic
def subscribe_again(searches: Iterable[SavedSearch]) -> None:
    """Give these searches the rhythm back that was ended from a mail. May be repeated."""
    for saved in searches:
        saved.lock()
        if saved.rhythm == Rhythm.NONE and saved.rhythm_before:
            _set_rhythm(saved, saved.rhythm_before)
            journal.record(Kind.SEARCH_SUBSCRIBED_AGAIN, saved, by=None, rhythm=saved.rhythm)


@transaction.atomic
def forget_removed() -> int:
    """Delete for good what was deleted more than a day ago; return how many."""
    gone = SavedSearch.objects.filter(removed_at__lt=clock.now() - KEPT_AFTER_REMOVAL)
    number = gone.count()
    gone.delete()
    return number


@transaction.atomic
def forget_searches_of(person: User) -> None:
    """Delete what a person who left had saved: their words are theirs."""
    SavedSearch.objects.filter(person=person).delete()


def _hold_person(by: User) -> None:
    """Let one person save one search at a time, so that limit and twins are counted right."""
    list(User.objects.select_for_update().filter(pk=by.pk).values_list("pk"))


def _refuse_twin(by: User, mark: str) -> None:
    twin = SavedSearch.objects.kept().filter(person=by, fingerprint=mark).first()
    if twin is not None:
        raise AlreadySaved(twin)


def _refuse_name(by: User, name: str, *, but: SavedSearch | None = None) -> None:
    others = SavedSearch.objects.kept().filter(person=by).exclude(pk=but.pk if but else 0)
    if others.filter(name__iexact=name).exists():
        raise NameTaken(name=name)


def _stored(asked: Asked) -> dict[str, list[str]]:
    return {facet: list(values) for facet, values in asked.chosen.items()}


def _set_rhythm(saved: SavedSearch, rhythm: str, *, before: Any = "") -> None:
    if saved.rhythm == Rhythm.NONE:
        saved.alerts_since = clock.now()
    saved.rhythm, saved.rhythm_before = rhythm, before
    saved.save(update_fields=["rhythm", "rhythm_before", "alerts_since"])
