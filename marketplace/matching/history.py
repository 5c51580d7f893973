"""What happened to a match, as one of its sides or staff reads it: who did what, and when."""

from itertools import zip_longest
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from marketplace.core.journal import Entry, Kind
from marketplace.matching.models import Match, Side
from marketplace.matching.sides import Capacity

MOST = 50


def history(match: Match, user: Any, side: Side | None) -> list[dict[str, Any]]:
    """Return what happened, newest first, for components/timeline.html; `side` is the reader's, None for staff.

    An anonymous enterprise stays so, and of the other side its organisation is named, not the person.
    """
    entries = list(Entry.objects.about(match).select_related("actor", "on_behalf_of")[:MOST])
    told, offered = [], False
    for entry, before in zip_longest(entries, entries[1:]):
        if not offered:  # what was added with an offer is told by it
            offered = _is_offer(entry, before)
            title = _("outcome offered to the need") if offered else entry.label
            told.append(
                {"title": capfirst(title), "at": entry.recorded_at, "detail": _detail(match, entry, user, side)}
            )
        else:
            offered = False
    if told and match.state in (Match.State.PROPOSED, Match.State.AGREED):
        told[0]["phase"] = "now"
    return told


def _is_offer(entry: Entry, before: Entry | None) -> bool:
    """Tell whether an acceptance and the adding before it are one offer of the side of the outcome."""
    if before is None or (entry.kind, before.kind) != (Kind.MATCH_ACCEPTED, Kind.MATCH_ADDED):
        return False
    return before.data.get("capacity") == Capacity.OUTCOME == entry.data.get("side") and (
        entry.actor_id == before.actor_id
    )


def _detail(match: Match, entry: Entry, user: Any, side: Side | None) -> str:
    """Return who did it, and the reason the journal holds."""
    return " ".join(words for words in (_who(match, entry, user, side), _why(entry)) if words)


def _who(match: Match, entry: Entry, user: Any, side: Side | None) -> str:
    if entry.actor is None:
        return _("the platform")
    of = match.side_of(entry.on_behalf_of)
    if of is None:
        if entry.data.get("capacity") == Capacity.BROKER:
            return broker_words(entry.actor)
        who = Capacity.OFFICER
        return str(entry.actor) if user.reads_everything else str(who.label)
    if of == Side.NEED and not match.need.names_enterprise_to(user):
        return str(Capacity.NEED.label)
    organisation = match.organisation_of(of).called
    return f"{organisation} {entry.actor}" if user.reads_everything or of == side else str(organisation)


def broker_words(person: Any) -> str:
    """Return the broker by name and brokerage: who brought a match can be proved by it."""
    broker = getattr(person, "broker", None)
    if broker is None:
        return str(person)
    told = {"broker": broker.name, "firm": broker.firm or _("independent")}
    return _("%(broker)s, technology broker (%(firm)s)") % told


def added_by_words(match: Match) -> str:
    """Return who added a match by hand: a broker by name, so that both sides can prove who brought it."""
    if match.added_as == Capacity.BROKER and match.added_by is not None:
        return broker_words(match.added_by)
    return str(match.get_added_as_display()) if match.added_as else ""


def _why(entry: Entry) -> str:
    """Return why it was declined or withdrawn, in words; entries of before hold no reason of a withdrawn acceptance."""
    choices = {Kind.MATCH_DECLINED: ("reason", Match.Reason), Kind.MATCH_WITHDRAWN: ("why", Match.Why)}
    name, words = choices.get(Kind(entry.kind), ("", Match.Why))
    value = entry.data.get(name, "")
    return str(words(value).label) if value in words.values else ""
