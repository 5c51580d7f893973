"""A lead is filed, confirmed or declined by the party, stands after its objection window, or is withdrawn."""

from collections.abc import Collection, Iterable
from datetime import datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.actions import ReasonMissing
from marketplace.brokers.dated import BrokerRule
from marketplace.brokers.keeping import RuleMissing
from marketplace.brokers.leads import rules
from marketplace.brokers.leads.claims import (
    Record,
    declined_lately,
    hold_all,
    require_countable,
    require_new_evidence,
    require_sole,
)
from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.core import clock, files, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome
from marketplace.publicity.actions import begin_publicity, stop_publicity
from marketplace.publicity.models import Publicity


class CertificateNotValid(Refused):
    message = _("Your certificate does not hold now (%(standing)s), so no lead is filed.")


class LeadFiled(Refused):
    message = _("You have filed this lead already.")
    field = "named"


class OwnParty(Refused):
    message = _("You belong to %(party)s, so you do not bring it.")
    field = "named"


class NoteMissing(Refused):
    message = _("Say how and when you brought it.")
    field = "note"


def _claim(broker: TechBroker, record: Record, note: str, at: datetime) -> Lead:
    lead = Lead(broker=broker, note=note.strip()[:1000], registered_at=at)
    if isinstance(record, TechnologyNeed):
        lead.kind, lead.need, lead.party = Lead.Kind.NEED, record, record.organisation
    elif isinstance(record, ResearchOutcome):
        lead.kind, lead.outcome, lead.party = Lead.Kind.OUTCOME, record, record.owner
    else:
        lead.kind, lead.contact, lead.party = Lead.Kind.CONTACT, record, record
    return lead


@transaction.atomic
def file_lead(*, by: User, record: Record, note: str, evidence: Iterable[UploadedFile] = ()) -> Lead:
    """File a claim on a need, an outcome or a contact; its time is the platform's.

    Raises CertificateNotValid, OwnParty, NoteMissing, RecordSettled, RecordInDeal, LeadFiled, DeclinedLately.
    """
    require(rules.file_lead, by)
    broker = TechBroker.objects.select_for_update().get(user=by)
    now = clock.now()
    if not broker.is_valid(now):
        raise CertificateNotValid(standing=broker.standing(now).label)
    lead = _claim(broker, record, note, now)
    if by.acts_for(lead.party) or (broker.firm is not None and broker.firm.is_related_to(lead.party)):
        raise OwnParty(party=lead.called)
    if not lead.note:
        raise NoteMissing()
    require_countable(lead)
    declined = declined_lately(lead, now)
    try:
        with transaction.atomic():
            lead.save()
    except IntegrityError as error:
        raise LeadFiled() from error
    _keep_evidence(lead, evidence, by=by)
    require_new_evidence(lead, declined)
    journal.record(Kind.LEAD_FILED, lead, by=by, broker=broker.code, about=lead.kind)
    return lead


def _keep_evidence(lead: Lead, evidence: Iterable[UploadedFile], *, by: User) -> None:
    for upload in evidence:
        try:
            files.keep(upload, subject=lead, by=by, purpose="evidence", confidential=True)
        except Refused as refusal:
            refusal.field = "evidence"
            raise


def _decide(lead: Lead, state: str, *, by: User | None, at: datetime, reason: str = "") -> None:
    lead.move_to(state)
    lead.reason, lead.decided_by, lead.decided_at = reason, by, at
    lead.save(update_fields=["state", "reason", "decided_by", "decided_at"])


def _stated(reason: str) -> str:
    if not reason.strip():
        raise ReasonMissing()
    return reason.strip()[:1000]


@transaction.atomic
def confirm_lead(lead: Lead, *, by: User, organisation: Organisation | None, declines: Collection[Lead] = ()) -> None:
    """Say that the broker brought it; from now on others may object, as long as the dated rule says.

    `declines` are the claims of others on the same record that the party answers with the same breath.
    Raises RuleMissing, AnotherConfirmed, WrongState.
    """
    hold_all(lead)
    now = clock.now()
    require(rules.confirm_lead, by, lead, organisation=organisation)
    rule = BrokerRule.objects.holding(BrokerRule.Kind.OBJECTION, clock.today())
    if rule is None or rule.days is None:
        raise RuleMissing(kind=BrokerRule.Kind.OBJECTION.label)
    require_sole(lead)
    _decide(lead, Lead.State.CONFIRMED, by=by, at=now)
    journal.record(Kind.LEAD_CONFIRMED, lead, by=by, on_behalf_of=organisation, broker=lead.broker.code)
    begin_publicity(lead, matter=Publicity.Matter.LEAD, working_days=rule.days, by=by)
    chosen = [one.pk for one in declines]
    for other in Lead.objects.about_same(lead).exclude(pk=lead.pk).filter(pk__in=chosen).select_related("broker"):
        _decide(other, Lead.State.DECLINED, by=by, at=now, reason=Lead.ANOTHER)
        journal.record(Kind.LEAD_DECLINED, other, by=by, on_behalf_of=organisation, broker=other.broker.code)


@transaction.atomic
def take_back_lead_confirmation(lead: Lead, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Take the party's confirmation back while objections are taken: the claim waits for its answer again.

    Its publicity is stopped, and what was objected and not answered falls with it. Raises ReasonMissing, WrongState.
    """
    lead.lock()
    now = clock.now()
    require(rules.take_back_lead_confirmation, by, lead, organisation=organisation)
    _decide(lead, Lead.State.REGISTERED, by=by, at=now, reason=_stated(reason))
    journal.record(Kind.LEAD_TAKEN_BACK, lead, by=by, on_behalf_of=organisation, broker=lead.broker.code)
    stop_publicity(lead, by=by)


@transaction.atomic
def decline_lead(lead: Lead, *, by: User, organisation: Organisation | None, reason: str) -> None:
    """Say that the broker did not bring it. Raises ReasonMissing, WrongState."""
    lead.lock()
    now = clock.now()
    require(rules.decline_lead, by, lead, organisation=organisation)
    _decide(lead, Lead.State.DECLINED, by=by, at=now, reason=_stated(reason))
    journal.record(Kind.LEAD_DECLINED, lead, by=by, on_behalf_of=organisation, broker=lead.broker.code)


@transaction.atomic
def withdraw_lead(lead: Lead, *, by: User, reason: str) -> None:
    """Take a lead back that no deal rests on. Raises ReasonMissing, WrongState."""
    lead.lock()
    now = clock.now()
    require(rules.withdraw_lead, by, lead)
    _decide(lead, Lead.State.WITHDRAWN, by=by, at=now, reason=_stated(reason))
    journal.record(Kind.LEAD_WITHDRAWN, lead, by=by, broker=lead.broker.code)
    stop_publicity(lead, by=by)


@transaction.atomic
def settle_lead(lead: Lead) -> None:
    """Let a confirmed lead stand: its objection window ended without an upheld objection. May be repeated."""
    lead.lock()
    if lead.state != Lead.State.CONFIRMED:
        return
    lead.move_to(Lead.State.STANDING)
    lead.save(update_fields=["state"])
    journal.record(Kind.LEAD_STANDS, lead, by=None, broker=lead.broker.code)


@transaction.atomic
def overturn_lead(lead: Lead, *, by: User) -> None:
    """Let a lead fall by an upheld objection, whose answer says why. May be repeated."""
    lead.lock()
    if lead.state != Lead.State.CONFIRMED:
        return
    lead.move_to(Lead.State.OVERTURNED)
    lead.save(update_fields=["state"])
    journal.record(Kind.LEAD_OVERTURNED, lead, by=by, broker=lead.broker.code)
