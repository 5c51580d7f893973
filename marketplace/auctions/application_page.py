"""What the pages of an application show: files by kind, powers of attorney, and after its end what is possible."""

from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.authorising import TAKEN_IN, takes_authorities
from marketplace.auctions.authorities import warning_of
from marketplace.auctions.documents import ASKED_ALWAYS, Document
from marketplace.auctions.locking import lot_now
from marketplace.auctions.models import AgentAuthority, BidderRegistration, Deposit
from marketplace.auctions.registering import takes_applications
from marketplace.auctions.stepping_back import UNDECIDED, what_becomes_of_the_deposit, why_not_step_back
from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.core.rules import why_not

TONES = {"handed_in": "way", "accepted": "go", "refused": "stop"}


def filed(registration: BidderRegistration) -> list[dict[str, Any]]:
    """Return the documents by kind: those always asked for also where they are missing."""
    files = list(files_of(registration))
    kinds = {kind: [file for file in files if file.purpose == kind.value] for kind in Document}
    return [{"kind": kind.label, "files": found} for kind, found in kinds.items() if found or kind in ASKED_ALWAYS]


def may_add_documents(user: Any, registration: BidderRegistration) -> bool:
    """Tell whether a reader may hand in further documents: until the application is decided."""
    return registration.state in UNDECIDED and why_not(rules_of_bidders.add_documents, user, registration) is None


def may_step_back(user: Any, registration: BidderRegistration) -> bool:
    """Tell whether a reader may withdraw this application now."""
    if why_not(rules_of_bidders.withdraw_application, user, registration) is not None:
        return False
    return why_not_step_back(registration, lot_now()) is None


def was_moved(registration: BidderRegistration) -> bool:
    """Tell whether the times are others than those the bidder applied for, or are still to come."""
    session = registration.lot.session
    anew = session.reannounced_at
    return session.is_postponed or (anew is not None and registration.applied_at < anew)


def before_withdrawing(registration: BidderRegistration) -> list[str]:
    """Return what follows from withdrawing an application now, sentence by sentence: the deposit, and the way back."""
    lot = registration.lot
    said = [what_becomes_of_the_deposit(registration)]
    comes_back = lot.session.is_postponed or takes_applications(lot, lot_now())
    if lot.session.is_postponed:
        said.append(
            _(
                "Once new times are announced you may apply for this lot again: with another number, and another "
                "deposit unless that of the session is held."
            )
        )
    elif comes_back:
        until = timezone.localtime(lot.session.registration_closes_at)
        words = _(
            "Until %(until)s you may apply for this lot again: with another number, and another deposit unless that of "
            "the session is held."
        )
        said.append(words % {"until": f"{until:%Y-%m-%d %H:%M}"})
    else:
        said.append(_("Registration has closed: you cannot apply for this lot again."))
    if registration.priority_rank:
        said.append(
            _("Unless you apply again, your priority right is not exercised.")
            if comes_back
            else _("Your priority right is not exercised then.")
        )
    return said


def after_its_end(user: Any, registration: BidderRegistration) -> dict[str, Any]:
    """Return what a withdrawn or rejected application leads to: `later`, the one that followed it; `apply_again`, where
    the reader may make one now, or ""; `on_its_way`, whether its deposit was asked for and may still arrive."""
    if registration.withdrawn_at is None and registration.state != registration.State.REJECTED:
        return {}
    lot, organisation = registration.lot, registration.organisation
    later = lot.registrations.standing().filter(organisation=organisation).first()
    allowed = why_not(rules_of_bidders.apply_for_lot, user, lot, organisation=organisation) is None
    may = later is None and allowed and takes_applications(lot, lot_now())
    lapsed = registration.deposit is not None and registration.deposit.state == Deposit.State.LAPSED
    again = reverse("lot-apply", args=[lot.number]) if may else ""
    return {"later": later, "apply_again": again, "on_its_way": lapsed}


def powers_of(registration: BidderRegistration) -> list[dict[str, Any]]:
    """Return the powers of attorney, newest first, each with its paper and whether it is in force today."""
    papers = list(registration.authorities.select_related("agent", "decided_by").order_by("-id"))
    by_paper: dict[int, list[Any]] = {}
    for file in files_of(*papers) if papers else []:
        by_paper.setdefault(file.subject_id or 0, []).append(file)
    return [_power(paper, by_paper.get(paper.pk, []), registration) for paper in papers]


def _power(paper: AgentAuthority, files: list[Any], registration: BidderRegistration) -> dict[str, Any]:
    today = clock.today()
    is_of_use = takes_authorities(registration) and paper.state != AgentAuthority.State.REFUSED
    over = paper.state == AgentAuthority.State.ACCEPTED and paper.valid_until < today
    return {
        "paper": paper,
        "files": files,
        "tone": "idle" if over else TONES[paper.state],
        "is_over": over,
        "is_moot": paper.state == AgentAuthority.State.HANDED_IN and registration.state not in TAKEN_IN,
        "warning": warning_of(paper.valid_until, registration.lot) if is_of_use and not over else "",
        "is_in_force": paper.is_in_force(today),
    }
