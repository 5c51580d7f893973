"""What a broker works on: deals with their stage and last step, leads, the records these are about, what waits."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from marketplace.brokers.leads.models import Lead
from marketplace.brokers.models import TechBroker
from marketplace.core.journal import Entry, Kind
from marketplace.core.paging import PAGE
from marketplace.deals.dated import days_until_stalled
from marketplace.deals.models import Deal, Side, brokered_by
from marketplace.deals.showing import TONES, with_turns
from marketplace.deals.turns import turn_of
from marketplace.deals.withheld import party_for
from marketplace.desk.rows import SHOWN, Row
from marketplace.desk.waiting.engagements import engagements_to_answer
from marketplace.desk.waiting.evaluation import evaluations_to_comment
from marketplace.matching.invitation import BrokerInvitation
from marketplace.matching.models import Match
from marketplace.matching.passing_on import to_pass_on
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome

LOOKED_AT = PAGE  # deals under way, leads and invitations of one broker; the rest stands in their lists
ALIVE = (Lead.State.REGISTERED, Lead.State.CONFIRMED, Lead.State.STANDING, Lead.State.IN_DEAL)


@dataclass(frozen=True)
class Accompanied:
    """A deal of the broker: who is in it, how long it stands in its stage, what happened last, who acts next."""

    deal: Deal
    buyer: str
    tone: str
    days: int
    limit: int | None  # days the stage may take, None where staff set nothing
    last: str
    last_at: datetime | None
    acts: list[tuple[str, str]]
    waits: str

    @property
    def is_late(self) -> bool:
        return self.limit is not None and self.days >= self.limit


def accompanied_deals(broker: TechBroker, *, at: datetime) -> list[Accompanied]:
    """Return the deals under way in which the broker is at work, the longest unmoved first; few questions for all."""
    deals = with_turns(Deal.objects.open().filter(brokered_by(broker.user))).order_by("moved_at", "pk")[:LOOKED_AT]
    found, limits = list(deals), days_until_stalled(timezone.localdate(at))
    steps = _last_steps(found)
    return [_accompanied(deal, broker, limits, steps.get(deal.pk), at=at) for deal in found]


def _last_steps(deals: list[Deal]) -> dict[int, Entry]:
    """Return the newest entry about each deal, without the notes that one side keeps to itself."""
    kind = ContentType.objects.get_for_model(Deal)
    entries = Entry.objects.filter(subject_type=kind, subject_id__in=[deal.pk for deal in deals])
    told = entries.filter(~Q(data__has_key="is_shared") | Q(data__is_shared=True))
    return {entry.subject_id: entry for entry in told.order_by("subject_id", "-pk").distinct("subject_id")}


def _accompanied(
    deal: Deal, broker: TechBroker, limits: dict[str, int], last: Entry | None, *, at: datetime
) -> Accompanied:
    turn = turn_of(deal)
    acts = [(party_for(deal, side, broker.user), turn.acts[side]) for side in Side if side in turn.acts]
    return Accompanied(
        deal=deal,
        buyer=party_for(deal, Side.BUYER, broker.user),
        tone=TONES[Deal.State(deal.state)],
        days=(at - deal.moved_at).days,
        limit=limits.get(deal.state),
        last=str(capfirst(Kind(last.kind).label)) if last is not None else "",
        last_at=last.recorded_at if last is not None else None,
        acts=acts,
        waits="" if acts else turn.waits,
    )


def leads_of(broker: TechBroker) -> list[Lead]:
    """Return the broker's leads that are alive, newest first."""
    return list(Lead.objects.filter(broker=broker, state__in=ALIVE).with_records()[:LOOKED_AT])


def taken_up(broker: TechBroker) -> list[BrokerInvitation]:
    """Return the invitations the broker accepted."""
    accepted = BrokerInvitation.objects.filter(broker=broker, state=BrokerInvitation.State.ACCEPTED)
    return list(accepted.select_related("need", "outcome").order_by("-pk")[:LOOKED_AT])


def records_of(
    leads: Iterable[Lead], invitations: Iterable[BrokerInvitation], deals: Iterable[Accompanied]
) -> list[dict[str, Any]]:
    """Return the needs and outcomes a broker works on, each once with why, from what is loaded already."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    named = [(each, _("lead")) for lead in leads for each in (lead.need, lead.outcome)]
    named += [(each, pgettext("broker", "invited")) for one in invitations for each in (one.need, one.outcome)]
    named += [(each, _("deal")) for row in deals for each in (row.deal.need, row.deal.outcome)]
    for record, why in named:
        if record is not None:
            row = found.setdefault((record.NOUN, record.pk), _record(record))
            row["why"] |= {why: True}
    return list(found.values())


def _record(record: TechnologyNeed | ResearchOutcome) -> dict[str, Any]:
    kind = _("Need") if isinstance(record, TechnologyNeed) else _("Outcome")
    return {"record": record, "kind": kind, "state": record.get_state_display(), "why": {}, "is_open": record.live}


def to_answer(broker: TechBroker, *, at: datetime) -> list[Row]:
    """Return what waits for the broker: engagements, invitations, proposals to bring, evaluations to comment."""
    sent = BrokerInvitation.objects.awaiting_answer().filter(broker=broker).select_related("need", "outcome")[:SHOWN]
    today = timezone.localdate(at)
    return [
        *engagements_to_answer(broker.user),
        *(_invitation(one) for one in sent),
        *evaluations_to_comment(broker, today=today),
        *(proposal_row(one) for one in _proposals(broker)),
    ]


def _proposals(broker: TechBroker) -> list[Match]:
    """Return proposals about records the broker serves that wait for a side; those of the own house are on its desk."""
    if broker.user is None:
        return []
    return list(to_pass_on(broker.user).select_related("need", "outcome").best_first()[:SHOWN])


def _invitation(invitation: BrokerInvitation) -> Row:
    return Row(
        title=_("Answer the invitation: %(subject)s") % {"subject": invitation},
        url=invitation.get_absolute_url(),
        act=_("Answer"),
        icon="envelope",
        since=invitation.sent_at,
    )


def proposal_row(match: Match) -> Row:
    headings = {"need": match.need.heading, "outcome": match.outcome.heading}
    return Row(
        title=_("Bring the proposal to your side: %(need)s × %(outcome)s") % headings,
        about=(_("match: %(strength)s") % {"strength": match.get_strength_display()},),
        url=match.get_absolute_url(),
        act=_("Open"),
        icon="link",
        since=match.proposed_at,
    )
