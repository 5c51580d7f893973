"""A deal as one reader sees it: parties and whose turn, steps, what happened."""

from collections.abc import Iterable
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.brokers.working import stopped_words
from marketplace.core.choices import PricingMode
from marketplace.core.files import File, files_of
from marketplace.deals.answered import answered_for
from marketplace.deals.models import Deal, DealQuerySet, Side
from marketplace.deals.parts import DealNote
from marketplace.deals.publishing import must_be_public
from marketplace.deals.room import DealPaper, From
from marketplace.deals.turns import Turn, asks_an_answer
from marketplace.deals.withheld import owner_of_need, party_for
from marketplace.organisations.models import Organisation
from marketplace.organisations.one_side import why_not_both
from marketplace.outcomes.models import ResearchOutcome

State = Deal.State
TONES = {
    State.NEGOTIATION: "way",
    State.PRICING: "way",
    State.PUBLICITY: "wait",
    State.CONTRACT: "wait",
    State.REGISTRATION: "way",
    State.PERFORMANCE: "go",
    State.DONE: "done",
    State.TERMINATED: "stop",
}
PATH = (
    State.NEGOTIATION,
    State.PRICING,
    State.PUBLICITY,
    State.CONTRACT,
    State.REGISTRATION,
    State.PERFORMANCE,
    State.DONE,
)
INTEREST_TONES = {"shown": "wait", "accepted": "go", "declined": "stop", "withdrawn": "idle"}


def with_turns(deals: DealQuerySet) -> DealQuerySet:
    """Load what `turn_of` reads: two more queries, however many deals."""
    return deals.with_parties().prefetch_related("price_proposals", "nda_acceptances")


def my_sides(deal: Deal, user: Any) -> set[Side]:
    """Return the sides whose organisation the reader belongs to."""
    return {side for side in Side if user.acts_for(deal.seller_id if side == Side.SELLER else deal.buyer_id)}


def barred(deal: Deal, user: Any) -> dict[Side, str]:
    """Return the sides of the reader whose turn is somebody else's, with the reason; nobody's work but an answer is."""
    return kept_off(deal, user) if asks_an_answer(deal) else {}


def kept_off(deal: Deal, user: Any) -> dict[Side, str]:
    """Return the sides of the reader for which they answer nothing in this deal, with the reason."""
    mine = my_sides(deal, user)
    told = answered_for(user, deal) if mine else {}
    reasons = {side: why_not_both(deal.party(side), told) for side in Side if side in mine}
    return {side: reason for side, reason in reasons.items() if reason is not None}


def turn_for(deal: Deal, turn: Turn, user: Any) -> dict[str, list[str]]:
    """Return what the reader has to do (`my_turn`), and what somebody else of their side has (`not_my_turn`)."""
    mine, others = my_sides(deal, user), barred(deal, user)
    acts = {side: act for side, act in turn.acts.items() if side in mine}
    words = {side: f"{deal.party(side).called}　{act}" if len(mine) > 1 else act for side, act in acts.items()}
    return {
        "my_turn": [words[side] for side in Side if side in acts and side not in others],
        "not_my_turn": [f"{words[side]}　{others[side]}" for side in Side if side in acts and side in others],
    }


def parties(deal: Deal, turn: Turn, user: Any, organisation: Organisation | None) -> list[dict[str, Any]]:
    """Return the rows of components/turn.html: both sides, and the broker where there is one."""
    mine, others = my_sides(deal, user), barred(deal, user)
    acting = deal.side_of(organisation)
    you = {acting} if acting in mine else mine  # who belongs to both is the one they act for
    rows = [
        {
            "role": capfirst(side.label),
            "name": capfirst(party_for(deal, side, user)),
            "you": side in you,
            "also": side in mine,
            "acts": side in turn.acts,
            "text": turn.says(side),
            "href": _place(deal, side) if side in you and side in turn.acts and side not in others else "",
        }
        for side in (Side.BUYER, Side.SELLER)
    ]
    if deal.broker is not None:
        rows.append(
            {
                "role": _("Broker"),
                "name": deal.broker.name,
                "you": deal.is_broker(user),
                "acts": False,
                "text": _broker_words(deal, deal.broker),
            }
        )
    return rows


def _broker_words(deal: Deal, broker: TechBroker) -> str:
    """Return what the broker does: nothing any more where the district stopped them, nothing yet before accepting."""
    if stopped := stopped_words(broker):
        return stopped
    words = _("Acts %(side)s") if deal.engaged_broker is not None else _("Named %(side)s; has not accepted yet")
    return words % {"side": deal.get_broker_side_display()}


