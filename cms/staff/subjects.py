"""What an entry of the journal is about, as staff read it: the kind of record and its name, not its key."""

from typing import Any

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import Model, QuerySet
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from marketplace.auctions.models import BidderRegistration, DefaultAppeal, Lot, Negotiation, PriorityHolder
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.payouts import Distribution, PayoutLine
from marketplace.core.journal import Entry
from marketplace.deals.interest import Interest
from marketplace.deals.models import Deal
from marketplace.matching.invitation import BrokerInvitation
from marketplace.matching.models import Match
from marketplace.notices.models import Notice
from marketplace.organisations.access_token import AccessToken
from marketplace.organisations.models import MemberInvitation, Membership
from marketplace.publicity.models import Objection, Publicity
from marketplace.rewards.evaluation.models import YearlyEvaluation
from marketplace.trials.models import Trial
from marketplace.trials.pool import PoolEntry

# What the name of a record reads from other records; of the others it is in their own row
READS: dict[type[Model], tuple[str, ...]] = {
    BidderRegistration: ("lot",),
    BrokerInvitation: ("need", "outcome"),
    Deal: ("outcome",),
    DefaultAppeal: ("registration",),
    Distribution: ("receipt", "profit", "plan"),
    DistributionPlan: ("contract",),
    Interest: ("outcome",),
    Lot: ("outcome",),
    Match: ("need", "outcome"),
    Membership: ("user", "organisation"),
    Negotiation: ("lot__outcome",),
    PoolEntry: ("outcome",),
    PriorityHolder: ("organisation",),
    Trial: ("outcome",),
    YearlyEvaluation: ("broker",),
}
# Records whose public code says enough, or whose name would have to be looked up too far away
BY_CODE = (AccessToken, MemberInvitation, Objection, PayoutLine, Publicity)


def with_subjects(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    """Bring along the records and what their names read, one query for each kind that is there."""
    records: list[Any] = [model._base_manager.select_related(*names) for model, names in READS.items()]
    notices = Notice._base_manager.prefetch_related(GenericPrefetch("subject", records))
    return entries.prefetch_related(GenericPrefetch("subject", [*records, notices]))


def about(entry: Entry) -> str:
    """Return kind and name of the record; of one that is gone the public number its entry kept, where it kept one."""
    return f"{capfirst(entry.subject_type.name)}{_(': ')}{_named(entry, entry.subject)}"


def _named(entry: Entry, subject: Any) -> str:
    if subject is None:
        return str(entry.data.get("number") or entry.data.get("code") or entry.subject_id)
    if isinstance(subject, Notice):
        return _told(subject)
    return subject.code if isinstance(subject, BY_CODE) else str(subject)


def _told(notice: Notice) -> str:
    """Return words and day of a notice; while bids on its lot are secret only the day, for it tells who takes part."""
    day = f"{timezone.localtime(notice.created_at):%Y-%m-%d}"
    lot = notice.subject if isinstance(notice.subject, Lot) else getattr(notice.subject, "lot", None)
    return day if lot is not None and lot.state in Lot.SECRET else f"{notice} · {day}"
