"""What happened to a contract, told to those who may see it: its own steps, how it is carried out, paid and shared."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.payments.models import Instalment, Receipt
from marketplace.contracts.payments.rules import see_payments
from marketplace.contracts.performance.models import ContractMilestone, ContractTermination
from marketplace.contracts.performance.seeing import see_performance
from marketplace.contracts.sharing.allotments import ShareAllotment
from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.contracts.sharing.payouts import Distribution
from marketplace.contracts.sharing.rules import see_sharing
from marketplace.core.journal import Entry, Kind
from marketplace.core.money import format_exact
from marketplace.core.rules import why_not

SHOWN = 50
FOLDED_FROM = 4  # so many of a kind, about what belongs to a contract, stand in one line
# what the register is told of an end, whose reasons the two sides keep between themselves
TOLD_TO_REGISTER = (
    Kind.CONTRACT_TERMINATED,
    Kind.CONTRACT_BREACH_DISPUTED,
    Kind.CONTRACT_BREACH_RETRACTED,
    Kind.CONTRACT_BREACH_DECIDED,
)
QUIET = (Kind.FILE_READ, Kind.INSTALMENT_REMINDED, Kind.CONTRACT_SUPPLEMENT_REMINDED)
OF_MONEY = (Kind.INSTALMENT_PLANNED, Kind.RECEIPT_ENTERED)


def history(contract: TechnologyContract, user: Any) -> list[dict[str, Any]]:
    """Return what happened that `user` may see, newest first; many of one kind in one line, with what it holds.

    Reasons stand in the decisions, not here.
    """
    told = Entry.objects.filter(_of(contract, user)).exclude(kind__in=QUIET)
    entries = list(told.select_related("actor", "on_behalf_of").order_by("-id")[:SHOWN])
    lines = _folded(entries, own=ContentType.objects.get_for_model(TechnologyContract).pk)
    for place, line in enumerate(lines):
        line["phase"] = "now" if place == 0 else ""
    return lines


def _of(contract: TechnologyContract, user: Any) -> Q:
    """Return the condition of the entries about a contract, and about what belongs to it as far as it is seen."""
    asked = _about(TechnologyContract, TechnologyContract.objects.filter(pk=contract.pk))
    ends = _about(ContractTermination, contract.terminations.all())
    if why_not(see_performance, user, contract) is None:
        asked |= ends | _about(ContractMilestone, contract.milestones.all())
    elif contract.confidential_to(user):
        asked |= ends & Q(kind__in=TOLD_TO_REGISTER)
    if why_not(see_payments, user, contract) is None:
        asked |= _about(Instalment, contract.instalments.all()) | _about(Receipt, contract.receipts.all())
    if why_not(see_sharing, user, contract) is None:
        plans = DistributionPlan.objects.filter(contract=contract)
        asked |= _about(DistributionPlan, plans)
        asked |= _about(Distribution, Distribution.objects.filter(plan__in=plans))
        asked |= _about(ShareAllotment, ShareAllotment.objects.filter(contract=contract))
    return asked


def _about(model: Any, records: QuerySet[Any]) -> Q:
    return Q(subject_type=ContentType.objects.get_for_model(model), subject_id__in=records.order_by().values("pk"))


def _folded(entries: Iterable[Entry], *, own: int) -> list[dict[str, Any]]:
    """Return a line for each entry; those of one kind that are many, in the line of the newest of them."""
    entries = list(entries)
    many = Counter(entry.kind for entry in entries if entry.subject_type_id != own)
    lines: list[dict[str, Any]] = []
    folded: dict[str, dict[str, Any]] = {}
    for entry in entries:
        line = {"title": Kind(entry.kind).label, "at": entry.recorded_at, "detail": _detail(entry)}
        if entry.subject_type_id == own or many[entry.kind] < FOLDED_FROM:
            lines.append(line)
        elif entry.kind not in folded:
            folded[entry.kind] = line | {"others": []}
            lines.append(folded[entry.kind])
        else:
            folded[entry.kind]["others"].append(line)
    return lines


def _detail(entry: Entry) -> str:
    """Say who did it; of a corrected number both numbers too, of what is due or came in the amount."""
    who, said = str(entry.on_behalf_of or entry.actor or ""), ""
    if entry.kind == Kind.CONTRACT_RENUMBERED:
        said = _("%(before)s became %(number)s") % {name: entry.data[name] for name in ("before", "number")}
    elif entry.kind in OF_MONEY:
        said = format_exact(entry.data["amount"], get_language() or "zh-hans")
    return _("; ").join(part for part in (said, who) if part)