def _place(deal: Deal, side: Side) -> str:
    """Return the part of the page where a side does what is its turn."""
    if deal.state == State.CONTRACT and not deal.reopening_asked_by:
        return "#contract"
    accepted = any(row.side == side for row in deal.nda_acceptances.all())
    return (
        "#turn" if deal.state == State.PERFORMANCE or (not accepted and deal.state == State.NEGOTIATION) else "#price"
    )


def opens(deal: Deal, user: Any) -> set[str]:
    """Return which of the records a deal names the reader may open: match, need, outcome."""
    named = {"match": deal.match, "need": deal.need, "outcome": deal.outcome}
    return {
        name
        for name, record in named.items()
        if record is not None and _openable(record, user).filter(pk=record.pk).exists()
    }


def _openable(record: Any, user: Any) -> Any:
    """Return the records of this kind a person may open; of outcomes also hidden ones that they deal over."""
    found = type(record).objects
    return found.opened_to(user) if isinstance(record, ResearchOutcome) else found.visible_to(user)


def steps(deal: Deal) -> list[dict[str, Any]]:
    """Return the path of the deal for components/steps.html; publicity appears only where the deal goes through it."""
    is_shown = deal.state == State.PUBLICITY or must_be_public(deal)
    path = [state for state in PATH if state != State.PUBLICITY or is_shown]
    here = path.index(State(deal.state)) if deal.state in path else -1
    marks = ["done" if place < here or deal.state == State.DONE else "" for place in range(len(path))]
    if here >= 0 and deal.state != State.DONE:
        marks[here] = "current"
    return [{"label": capfirst(State(state).label), "state": mark} for state, mark in zip(path, marks, strict=True)]


def pricing_words(deal: Deal, trial: Any) -> str:
    """Return how the price is found; a preset price of a trial stood in its terms, though it counts as a listing."""
    if trial is not None and deal.pricing_mode == PricingMode.LISTING:
        return _("Laid down in the terms of the trial")
    return str(capfirst(deal.get_pricing_mode_display()))


def origin_of(deal: Deal) -> str:
    """Return in words what a deal comes of."""
    if deal.trial_number:
        return _("trial %(number)s") % {"number": deal.trial_number}
    if deal.lot_number:
        return _("lot %(number)s") % {"number": deal.lot_number}
    return _("match") if deal.match_id is not None else _("interest")


def papers(laid_down: Iterable[DealPaper], *, withheld: bool) -> list[dict[str, Any]]:
    """Return the documents for the page, the newest version of each with its `earlier` ones, newest first.

    `withheld` leaves out the names of those who laid the buyer's documents down.
    """
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for paper in laid_down:
        if paper.file.withdrawn_at is None:
            found.setdefault((paper.side, paper.title), []).insert(0, _paper(paper, withheld=withheld))
    return [versions[0] | {"earlier": versions[1:]} for versions in found.values()]


def _paper(paper: DealPaper, *, withheld: bool) -> dict[str, Any]:
    kinds = {"nda": _("Confidentiality agreement"), "term_sheet": _("Term sheet"), "other": _("Other paper")}
    file = paper.file
    return {
        "code": file.code,
        "kind": file.ending,
        "name": paper.title,
        "what": kinds.get(file.purpose, ""),
        "size": file.size,
        "at": file.added_at,
        "by": "" if withheld and paper.side == From.BUYER else str(file.added_by or ""),
        "side": paper.get_side_display(),
        "version": paper.version,
    }


def written_for(deal: Deal, notes: Iterable[DealNote], *, withheld: bool) -> list[DealNote]:
    """Return the notes, each with its `author`, for whom (`house`), and the files `attached` to it; one query for all.

    `withheld` names nobody of the buyer's side: neither the author nor who took part in its meetings.
    """
    written = list(notes)
    files: dict[int, list[File]] = {}
    for file in files_of(*written) if written else ():
        files.setdefault(file.subject_id or 0, []).append(file)
    for note in written:
        is_hidden = withheld and note.organisation_id == deal.buyer_id
        note.attached = files.get(note.pk, [])  # type: ignore[attr-defined]  # this and the next are for the template
        note.author = owner_of_need() if is_hidden else note.written_by.get_short_name()  # type: ignore[attr-defined]
        note.house = "" if is_hidden else str(note.organisation or _("Broker"))  # type: ignore[attr-defined]
        note.names = "" if is_hidden else note.participants  # type: ignore[attr-defined]
    return written
