"""Places of the platform that an editor may link to by name; a place that is not built is left out."""

from typing import Any

from django.db.models import TextChoices
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _


class Place(TextChoices):
    """The value is the name of the route."""

    SEARCH = "search", _("Search")
    OUTCOMES = "outcome-list", _("Outcomes")
    NEEDS = "need-list", _("Needs")
    BROKERS = "broker-list", _("Brokers")
    SESSIONS = "session-list", _("Sessions of Ou Auction")
    REGISTRATIONS = "registration-list", _("My registrations for Ou Auction")
    OUTCOME_NEW = "outcome-new", _("Publish an outcome")
    OUTCOME_IMPORT = "import-new", _("Import outcomes")
    NEED_NEW = "need-new", _("Post a need")
    CONTRACTS = "contract-list", _("Contracts")
    CONTRACT_NEW = "contract-create", _("Register a contract")
    DEALS = "deal-list", _("Deals")
    MATCHES = "match-list", _("Matches")
    DESK = "desk", _("Desk")
    BOARD = "board", _("Figures")
    VERIFY = "verify", _("Verify a certificate")
    SIGN_UP = "account_signup", _("Register")
    ORGANISATION = "organisation-register", _("Register an organisation")
    PRIVACY = "privacy-notice", _("Privacy notice")


# what is done for an institute or an enterprise: platform staff who act for none are not led there
FOR_ORGANISATIONS = frozenset(
    {
        Place.OUTCOME_NEW,
        Place.OUTCOME_IMPORT,
        Place.NEED_NEW,
        Place.CONTRACT_NEW,
        Place.REGISTRATIONS,
        Place.ORGANISATION,
    }
)


def works_alone(request: Any) -> bool:
    """Tell whether the reader is platform staff and acts for no organisation now."""
    user = getattr(request, "user", None)
    is_staff = user is not None and user.is_authenticated and user.is_platform_staff
    return bool(is_staff) and getattr(request, "organisation", None) is None


def address(place: str, *arguments: str) -> str:
    """Return the address of a route in the reader's language; "" where it does not exist."""
    try:
        return reverse(place, args=arguments)
    except NoReverseMatch:
        return ""


def page_of(record: Any) -> str:
    """Return the address of a record's own page; "" where it has none."""
    try:
        return record.get_absolute_url()
    except (AttributeError, NoReverseMatch):
        return ""
