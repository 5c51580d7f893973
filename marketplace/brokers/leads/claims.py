"""Several claims on one need, outcome or contact: one of them at most is confirmed at a time."""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.brokers.leads.models import ALIVE, Lead, LeadQuerySet
from marketplace.brokers.models import TechBroker
from marketplace.core.files import files_of
from marketplace.core.refusals import Refused
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome

Record = TechnologyNeed | ResearchOutcome | Organisation
HOLDING = (Lead.State.CONFIRMED, Lead.State.STANDING, Lead.State.IN_DEAL)
OVER = Q(state=Lead.State.IN_DEAL, deal_link__deal__state="terminated")
# who was brought once may be brought again: to another deal, by another broker
OVER |= Q(state=Lead.State.IN_DEAL, contact__isnull=False, deal_link__deal__state="done")


class AnotherConfirmed(Refused):
    message = gettext_lazy(
        "The lead of %(broker)s, filed on %(at)s, is confirmed already (%(state)s), and one record has one confirmed "
        "lead at a time. Decline this one, or take that confirmation back while objections are taken; brokers who "
        "disagree object in its publicity."
    )


class RecordSettled(Refused):
    message = gettext_lazy("This need is %(state)s, so no lead on it counts any more.")
    field = "named"


class RecordInDeal(Refused):
    message = gettext_lazy(
        "The confirmed lead of %(broker)s on this record has led to a deal, so a later one does not count."
    )
    field = "named"


class DeclinedLately(Refused):
    message = gettext_lazy(
        "The party declined your lead on this on %(on)s. It is asked again from %(until)s on, or when you attach "
        "evidence that you had not attached then. The platform itself set these %(days)s days."
    )
    field = "evidence"


def holders(lead: Lead) -> LeadQuerySet:
    """Return the other claims on the same record that are confirmed, stand, or rest in a deal that is not ended."""
    others = Lead.objects.about_same(lead).exclude(pk=lead.pk)
    return others.filter(state__in=HOLDING).exclude(OVER).select_related("broker")


def rivals(lead: Lead) -> LeadQuerySet:
    """Return the claims of other brokers on the same record that are alive or that the party declined."""
    others = Lead.objects.about_same(lead).exclude(broker=lead.broker_id)
    told = others.filter(state__in=(*ALIVE, Lead.State.DECLINED))
    return told.select_related("broker__user", "need", "outcome", "contact")


def hold_all(lead: Lead) -> None:
    """Hold every claim on the record until the transaction ends, in the order of their keys: one is confirmed."""
    list(Lead.objects.about_same(lead).order_by("pk").select_for_update(of=("self",)))
    lead.lock()


def require_sole(lead: Lead) -> None:
    """Raise AnotherConfirmed where another claim on the record holds."""
    first = holders(lead).first()
    if first is not None:
        raise AnotherConfirmed(
            broker=first.broker.name, at=_minute(first.registered_at), state=first.get_state_display()
        )


def require_countable(lead: Lead) -> None:
    """Raise RecordSettled or RecordInDeal where a new claim cannot count. A contact may be brought to many deals."""
    if lead.need is not None and lead.need.state != TechnologyNeed.State.OPEN:
        raise RecordSettled(state=lead.need.get_state_display())
    done = Lead.objects.about_same(lead).exclude(broker=lead.broker_id).select_related("broker")
    led = done.filter(contact=None, state__in=(Lead.State.IN_DEAL, Lead.State.CLOSED)).exclude(OVER).first()
    if led is not None:
        raise RecordInDeal(broker=led.broker.name)


def declined_lately(lead: Lead, at: datetime) -> Lead | None:
    """Return the claim of the same broker on the same record that was declined less than the set days before `at`.

    One that fell because another's was confirmed does not count once that other one holds no more.
    """
    own = Lead.objects.about_same(lead).filter(broker=lead.broker_id, state=Lead.State.DECLINED)
    since = at - timedelta(days=settings.LEAD_AGAIN_DAYS)
    last = own.filter(decided_at__gt=since, decided_at__lte=at).order_by("decided_at").last()
    if last is None or (last.reason == Lead.ANOTHER and not holders(lead).exists()):
        return None
    return last


def require_new_evidence(lead: Lead, declined: Lead | None) -> None:
    """Raise DeclinedLately where a claim comes again with nothing but what the party had seen."""
    if declined is None or declined.decided_at is None:
        return
    seen = set(files_of(declined).values_list("sha256", flat=True))
    if not any(file.sha256 not in seen for file in files_of(lead)):
        days = settings.LEAD_AGAIN_DAYS
        on = timezone.localdate(declined.decided_at)
        raise DeclinedLately(on=on.isoformat(), until=(on + timedelta(days=days)).isoformat(), days=days)


def doubts(record: Record, *, by: Any, broker: TechBroker) -> list[str]:
    """Return what a broker should know before filing: why a claim on this record may count for nothing."""
    said = []
    if isinstance(record, TechnologyNeed) and record.published_at is not None:
        said.append(published_before(record.published_at))
    if isinstance(record, ResearchOutcome) and record.state in ResearchOutcome.OVER:
        said.append(_("This outcome is %(state)s.") % {"state": record.get_state_display()})
    if not isinstance(record, Organisation):
        said += [_held(lead) for lead in record.leads.filter(state__in=HOLDING).exclude(broker=broker)]
        if record.deals.visible_to(by).exists():
            said.append(_("A deal about it has begun: a lead filed after the signing of its contract earns no reward."))
    return said


def published_before(at: datetime) -> str:
    """Say that a need was public before: whoever confirms weighs whether the broker brought it at all."""
    return _("The need has been public on this platform since %(day)s: what its organisation published by itself was not brought by a broker.") % {"day": timezone.localdate(at).isoformat()}  # noqa: E501  # fmt: skip


def _held(lead: Lead) -> str:
    words = {"broker": lead.broker.name, "state": lead.get_state_display()}
    return (
        _("The lead of %(broker)s on it is confirmed (%(state)s): yours is not confirmed as long as that holds.")
        % words
    )


def _minute(at: datetime) -> str:
    return timezone.localtime(at).strftime("%Y-%m-%d %H:%M")
