"""Which brokers suit a need or an outcome, and why. Facts of the register and of deals, in one weighted sum.

Names nobody outside could not read: the register is public, numbers of deals are numbers only.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from marketplace.brokers.models import BrokerQuerySet, TechBroker
from marketplace.core import clock
from marketplace.core.classifications import Classified
from marketplace.core.regions import present_code
from marketplace.matching.models import Match
from marketplace.matching.reasons import Reason, word_for
from marketplace.matching.sides import OPEN_DEALS
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation
from marketplace.outcomes.models import ResearchOutcome

Record = TechnologyNeed | ResearchOutcome

# One versioned place, as for needs and outcomes (search/features.py)
VERSION = "2026-11-1"
WEIGHTS = {"field": 0.45, "industry": 0.20, "success": 0.15, "load": 0.10, "region": 0.10}
NAMES = {
    "field": gettext_lazy("Technical field"),
    "industry": gettext_lazy("Industry"),
    "success": gettext_lazy("Deals completed"),
    "load": gettext_lazy("Load now"),
    "region": gettext_lazy("Region"),
}
UNKNOWN = 0.5
BUSY = 5  # open deals of one person at once
MOST = 5
Measured = tuple[float | None, str]


@dataclass(frozen=True)
class BrokerFit:
    """One broker with the score and its reasons, as components/reasons.html takes them."""

    broker: TechBroker
    score: float
    reasons: list[Reason]


def brokers_for(record: Record) -> list[BrokerFit]:
    """Return the brokers to propose for a need or an outcome, best first.

    Only those who may be invited: certificate valid, sign in here. Each serves the field or has dealt in the industry.
    """
    owner, industries = _owner(record), _industries(record)
    found = [_fit(broker, record, owner, industries) for broker in _candidates(industries)]
    kept = [fit for fit in found if fit is not None]
    return sorted(kept, key=lambda fit: (-fit.score, fit.broker.name, fit.broker.pk))[:MOST]


def _candidates(industries: list[Classified]) -> BrokerQuerySet:
    divisions = Q(pk__in=[])
    for node in industries:
        divisions |= Q(deals__outcome__industries__code__startswith=node.code[:3])
        divisions |= Q(deals__need__industry__code__startswith=node.code[:3])
    counted = {
        "done": Count("deals", filter=Q(deals__state="done"), distinct=True),
        "ended": Count("deals", filter=Q(deals__state__in=["done", "terminated"]), distinct=True),
        "under_way": Count("deals", filter=Q(deals__state__in=OPEN_DEALS), distinct=True),
        "in_industry": Count("deals", filter=divisions & ~Q(deals__state="terminated"), distinct=True),
    }
    found = TechBroker.objects.valid(clock.now()).exclude(user=None)
    return found.select_related("firm").prefetch_related("fields__parent").annotate(**counted)


def _owner(record: Record) -> Organisation:
    return record.organisation if isinstance(record, TechnologyNeed) else record.owner


def _industries(record: Record) -> list[Classified]:
    if isinstance(record, TechnologyNeed):
        return [record.industry] if record.industry else []
    return list(record.industries.all())


def _fit(broker: TechBroker, record: Record, owner: Organisation, industries: list[Classified]) -> BrokerFit | None:
    measured = {
        "field": _field(broker, record.field),
        "industry": _industry(broker, industries),
        "success": _success(broker),
        "load": _load(broker),
        "region": _region(broker, owner),
    }
    if not measured["field"][0] and not measured["industry"][0]:
        return None
    score = sum(WEIGHTS[name] * (UNKNOWN if value is None else value) for name, (value, _said) in measured.items())
    return BrokerFit(broker, round(score, 4), list(_reasons(measured)))


def _reasons(measured: dict[str, Measured]) -> Iterable[Reason]:
    """Yield what is known, in words; a feature without a fact is no reason."""
    for name, (value, sentence) in measured.items():
        if value is not None and sentence:
            word = word_for(value)
            strength = str(Match.Strength(word).label)
            yield Reason(str(NAMES[name]), value, strength, sentence, weak=word == "weak")


def _field(broker: TechBroker, field: Classified | None) -> Measured:
    """1 where the broker serves the field or all of its branch, 0.6 where another part of the branch."""
    if field is None:
        return None, ""
    served = list(broker.fields.all())
    exact = [node for node in served if node.code in field.path]
    near = [node for node in served if node.path[0] == field.path[0]]
    if not exact and not near:
        return 0.0, ""
    return (1.0 if exact else 0.6), _("Serves %(fields)s.") % {"fields": _(", ").join(map(str, exact or near))}


def _industry(broker: TechBroker, industries: list[Classified]) -> Measured:
    if not industries:
        return None, ""
    number = broker.in_industry  # type: ignore[attr-defined]
    told = ngettext("%(number)s deal in this industry.", "%(number)s deals in this industry.", number)
    return min(1.0, 0.4 + number * 0.2) if number else 0.0, told % {"number": number} if number else ""


def _success(broker: TechBroker) -> Measured:
    """The share of ended deals that were completed; who ended none is unknown, not bad."""
    done, ended = broker.done, broker.ended  # type: ignore[attr-defined]
    if not ended:
        return None, ""
    return done / ended, _("%(done)s of %(ended)s deals completed.") % {"done": done, "ended": ended}


def _load(broker: TechBroker) -> Measured:
    number = broker.under_way  # type: ignore[attr-defined]
    if not number:
        return 1.0, _("No deal under way.")
    told = ngettext("%(number)s deal under way.", "%(number)s deals under way.", number)
    return max(0.0, 1 - number / BUSY), told % {"number": number}


def _region(broker: TechBroker, owner: Organisation) -> Measured:
    here, there = present_code(owner.region), present_code(broker.firm.region) if broker.firm else ""
    if not here or not there:
        return None, ""
    if here == there:
        return 1.0, _("The firm is in the same district.")
    if here[:4] == there[:4]:
        return 0.7, _("The firm is in the same city.")
    return 0.3, _("The firm is in another city.")
