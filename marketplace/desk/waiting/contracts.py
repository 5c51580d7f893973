"""Contracts: for the seller to complete, for the registrars to review."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.progress import with_clocks
from marketplace.contracts.review_clock import ReviewClock
from marketplace.contracts.rules import WRITERS
from marketplace.core.money import format_money
from marketplace.desk.rows import SHOWN, Reader, Row
from marketplace.organisations.roles import Role

ICON = "document-text"


def waiting(reader: Reader) -> list[Row]:
    return [*_to_review(reader), *_to_complete(reader)]


def _amount(contract: TechnologyContract) -> str:
    return format_money(contract.total_amount, get_language() or "zh-hans")


def _to_review(reader: Reader) -> list[Row]:
    """Registrars decide on everything but contracts of their own organisations and those they brokered."""
    if not reader.user.has_role(Role.REGISTRAR):
        return []
    own = list(reader.user.member_roles)
    found = TechnologyContract.objects.awaiting_registration().exclude(
        Q(seller__in=own) | Q(buyer__in=own) | Q(broker__user=reader.user)
    )
    shown = with_clocks(found.select_related("seller")[: SHOWN + 1], today=reader.today)
    rows = [_review(each["contract"], each["clock"]) for each in shown[:SHOWN]]
    if len(shown) > SHOWN:
        rest = found.count() - SHOWN
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
    )
