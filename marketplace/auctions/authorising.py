"""Powers of attorney of bidders: handed in by the bidder, found in order or not by an organiser."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules_of_bidders
from marketplace.auctions.authorities import PURPOSE, ends_too_soon
from marketplace.auctions.locking import hold_lot
from marketplace.auctions.models import AgentAuthority, BidderRegistration, Lot
from marketplace.auctions.reasons import require_reason
from marketplace.core import files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import Rule, require
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole

State = BidderRegistration.State
TAKEN_IN = [State.APPLIED, State.DOCUMENTS, State.DEPOSIT_DUE, State.DEPOSIT_HELD, State.QUALIFIED]


class AuthorityEndsBeforeItBegins(Refused):
    message = _("It ends before it begins.")
    field = "valid_until"


class AuthorityOver(Refused):
    message = _("It is over already.")
    field = "valid_until"


class AuthorityEndsBeforeTheBidding(Refused):
    message = _("It ends before bidding begins on %(day)s, so nobody could bid by it.")
    field = "valid_until"


class AuthorityBeginsAfterTheBidding(Refused):
    message = _("It begins after the bidding ends on %(day)s, so nobody could bid by it.")
    field = "valid_from"


class NotAnAgent(Refused):
    message = _("Only a bidder's agent of the organisation is authorised. Its manager gives this role.")
    field = "agent"


class RegistrationOver(Refused):
    message = _("This registration is over.")


class AuthorityUnchecked(Refused):
    message = _("First say whether the power of attorney is in order.")


@dataclass(frozen=True)
class PowerOfAttorney:
    """What is handed in: the days, both included, and the signed paper."""

    valid_from: date
    valid_until: date
    paper: UploadedFile


def takes_authorities(registration: BidderRegistration) -> bool:
    """Tell whether powers of attorney may still be handed in for a registration."""
    return registration.state in TAKEN_IN and not registration.lot.session.is_practice


def short_of_powers(registrations: QuerySet[BidderRegistration]) -> QuerySet[BidderRegistration]:
    """Return those of announced lots for which nobody can bid, unless a new power is handed in: all end too soon.

    New times of a postponed lot may lie after the last day of powers that were in order for the times before.
    """
    powers = AgentAuthority.objects.exclude(state=AgentAuthority.State.REFUSED).filter(registration=OuterRef("pk"))
    lasting = powers.filter(valid_until__gte=OuterRef("begins_on"))
    found = registrations.annotate(begins_on=TruncDate("lot__starts_at"))
    found = found.filter(Exists(powers.filter(agent=OuterRef("agent"))), ~Exists(lasting))
    return found.filter(state__in=TAKEN_IN, lot__state=Lot.State.ANNOUNCED, lot__session__is_practice=False)


@transaction.atomic
def hand_in_authority(
    registration: BidderRegistration, *, by: User, organisation: Organisation, agent: User, power: PowerOfAttorney
) -> AgentAuthority:
    """Hand in a power of attorney for one of the bidder's agents; until it is checked the agent does not bid by it."""
    now = hold_lot(registration.lot)
    registration.lock()
    require(rules_of_bidders.hand_in_authority, by, registration, organisation)
    if not takes_authorities(registration):
        raise RegistrationOver()
    authority = keep_authority(registration, by=by, agent=agent, power=power, at=now)
    journal.record(Kind.AUTHORITY_HANDED_IN, registration, by=by, on_behalf_of=organisation, authority=authority.code)
    return authority


def keep_authority(
    registration: BidderRegistration, *, by: User, agent: User, power: PowerOfAttorney, at: datetime
) -> AgentAuthority:
    """Keep a power of attorney of a held registration, to be checked."""
    if power.valid_until < power.valid_from:
        raise AuthorityEndsBeforeItBegins()
    if power.valid_until < timezone.localdate(at):
        raise AuthorityOver()
    if ends_too_soon(power.valid_until, registration.lot):
        raise AuthorityEndsBeforeTheBidding(day=timezone.localdate(registration.lot.starts_at))
    if power.valid_from > timezone.localdate(registration.lot.ends_at):
        raise AuthorityBeginsAfterTheBidding(day=timezone.localdate(registration.lot.ends_at))
    if not agent.acts_for(registration.organisation_id, MemberRole.BIDDER):
        raise NotAnAgent()
    authority = AgentAuthority.objects.create(
        registration=registration,
        agent=agent,
        valid_from=power.valid_from,
        valid_until=power.valid_until,
        handed_in_by=by,
        handed_in_at=at,
    )
    try:
        files.keep(power.paper, subject=authority, by=by, purpose=PURPOSE, confidential=True)
    except Refused as refusal:
        refusal.field = "power_of_attorney"
        raise
    return authority


@transaction.atomic
def accept_authority(authority: AgentAuthority, *, by: User) -> None:
    """Find a power of attorney in order: on its days the agent bids by it."""
    _decide(authority, AgentAuthority.State.ACCEPTED, rules_of_bidders.accept_authority, by=by)
    registration = authority.registration
    journal.record(Kind.AUTHORITY_ACCEPTED, registration, by=by, authority=authority.code)


@transaction.atomic
def refuse_authority(authority: AgentAuthority, *, by: User, reason: str) -> None:
    """Find a power of attorney not in order, or not any more (revoked, signed by another); the agent stops bidding."""
    reason = require_reason(reason)
    _decide(authority, AgentAuthority.State.REFUSED, rules_of_bidders.refuse_authority, by=by, reason=reason)
    registration = authority.registration
    journal.record(Kind.AUTHORITY_REFUSED, registration, by=by, authority=authority.code)


def _decide(authority: AgentAuthority, state: str, rule: Rule, *, by: User, reason: str = "") -> None:
    registration = authority.registration
    now = hold_lot(registration.lot)
    registration.lock()
    authority.lock()
    require(rule, by, authority)
    if registration.state not in TAKEN_IN:
        raise RegistrationOver()
    authority.move_to(state)
    authority.decided_by, authority.decided_at, authority.reason = by, now, reason
    authority.save(update_fields=["state", "decided_by", "decided_at", "reason"])


def require_authority(registration: BidderRegistration) -> None:
    """Refuse to admit a bidder whose powers of attorney were not all checked, or whose applicant holds none in order.

    Who applied without one is the legal representative in person. Raises AuthorityUnchecked.
    """
    papers = list(registration.authorities.all())
    own = [paper for paper in papers if paper.agent_id == registration.agent_id]
    unchecked = any(paper.state == AgentAuthority.State.HANDED_IN for paper in papers)
    if unchecked or (own and not any(paper.state == AgentAuthority.State.ACCEPTED for paper in own)):
        raise AuthorityUnchecked()


__all__ = [
    "PowerOfAttorney",
    "accept_authority",
    "hand_in_authority",
    "keep_authority",
    "refuse_authority",
    "require_authority",
    "takes_authorities",
]
