"""Whom bidders ask about a session and book a viewing with, as the environment names it: an office, not a person."""

from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class AuctionContact:
    """An office with its telephone and mail box; one of the two may be empty."""

    office: str
    phone: str
    email: str


SAMPLE = AuctionContact("样例联系窗口（演示用，请勿拨打）", "0577-00000000", "auction@example.invalid")


def auction_contact() -> AuctionContact | None:
    """Return the contact, in a demonstration without one a sample; None where no office can be reached."""
    contact = AuctionContact(settings.AUCTION_CONTACT, settings.AUCTION_CONTACT_PHONE, settings.AUCTION_CONTACT_EMAIL)
    if contact.office and (contact.phone or contact.email):
        return contact
    return SAMPLE if settings.DEMO else None


def contact_of() -> dict[str, Any] | None:
    """Return the contact as an announcement freezes it."""
    contact = auction_contact()
    return asdict(contact) if contact is not None else None
