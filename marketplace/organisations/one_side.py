"""One person speaks for one side: of a match, of the deal that came of it, of its trial and its contract.

For which side somebody spoke is read from the journal, which keeps it for good. Today's memberships do not tell:
who changed houses, or belongs to both, would accept their own offer.

What binds a person is in ANSWERS. Who is bound to one side does not do for the other what has an effect on the first:
no answer, and none of what the other side is not asked about but has to live with: ending a deal, stopping a trial or
stepping back from it, beginning it, evaluating it, reporting a breach (the trial stands still), hours of support, a
milestone as reached, or output (a payment falls due). Whoever made the offer of one house could otherwise let it come
to nothing for the other, or put on record what only the other may say. Open stays what takes back what a side did
itself (a request, an interest, an acceptance, hours, output, a milestone not reached), what asks for an answer that
somebody else gives (more time), a plan, a policy, papers and notes: it binds the other side to nothing.
"""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from marketplace.core.journal import Entry, Kind

if TYPE_CHECKING:
    from marketplace.organisations.models import Organisation

Keys = Mapping[type[models.Model], Iterable[int]]  # records by their model, as keys
Answered = dict[tuple[type[models.Model], int], dict[int, str]]  # record → the organisations, with their names

# What one side says to the other, and with it stands there for one side; notes and papers are not among it
ANSWERS = (
    Kind.MATCH_ACCEPTED, Kind.MATCH_DECLINED,
    Kind.INTEREST_SHOWN, Kind.INTEREST_ANSWERED,
    Kind.DEAL_OPENED, Kind.DEAL_NDA_ACCEPTED, Kind.DEAL_PRICING_CHOSEN, Kind.DEAL_PRICE_PROPOSED, Kind.DEAL_PRICED,
    Kind.DEAL_REOPENING_ASKED, Kind.DEAL_REOPENED, Kind.DEAL_BROKER_NAMED, Kind.DEAL_BROKER_CONSENTED,
    Kind.DEAL_TAKEN_UP,
    Kind.TRIAL_REQUESTED, Kind.TRIAL_APPROVED, Kind.TRIAL_REFUSED, Kind.TRIAL_CONFIRMED, Kind.TRIAL_EXTENSION_ASKED,
    Kind.TRIAL_EXTENSION_ANSWERED, Kind.TRIAL_CONVERSION_CHOSEN, Kind.TRIAL_PRICE_PROPOSED, Kind.TRIAL_PRICED,
    Kind.TRIAL_DISPUTED, Kind.TRIAL_BREACH_ANSWERED, Kind.TRIAL_RETURN_CONFIRMED, Kind.TRIAL_STARTED,
    Kind.TRIAL_SUPPORTED, Kind.TRIAL_EVALUATED, Kind.TRIAL_MILESTONE_REACHED, Kind.TRIAL_OUTPUT_REPORTED,
    Kind.CONTRACT_DRAFTED, Kind.CONTRACT_SUBMITTED, Kind.CONTRACT_MILESTONE_DONE, Kind.CONTRACT_MILESTONE_ACCEPTED,
    Kind.CONTRACT_MILESTONE_REFUSED, Kind.CONTRACT_END_PROPOSED, Kind.CONTRACT_END_DECLINED,
    Kind.CONTRACT_END_AGREED, Kind.CONTRACT_END_DECLARED, Kind.CONTRACT_BREACH_ACCEPTED,
    Kind.CONTRACT_BREACH_DISPUTED,
    Kind.CONTRACT_CHANGE_PROPOSED, Kind.CONTRACT_CHANGE_AGREED, Kind.CONTRACT_CHANGE_DECLINED,
)  # fmt: skip


def answered(user: Any, records: Keys) -> Answered:
    """Return for whom the person answered in these records, in one query however many they are."""
    return answered_by([user.pk], records).get(user.pk, {})


def answered_by(people: Iterable[int], records: Keys) -> dict[int, Answered]:
    """Return {key of a person: for whom they answered in these records}, in one query however many there are."""
    kinds = {model: ContentType.objects.get_for_model(model) for model in records}
    asked = Q(pk__in=[])
    for model, keys in records.items():
        asked |= Q(subject_type=kinds[model], subject_id__in=list(keys))
    own = Q(actor__in=list(people), on_behalf_of__isnull=False, kind__in=ANSWERS)
    found = Entry.objects.filter(asked, own).order_by()
    rows = found.values_list("actor", "subject_type", "subject_id", "on_behalf_of", "on_behalf_of__name").distinct()
    models_of = {kind.pk: model for model, kind in kinds.items()}
    told: dict[int, Answered] = {}
    for actor, kind, key, organisation, name in rows:
        told.setdefault(actor, {}).setdefault((models_of[kind], key), {})[organisation] = name
    return told


def bound_to(user: Any) -> frozenset[int]:
    """Return for which organisations the person ever answered, in one query.

    None where that keeps them off nothing, because they never acted for another: for nearly everybody.
    """
    if not user.member_roles:
        return frozenset()
    found = Entry.objects.filter(actor=user, on_behalf_of__isnull=False, kind__in=ANSWERS).order_by()
    told = frozenset(found.values_list("on_behalf_of", flat=True).distinct())
    return told if len(told.union(user.member_roles)) > 1 else frozenset()


def answered_beside(user: Any, model: type[models.Model], organisation: str) -> Exists:
    """Select records of `model` in which the person answered for others than the organisation at this path."""
    own = Entry.objects.filter(subject_id=OuterRef("pk"), actor=user, on_behalf_of__isnull=False, kind__in=ANSWERS)
    own = own.filter(subject_type=ContentType.objects.get_for_model(model)).order_by()
    return Exists(own.exclude(on_behalf_of=OuterRef(organisation)))


def merged(told: Answered) -> dict[int, str]:
    """Return the organisations of all records together, with their names."""
    return {key: name for each in told.values() for key, name in each.items()}


def why_not_both(organisation: "Organisation | None", answered_for: Mapping[int, str]) -> str | None:
    """Return why somebody who answered for these does not answer for `organisation`, the other side."""
    if organisation is None:
        return None
    others = [name for key, name in answered_for.items() if key != organisation.pk]
    if not others:
        return None
    return _("You have acted for %(answered)s in this already; somebody else of %(organisation)s has to do it.") % {
        "answered": others[0],
        "organisation": organisation,
    }
