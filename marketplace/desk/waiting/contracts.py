"""Contracts: for the seller to complete, for the registrars to review."""

from functools import partial
from typing import Any

from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from marketplace.contracts import rules
from marketplace.contracts.changes import ContractChange
from marketplace.contracts.finding import ContractQuerySet
from marketplace.contracts.lists.models import RegistrationList
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.progress import with_clocks
from marketplace.contracts.queue import ByDaysLeft, changes_for, with_change_clocks
from marketplace.contracts.review_clock import ReviewClock
from marketplace.contracts.rules import WRITERS
from marketplace.core.money import format_unrounded
from marketplace.core.working_days import deadline
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row, first_of, shortened
from marketplace.organisations.roles import Role

State = TechnologyContract.State
ICON = "document-text"


def waiting(reader: Reader) -> list[Pile]:
    user, mine = reader.user, reader.holds(*WRITERS)
    piles: list[Pile] = []
    if user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
        under_review = TechnologyContract.objects.awaiting_registration()
        changes = changes_for(user)
        objections = TechnologyContract.objects.filter(state=State.OBJECTION).not_own(user)
        late = TechnologyContract.objects.not_supplemented(reader.today).not_own(user).select_related("seller")
        piles += [
            Pile(under_review, lambda: _to_review(reader)),
            Pile(RegistrationList.objects.awaiting_second_review(), lambda: _lists(reader)),
            Pile(changes, lambda: _changes(reader, changes)),
            Pile(objections, lambda: _objections(reader, objections)),
            Pile(late, lambda: first_of(late, partial(_late, reader), url=queue_of("returned"), icon=ICON)),
        ]
    return [*piles, _to_complete(reader, mine)] if mine else piles


def _amount(contract: TechnologyContract) -> str:
    return format_unrounded(contract.total_amount, get_language() or "zh-hans")


def _to_review(reader: Reader) -> list[Row]:
    """Registrars and second reviewers decide, never on contracts of their own organisations or that they brokered."""
    found = ByDaysLeft(TechnologyContract.objects.awaiting(reader.user))
    first = found[: SHOWN + 1]
    listed = TechnologyContract.objects.select_related("seller").in_bulk(first)
    shown = with_clocks([listed[key] for key in first], today=reader.today, declared=reader.declared)
    rows = [_review(each["contract"], each["clock"]) for each in shown[:SHOWN]]
    if len(shown) > SHOWN:
        rest = len(found) - SHOWN
        words = ngettext("Review %(count)s more contract", "Review %(count)s more contracts", rest)
        last: ReviewClock = shown[SHOWN]["clock"]
        rows.append(
            Row(
                title=words % {"count": rest},
                url=reverse("contract-queue"),
                act=_("Open the list"),
                icon=ICON,
                due=last.due_on,
                working_days=last.left,
                is_provisional=last.is_provisional,
                count=rest,
            )
        )
    return rows


def _changes(reader: Reader, changes: QuerySet[ContractChange]) -> list[Row]:
    """Changes of registered contracts, the fewest working days left first."""
    shown = sorted(
        with_change_clocks(changes, today=reader.today, declared=reader.declared), key=lambda each: each["clock"].due_on
    )
    rows = [_decide(each["change"].contract, each["clock"]) for each in shown]
    return shortened(rows, url=queue_of("changes"), icon=ICON)


def _decide(contract: TechnologyContract, clock: ReviewClock) -> Row:
    return Row(
        title=_("Decide on the change: %(name)s") % {"name": contract},
        about=(str(contract.seller), _amount(contract)),
        url=contract.get_absolute_url() + "#changes",
        act=_("Review"),
        icon=ICON,
        due=clock.due_on,
        working_days=clock.left,
        is_provisional=clock.is_provisional,
        since=contract.registered_at,
    )


def _objections(reader: Reader, objections: ContractQuerySet) -> list[Row]:
    """Objections: shown to those who may decide on them."""
    found = objections.select_related("seller", "broker").order_by("id")[:SHOWN]
    return [_object(each) for each in found if rules.re_examine_contract(reader.user, each) is None]


def _object(contract: TechnologyContract) -> Row:
    return Row(
        title=_("Decide on the objection: %(name)s") % {"name": contract},
        about=(str(contract.seller), _amount(contract)),
        url=contract.get_absolute_url(),
        act=_("Review"),
        icon=ICON,
        since=contract.registered_at,
    )


def queue_of(what: str) -> str:
    """Return the address of what waits beside the contracts under review."""
    return f"{reverse('contract-queue')}?of={what}"


def _late(reader: Reader, contract: TechnologyContract) -> Row:
    """A returned contract whose seller let the day pass: the register asks after it."""
    return Row(
        title=_("Not supplemented in time: %(name)s") % {"name": contract},
        about=(str(contract.seller), _amount(contract)),
        url=contract.get_absolute_url(),
        act=_("Look"),
        icon=ICON,
        since=contract.submitted_at,
        **_supplement(reader, contract),
    )


def _supplement(reader: Reader, contract: TechnologyContract) -> dict[str, Any]:
    """Return what a row says of the day by which a contract is supplemented."""
    if contract.supplement_by is None:
        return {}
    term = deadline(contract.supplement_by, today=reader.today, declared=reader.declared)
    return {"due": term.due_on, "working_days": term.left, "is_provisional": term.is_provisional}


def _lists(reader: Reader) -> list[Row]:
    """Lists of large contracts for their second review, never one's own."""
    return [
        Row(
            title=_("Review the registration list: %(name)s") % {"name": made},
            about=(str(made.made_by),),
            url=made.get_absolute_url(),
            act=_("Review"),
            icon=ICON,
            since=made.made_at,
        )
        for made in RegistrationList.objects.awaiting(reader.user).select_related("made_by").order_by("id")[:SHOWN]
    ]


def _review(contract: TechnologyContract, clock: ReviewClock) -> Row:
    return Row(
        title=_("Review the contract: %(name)s") % {"name": contract},
        about=(str(contract.seller), _amount(contract)),
        url=contract.get_absolute_url(),
        act=_("Review"),
        icon=ICON,
        due=clock.due_on,
        working_days=clock.left,
        is_provisional=clock.is_provisional,
        since=contract.submitted_at,
    )


def _to_complete(reader: Reader, mine: list[int]) -> Pile:
    unsent = TechnologyContract.objects.filter(seller__in=mine, state__in=TechnologyContract.UNSENT)
    found = unsent.select_related("seller").order_by(F("supplement_by").asc(nulls_last=True), "drafted_at")
    return Pile(unsent, lambda: [_complete(reader, contract) for contract in found[:10]])


def _complete(reader: Reader, contract: TechnologyContract) -> Row:
    returned = contract.state == State.RETURNED
    title = _("Supplement the contract: %(name)s") if returned else _("Complete and submit the contract: %(name)s")
    return Row(
        title=title % {"name": contract},
        about=(contract.get_state_display(), contract.buyer_name, _amount(contract)),
        url=contract.get_absolute_url(),
        act=_("Supplement") if returned else _("Go on"),
        icon=ICON,
        is_main=returned,
        since=contract.drafted_at,
        of=contract.seller_id,
        **_supplement(reader, contract),
    )
