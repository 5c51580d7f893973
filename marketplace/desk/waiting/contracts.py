"""Contracts: for the seller to complete, for the registrars to review."""

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from marketplace.contracts import rules
from marketplace.contracts.finding import ContractQuerySet
from marketplace.contracts.lists.models import RegistrationList
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.progress import with_clocks
from marketplace.contracts.queue import ByDaysLeft
from marketplace.contracts.review_clock import ReviewClock
from marketplace.contracts.rules import WRITERS
from marketplace.core.money import format_unrounded
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row
from marketplace.organisations.roles import Role

State = TechnologyContract.State
ICON = "document-text"
ASKED = {State.CHANGE_REQUESTED: rules.grant_contract_change, State.OBJECTION: rules.re_examine_contract}


def waiting(reader: Reader) -> list[Pile]:
    user, mine = reader.user, reader.holds(*WRITERS)
    piles: list[Pile] = []
    if user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
        under_review = TechnologyContract.objects.awaiting_registration()
        asked = TechnologyContract.objects.filter(state__in=ASKED).not_own(user)
        piles += [
            Pile(under_review, lambda: _to_review(reader)),
            Pile(RegistrationList.objects.awaiting_second_review(), lambda: _lists(reader)),
            Pile(asked, lambda: _to_answer(reader, asked)),
        ]
    return [*piles, _to_complete(mine)] if mine else piles


def _amount(contract: TechnologyContract) -> str:
    return format_unrounded(contract.total_amount, get_language() or "zh-hans")


def _to_review(reader: Reader) -> list[Row]:
    """Registrars and second reviewers decide, never on contracts of their own organisations or that they brokered."""
    found = ByDaysLeft(TechnologyContract.objects.awaiting(reader.user))
    first = found[: SHOWN + 1]
    listed = TechnologyContract.objects.select_related("seller").in_bulk(first)
    shown = with_clocks([listed[key] for key in first], today=reader.today)
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
                count=rest,
            )
        )
    return rows


def _to_answer(reader: Reader, asked: ContractQuerySet) -> list[Row]:
    """Changes and objections: shown to those who may decide on them."""
    found = asked.select_related("seller", "broker").order_by("id")[:SHOWN]
    return [_decide(each) for each in found if ASKED[State(each.state)](reader.user, each) is None]


def _decide(contract: TechnologyContract) -> Row:
    changes = contract.state == State.CHANGE_REQUESTED
    title = _("Decide on the change: %(name)s") if changes else _("Decide on the objection: %(name)s")
    return Row(
        title=title % {"name": contract},
        about=(str(contract.seller), _amount(contract)),
        url=contract.get_absolute_url(),
        act=_("Review"),
        icon=ICON,
        since=contract.registered_at,
    )


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
        since=contract.submitted_at,
    )


def _to_complete(mine: list[int]) -> Pile:
    unsent = TechnologyContract.objects.filter(seller__in=mine, state__in=TechnologyContract.UNSENT)
    found = unsent.select_related("seller").order_by("drafted_at")
    return Pile(unsent, lambda: [_complete(contract) for contract in found[:10]])


def _complete(contract: TechnologyContract) -> Row:
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
    )
