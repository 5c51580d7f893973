"""What people answered to matches: accepted and declined by feature, strength, weights and broker.

A match counts when both sides accepted it or one declined; the day is that of the last answer.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, QuerySet
from django.db.models.functions import Greatest, TruncDate
from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.indicators.periods import Period
from marketplace.matching.models import Match
from marketplace.matching.reasons import DEMANDS, MET, NAMES, word_for
from marketplace.matching.sides import Capacity

FEWEST = 5  # below, a share says nothing
SILENT = "silent"
WORDS = ("strong", "fair", "weak", SILENT)
Place = tuple[str, str]  # section, group


@dataclass(frozen=True)
class Answered:
    """One match that was answered, and every group it is counted in."""

    pk: int
    is_accepted: bool
    places: frozenset[Place]


@dataclass(frozen=True)
class Group:
    """How one group of matches was answered."""

    section: str
    key: str
    label: str
    accepted: int
    declined: int

    @property
    def total(self) -> int:
        return self.accepted + self.declined

    @property
    def rate(self) -> float | None:
        """Return the share that was accepted; None where too few were answered."""
        return self.accepted / self.total if self.total >= FEWEST else None


@dataclass(frozen=True)
class Section:
    """One question: what the matches are told apart by."""

    key: str
    title: str
    groups: list[Group]


def answered(period: Period | None = None) -> list[Answered]:
    """Return the matches answered in a period (ever, without one)."""
    found = Match.objects.accepted_by_both() | Match.objects.filter(state=Match.State.DECLINED)
    if period is not None:
        last = TruncDate(Greatest("need_answered_at", "outcome_answered_at"), output_field=DateField())
        found = found.annotate(answered_on=last)
        found = found.filter(answered_on__gte=period.first, answered_on__lte=period.last)
    rows = found.values(
        *("pk", "state", "parts", "strength", "weights_version", "decline_reason", "added_as"),
        *("deal__broker__code", "added_by__broker__code"),
    )
    return [_placed(row) for row in rows]


def _placed(row: dict[str, Any]) -> Answered:
    places = {("all", "all"), ("strength", row["strength"]), ("weights", row["weights_version"] or "-")}
    for part in row["parts"]:
        word = SILENT if part["value"] is None else word_for(part["value"])
        places.add((f"feature-{part['feature']}", word))
    if row["decline_reason"]:
        places.add(("reason", row["decline_reason"]))
    by_broker = row["added_as"] == Capacity.BROKER and row["added_by__broker__code"]
    places |= {("broker", code) for code in (row["deal__broker__code"], by_broker) if code}
    places.add(("by", row["added_as"] or "search"))
    return Answered(row["pk"], row["state"] != Match.State.DECLINED, frozenset(places))


def sections(found: Iterable[Answered]) -> list[Section]:
    """Return every question with its groups; questions nothing is known about are left out."""
    count: dict[Place, list[int]] = defaultdict(lambda: [0, 0])
    for match in found:
        for place in match.places:
            count[place][match.is_accepted] += 1
    brokers = dict(TechBroker.objects.values_list("code", "name")) if any(p[0] == "broker" for p in count) else {}
    told = []
    for section, title, label in _questions(brokers):
        keys = [key for name, key in count if name == section]
        order = sorted(keys, key=lambda key: (WORDS.index(key) if key in WORDS else len(WORDS), key))
        groups = [Group(section, key, label(key), count[section, key][1], count[section, key][0]) for key in order]
        told += [Section(section, title, groups)] if groups else []
    return told


def _questions(brokers: dict[str, str]) -> list[tuple[str, str, Callable[[str], str]]]:
    """Return (section, title, key → label) in the order of the page."""
    asked: list[tuple[str, str, Callable[[str], str]]] = [
        ("all", _("All answered matches"), lambda key: _("all")),
        ("strength", _("By strength as it was shown"), lambda key: str(Match.Strength(key).label)),
    ]
    asked += [(f"feature-{feature.value}", str(name), _wording(feature)) for feature, name in NAMES.items()]
    capacities = dict(Capacity.choices)
    return asked + [
        ("weights", _("By version of the weights"), lambda key: _("not computed") if key == "-" else key),
        ("by", _("By who proposed"), lambda key: str(capacities.get(key, _("the search")))),
        ("broker", _("By broker, of the deal or of the proposal"), lambda key: brokers.get(key, key)),
        ("reason", _("Declined because"), lambda key: str(Match.Reason(key).label)),
    ]


def _wording(feature: Any) -> Callable[[str], str]:
    """Return how the words of one feature are called: a demand is met or not, the rest is near or not."""

    def label(key: str) -> str:
        if key == SILENT:
            return _("not stated")
        return str(MET[key] if feature in DEMANDS else Match.Strength(key).label)

    return label


def matches_of(found: Iterable[Answered], section: str, key: str, *, accepted: bool) -> QuerySet[Match]:
    """Return the matches behind one number."""
    keys = [each.pk for each in found if (section, key) in each.places and each.is_accepted == accepted]
    return Match.objects.filter(pk__in=keys).with_parties().order_by("-pk")
