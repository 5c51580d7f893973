"""A letter entered by mistake: the entry is taken back while nobody has answered it, and stays to be read."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require, why_not
from marketplace.organisations.models import User
from marketplace.publicity import rules
from marketplace.publicity.actions import plain
from marketplace.publicity.models import Objection, ObjectionQuerySet, Publicity, with_subjects
from marketplace.publicity.on_paper import LONGEST_REASON


class AnsweredOrFallen(Refused):
    message = _("This objection is “%(state)s”. An entry is taken back only while it waits for its answer.")


class MistakeMissing(Refused):
    message = _("Say what was wrong with the entry.")
    field = "mistake"


class StandsNowhere(Refused):
    message = _("The letter does not stand under this number: choose another entry, or none.")
    field = "stands_as"


def why_not_taken_back(objection: Objection) -> Refused | None:
    """Return why an entry stays, whoever asks; None while nobody has answered it and its publicity runs."""
    if objection.state == Objection.State.MADE and objection.publicity.is_running:
        return None
    return AnsweredOrFallen(state=objection.state_label)


def open_to(objection: Objection, *, by: User) -> list[Publicity]:
    """Return the terms to which this person may enter a letter, that of the entry first."""
    terms = with_subjects(Publicity.objects.running())
    may = [term for term in terms if why_not(rules.enter_objection, by, term) is None]
    return sorted(may, key=lambda term: term.pk != objection.publicity_id)


def standing_letters(objection: Objection, *, by: User) -> ObjectionQuerySet:
    """Return the other entries under which the same letter may stand: those that count where this person enters."""
    keys = [term.pk for term in open_to(objection, by=by)]
    found = Objection.objects.counted().filter(entered_by__isnull=False, publicity__in=keys)
    return found.exclude(pk=objection.pk).prefetch_related("publicity__subject").order_by("-made_at")


@transaction.atomic
def take_back_letter(objection: Objection, *, by: User, mistake: str, stands_as: Objection | None = None) -> None:
    """Take back what was entered from a letter by mistake: it counts no more, and whoever wrote is told.

    `stands_as` is the entry under which the same letter stands. Raises AnsweredOrFallen, MistakeMissing, StandsNowhere.
    """
    objection.publicity.lock()
    _hold(objection, stands_as)
    now = clock.now()
    require(rules.take_back_letter, by, objection)
    _require(objection, mistake)
    if stands_as is not None and not standing_letters(objection, by=by).filter(pk=stands_as.pk).exists():
        raise StandsNowhere()
    strike(objection, by=by, at=now, mistake=mistake)
    point_to(objection, stands_as, by=by)


def take_back_for_another(objection: Objection, *, by: User, at: datetime, mistake: str) -> None:
    """Take an entry back that is entered anew in the caller's transaction, which holds both publicity terms.

    The caller points to the new entry with `point_to`. Raises AnsweredOrFallen, MistakeMissing.
    """
    _hold(objection, None)
    require(rules.take_back_letter, by, objection)
    _require(objection, mistake)
    strike(objection, by=by, at=at, mistake=mistake)


def _hold(objection: Objection, other: Objection | None) -> None:
    """Hold the entries in the order of their keys: two that name each other do not wait for each other."""
    for one in sorted(filter(None, {objection, other}), key=lambda one: one.pk):
        publicity = one.publicity
        one.lock()
        one.publicity = publicity


def _require(objection: Objection, mistake: str) -> None:
    refusal = why_not_taken_back(objection)
    if refusal is not None:
        raise refusal
    if not plain(mistake):
        raise MistakeMissing()


def strike(objection: Objection, *, by: User, at: datetime, mistake: str) -> None:
    """Write that an entry counts no more; it is held, and the rule was asked."""
    objection.move_to(objection.State.TAKEN_BACK)
    objection.taken_back_by, objection.taken_back_at = by, at
    objection.taken_back_because = plain(mistake)[:LONGEST_REASON]
    objection.save(update_fields=["state", "taken_back_by", "taken_back_at", "taken_back_because"])


def point_to(objection: Objection, stands_as: Objection | None, *, by: User) -> None:
    """Note under which number the letter of an entry that was taken back stands, if it does, and record it."""
    if stands_as is not None:
        objection.stands_as = stands_as
        objection.save(update_fields=["stands_as"])
    told: dict[str, Any] = {"stands_as": stands_as.code} if stands_as is not None else {}
    journal.record(Kind.OBJECTION_TAKEN_BACK, objection, by=by, on_paper=True, **told)
