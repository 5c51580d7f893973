"""Contracts: for the seller to complete, for the registrars to review."""

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from marketplace.contracts import rules
from marketplace.contracts.lists.models import RegistrationList
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.progress import with_clocks
from marketplace.contracts.queue import ByDaysLeft
from marketplace.contracts.review_clock import ReviewClock
from marketplace.contracts.rules import WRITERS
from marketplace.core.money import format_money
from marketplace.desk.rows import SHOWN, Reader, Row
from marketplace.organisations.roles import Role

ICON = "document-text"


def waiting(reader: Reader) -> list[Row]:
    return [*_to_review(reader), *_lists(reader), *_to_answer(reader), *_to_complete(reader)]


def _amount(contract: TechnologyContract) -> str:
    return format_money(contract.total_amount, get_language() or "zh-hans")


def _to_review(reader: Reader) -> list[Row]:
    """Registrars and second reviewers decide, never on contracts of their own organisations or that they brokered."""
    if not reader.user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
        return []
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


def _to_answer(reader: Reader) -> list[Row]:
    """Changes and objections: shown to those who may decide on them."""
    if not reader.user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
        return []
    state = TechnologyContract.State
    asked = {
        state.CHANGE_REQUESTED: (rules.grant_contract_change, _("Decide on the change: %(name)s")),
        state.OBJECTION: (rules.re_examine_contract, _("Decide on the objection: %(name)s")),
    }
    found = TechnologyContract.objects.filter(state__in=asked).not_own(reader.user).select_related("seller", "broker")
    return [
        Row(
            title=asked[state(each.state)][1] % {"name": each},
            about=(str(each.seller), _amount(each)),
            url=each.get_absolute_url(),
            act=_("Review"),
            icon=ICON,
            since=each.registered_at,
        )
        for each in found.order_by("id")[:SHOWN]
        if asked[state(each.state)][0](reader.user, each) is None
    ]


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


def _to_complete(reader: Reader) -> list[Row]:
    mine = reader.holds(*WRITERS)
    if not mine:
        return []
    unsent = TechnologyContract.objects.filter(seller__in=mine, state__in=TechnologyContract.UNSENT)
    return [_complete(contract) for contract in unsent.select_related("seller").order_by("drafted_at")[:10]]


def _complete(contract: TechnologyContract) -> Row:
    returned = contract.state == TechnologyContract.State.RETURNED
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
