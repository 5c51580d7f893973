"""What happened in a deal, as one reader is told it: who did what, for which side."""

from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.core.choices import PricingMode
from marketplace.core.journal import Entry, Kind
from marketplace.core.money import format_unrounded
from marketplace.deals.models import BrokerSide, Deal, Side
from marketplace.deals.own_side import notes_for, parties_read
from marketplace.deals.withheld import actor_for
from marketplace.organisations.models import Organisation

State = Deal.State
BROKERS_OWN = (
    Kind.DEAL_BROKER_NAMED,
    Kind.DEAL_BROKER_ACCEPTED,
    Kind.DEAL_BROKER_DECLINED,
    Kind.DEAL_BROKER_LEFT,
)


def history(deal: Deal, user: Any, organisation: Organisation | None) -> list[dict[str, Any]]:
    """Return what happened, newest first; notes of one side are told to whom may read them."""
    entries = Entry.objects.about(deal).select_related("actor", "on_behalf_of")
    own = parties_read(deal, user, organisation)
    read = set(notes_for(deal, user, organisation).filter(is_shared=False).values_list("pk", flat=True))
    told = []
    for entry in entries:
        of_broker = entry.on_behalf_of_id is None and entry.actor_id == user.pk
        is_own = of_broker or entry.on_behalf_of_id in own or user.reads_everything or entry.data.get("note") in read
        if entry.data.get("is_shared", True) or is_own:
            detail = _detail(entry, actor_for(deal, entry, user))
            told.append({"title": capfirst(_happened(entry)), "at": entry.recorded_at, "detail": detail})
    if told and deal.state not in Deal.ENDED:
        told[0]["phase"] = "now"
    return told


def _happened(entry: Entry) -> str:
    """Return what happened; of a broker's part, which side was served or released them."""
    kind = Kind.DEAL_BROKER_RELEASED if entry.kind == Kind.DEAL_BROKER_LEFT and entry.data.get("left") else entry.kind
    if kind == Kind.DEAL_BROKER_RELEASED:
        released = {Side.SELLER: _("the seller released the broker"), Side.BUYER: _("the buyer released the broker")}
        return released[Side(entry.data["left"])]
    side = entry.data.get("acted_for") or entry.data.get("acts_for") or entry.data.get("side")
    if kind in BROKERS_OWN and side in BrokerSide.values:
        return _("%(happened)s (%(side)s)") % {"happened": Kind(kind).label, "side": BrokerSide(side).label}
    return str(Kind(kind).label)


def _detail(entry: Entry, actor: tuple[str, str]) -> str:
    """Return who acted, and the amount, mode, state or day of a meeting the entry tells."""
    person, organisation = actor
    who = organisation or person
    amount = entry.data.get("price") or entry.data.get("amount")
    if amount:
        return f"{who} {format_unrounded(amount, get_language() or 'zh-hans')}"
    if trial := entry.data.get("trial"):
        return _("%(who)s, by the conversion of the trial %(trial)s") % {"who": who, "trial": trial}
    if entry.kind == Kind.DEAL_PRICING_CHOSEN:
        return f"{who} {PricingMode(entry.data['mode']).label}"
    if entry.kind == Kind.DEAL_MOVED:
        return f"{State(entry.data['to']).label}"
    if entry.kind == Kind.DEAL_BROKER_ACCEPTED:
        return _("%(who)s, confidentiality terms %(version)s") % {"who": who, "version": entry.data["version"]}
    if held := entry.data.get("met_on"):
        return f"{who} {date_format(date.fromisoformat(held))}"
    return who
