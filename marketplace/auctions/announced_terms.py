"""What an announcement says about whom to ask, how to view, and when to sign and pay, in the reader's words.

All of it is read from what was frozen: announcements made before these terms were frozen say nothing of them.
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.auctions.printed import span

Rows = list[tuple[str, str]]


def how_to_view(frozen: dict[str, Any]) -> Rows:
    """Return when and where the lots can be viewed, where that was laid down, and whom to ask."""
    viewing = frozen.get("viewing")
    if not viewing:
        return whom_to_ask(frozen, is_viewed=False)
    days = f"{span(viewing['from'], viewing['until'])}\n{viewing['place']}".strip()
    return [(_("Viewing"), days), *whom_to_ask(frozen, is_viewed=True)]


def whom_to_ask(frozen: dict[str, Any], *, is_viewed: bool) -> Rows:
    """Return the contact, else the organiser, and how a viewing is booked; `is_viewed`: there are days for it."""
    if "contact" not in frozen:
        return []
    contact, office = frozen["contact"], _office(frozen)
    reached = (contact["phone"], contact["email"]) if contact else ()
    if is_viewed:
        book = _("Before the day, with %(office)s; name the lot.")
    else:
        book = _("No days of viewing are laid down. Who wants to see a lot asks %(office)s; name the lot.")
    return [
        (_("Contact"), "\n".join(part for part in (office, *reached) if part)),
        (_("Booking a viewing"), book % {"office": office}),
    ]


def _office(frozen: dict[str, Any]) -> str:
    contact = frozen.get("contact")
    return str(contact["office"] if contact else frozen.get("organiser_name") or frozen["organiser"])


def after_the_sale(frozen: dict[str, Any]) -> Rows:
    """Return when the contract is signed and the price is paid; no number of days is said where none was announced."""
    if "after_sale" not in frozen:
        return []
    days = frozen["after_sale"]
    return [(_("Signing the contract"), _signing(days)), (_("Paying the price"), _paying(days["payment"]))]


def _signing(days: dict[str, Any]) -> str:
    publicity, signing = days["publicity"], days["signing"]
    if publicity:
        begins = ngettext(
            "The result of a sale is in publicity for %(n)s working day first.",
            "The result of a sale is in publicity for %(n)s working days first.",
            publicity,
        ) % {"n": publicity}
        if days.get("entry"):
            begins += "\n" + entered_after(days["entry"])
    else:
        begins = _("The contract follows the confirmation of the sale.")
    if signing is None:
        return begins + "\n" + _("No number of days for the signature is laid down; buyer and seller agree on the day.")
    ends = ngettext(
        "Then buyer and seller sign within %(n)s working day.",
        "Then buyer and seller sign within %(n)s working days.",
        signing,
    ) % {"n": signing}
    return begins + "\n" + ends


def entered_after(days: int) -> str:
    """Return what the working days between a publicity and the days to sign are for."""
    return ngettext(
        "The working day after its last day is kept for entering letters that came in time; the days to sign begin "
        "after it.",
        "The %(n)s working days after its last day are kept for entering letters that came in time; the days to sign "
        "begin after them.",
        days,
    ) % {"n": days}


def _paying(days: int | None) -> str:
    counts = _("The deposit counts towards the price.")
    if days is None:
        return _("On the days the contract names.") + "\n" + counts
    within = ngettext("Within %(n)s day after the signature.", "Within %(n)s days after the signature.", days)
    return within % {"n": days} + "\n" + counts
