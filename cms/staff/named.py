"""The records an entry of the journal names by their public code, as staff read them: by name, with the way there."""

from typing import Any

from django.db.models import Model
from django.utils.html import format_html

from cms.portal.places import page_of
from marketplace.auctions.models import BidderRegistration, Lot
from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.payouts import PayoutLine
from marketplace.core.journal import Entry
from marketplace.deals.models import Deal
from marketplace.needs.models import TechnologyNeed
from marketplace.notices.models import Notice
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome
from marketplace.publicity.models import Objection, Publicity
from marketplace.rewards.models import RewardClaim

# name in the data of an entry: (what it names, by which column)
NAMED: dict[str, tuple[Any, str]] = {
    "broker": (TechBroker, "code"),
    "contract": (TechnologyContract, "code"),
    "deal": (Deal, "code"),
    "lead": (Lead, "code"),
    "lot": (Lot, "number"),
    "need": (TechnologyNeed, "code"),
    "organisation": (Organisation, "code"),
    "outcome": (ResearchOutcome, "number"),
    "plan": (DistributionPlan, "code"),
}
# records whose own name is a code: what they are about, looked up on the page of one entry only
ABOUT: dict[type[Model], str] = {
    BidderRegistration: "lot",
    Objection: "publicity",
    PayoutLine: "distribution",
    RewardClaim: "contract",
}


def link(record: Any, words: str, user: Any) -> str:
    """Return words about a record, leading to its page where it has one that this reader may open."""
    href = page_of(record) if may_open(record, user) else ""
    return format_html('<a href="{}">{}</a>', href, words) if href else words


def may_open(record: Any, user: Any) -> bool:
    """Tell whether the reader may open a record's page in the portal; a notice only its own reader opens."""
    if record is None or isinstance(record, Notice):
        return False
    rows = type(record)._default_manager.all()
    return not hasattr(rows, "visible_to") or rows.visible_to(user).filter(pk=record.pk).exists()


def named(name: str, value: Any, user: Any) -> str:
    """Return a code kept in an entry with the name of its record, where this reader may see that; else the code."""
    if name not in NAMED or not isinstance(value, str):
        return ""
    model, column = NAMED[name]
    record = model._default_manager.filter(**{column: value}).first()
    if record is None or not may_open(record, user):
        return ""
    words = str(record)
    return link(record, words if value in words else f"{words} ({value})", user)


def told_more(entry: Entry) -> str:
    """Return what the record of an entry is about, where its own name is no more than a code."""
    subject: Any = entry.subject
    if isinstance(subject, Publicity):
        return str(subject)
    of = ABOUT.get(type(subject))
    return str(getattr(subject, of)) if of else ""
