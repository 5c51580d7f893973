"""The facets that lists share: fields, industries, regions, bands, and the words for their values."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from django.db import models
from django.db.models import Manager, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core import clock
from marketplace.core.choices import IPKind
from marketplace.core.classifications import Industry, TechnicalField
from marketplace.core.code_lists import holding, name_of
from marketplace.core.money import FEN_PER_WAN
from marketplace.core.regions import district_code, lasting_code, present_code, region_name
from marketplace.organisations.models import Organisation
from search.documents import BANDS, epoch
from search.facet_spec import FacetSpec, Labels
from search.filters import Exists, Filter, Not, Or, Range

REACHES = {
    "1-3": gettext_lazy("laboratory, TRL 1–3"),
    "4-6": gettext_lazy("pilot, TRL 4–6"),
    "7-9": gettext_lazy("industrial, TRL 7–9"),
}
BAND_LABELS = {
    "0-50": gettext_lazy("below ¥0.50 m"),
    "50-200": gettext_lazy("¥0.50 m to ¥2.00 m"),
    "200-": gettext_lazy("above ¥2.00 m"),
    "negotiable": gettext_lazy("negotiable"),
}
SOON_DAYS = 30
CLOSINGS = {
    "soon": gettext_lazy("closes within 30 days"),
    "later": gettext_lazy("open for longer"),
    "none": gettext_lazy("without a deadline"),
    "over": gettext_lazy("deadline passed"),
}
REGISTRATIONS = CLOSINGS | {"none": gettext_lazy("postponed or withdrawn")}


def words_of(choices: type[models.TextChoices]) -> Callable[[Iterable[str]], Mapping[str, Any]]:
    """Return a labels function for an enumeration, in its own order, only for values that occur."""

    def labels(values: Iterable[str]) -> Mapping[str, Any]:
        occurring = set(values)
        return {choice.value: choice.label for choice in choices if choice.value in occurring}

    return labels


def words_listed_in(code_list: str) -> Callable[[Iterable[str]], Mapping[str, Any]]:
    """Return a labels function for a list, in its own order, only for codes that occur."""

    def labels(values: Iterable[str]) -> Mapping[str, Any]:
        occurring = set(values)
        order = [row.code for row in holding(code_list, clock.today())]
        listed = [code for code in order if code in occurring]
        return {code: name_of(code_list, code) for code in (*listed, *sorted(occurring.difference(listed)))}

    return labels


def words_from(table: Mapping[str, Any]) -> Callable[[Iterable[str]], Mapping[str, Any]]:
    """Return a labels function for a fixed table: all of its values, whether they occur or not."""
    return lambda values: table


def tree_words(nodes: QuerySet[Any] | Manager[Any]) -> Callable[[Iterable[str]], Mapping[str, Any]]:
    """Return a labels function for a classification: its first level."""

    def labels(values: Iterable[str]) -> Mapping[str, Any]:
        wanted = list(values)
        named = {node.code: str(node) for node in nodes.filter(code__in=wanted, parent=None)}
        return {code: named[code] for code in wanted if code in named}

    return labels


def branches(nodes: QuerySet[Any] | Manager[Any]) -> Callable[[Sequence[str]], Mapping[str, Labels]]:
    """Return a function that opens the branches a choice lies on: {branch: {node below it: name}}."""

    def below(chosen: Sequence[str]) -> Mapping[str, Labels]:
        if not chosen:
            return {}
        lies_on = Q(code__in=chosen) | Q(children__code__in=chosen) | Q(children__children__code__in=chosen)
        on = nodes.filter(lies_on, parent=None).values("pk")
        found: dict[str, dict[str, str]] = {}
        for node in nodes.filter(parent__in=on).select_related("parent").order_by("code"):
            found.setdefault(node.parent.code, {})[node.code] = str(node)
        return found

    return below


def node_words(nodes: QuerySet[Any] | Manager[Any]) -> Callable[[Iterable[str]], Mapping[str, Any]]:
    """Return a function that names nodes of a classification at any depth."""
    return lambda codes: {node.code: str(node) for node in nodes.filter(code__in=list(codes))}


def owner_words(values: Iterable[str]) -> Mapping[str, Any]:
    """Return the names of organisations by code, in the order given; none that was never verified, whoever asks."""
    known = [Organisation.State.VERIFIED, Organisation.State.SUSPENDED]
    found = Organisation.objects.filter(code__in=list(values), state__in=known).only("code", "name", "name_en")
    names = {each.code: each.called for each in found}
    return {code: names[code] for code in values if code in names}


def region_words(values: Iterable[str]) -> Mapping[str, Any]:
    """Return the names of regions by their lasting codes; the district first."""
    here = lasting_code(district_code(clock.today()))
    return {code: region_name(present_code(code)) for code in sorted(values, key=lambda code: code != here)}


def reach_of(level: Any) -> str | None:
    """Return the reach a readiness level belongs to."""
    return "1-3" if 1 <= int(level) <= 3 else "4-6" if int(level) <= 6 else "7-9" if int(level) <= 9 else None


def wanted_reaches() -> Mapping[str, Filter]:
    """Return the reaches as filters of the readiness a need asks for."""
    bounds = {name: name.split("-") for name in REACHES}
    return {name: Range("trl_wanted", int(low), int(high)) for name, (low, high) in bounds.items()}


def start_prices() -> Mapping[str, Filter]:
    """Return the bands of the price a lot starts at (fen, the upper end belongs to the next band)."""
    return {name: Range("start_price", low * FEN_PER_WAN, high * FEN_PER_WAN - 1) for name, low, high in BANDS}


def closings() -> Mapping[str, Filter]:
    """Return how long one may still answer a need, by today's date."""
    today = clock.today()
    soon = today + timedelta(days=SOON_DAYS)
    return {
        "soon": Range("deadline", epoch(today), epoch(soon)),
        "later": Range("deadline", epoch(soon + timedelta(days=1)), None),
        "none": Not(Exists("deadline")),
        "over": Range("deadline", None, epoch(today - timedelta(days=1))),
    }


def registrations() -> Mapping[str, Filter]:
    """Return how long one may still register for a lot, to the second: registration ends at an hour of the day."""
    now = clock.now()
    soon = now + timedelta(days=SOON_DAYS)
    return {
        "soon": Range("deadline", epoch(now + timedelta(seconds=1)), epoch(soon)),
        "later": Range("deadline", epoch(soon + timedelta(seconds=1)), None),
        "none": Not(Exists("deadline")),
        "over": Range("deadline", None, epoch(now)),
    }


def reaches(chosen: Sequence[str]) -> Filter:
    """Return the filter of some reaches of readiness."""
    bounds = [name.split("-") for name in chosen if name in REACHES]
    return Or(*(Range("trl", int(low), int(high)) for low, high in bounds))


FIELD = FacetSpec(
    "field",
    gettext_lazy("Technical field"),
    tree_words(TechnicalField.objects),
    below=branches(TechnicalField.objects),
    named=node_words(TechnicalField.objects),
    wider=lambda code: code[:2] if len(code) > 2 else None,
    is_open=True,
)
INDUSTRY = FacetSpec(
    "industry",
    gettext_lazy("Industry"),
    tree_words(Industry.objects),
    below=branches(Industry.objects),
    named=node_words(Industry.objects),
    wider=lambda code: code[:3] if len(code) > 3 else code[:1] if len(code) > 1 else None,
)
REGION = FacetSpec("region", gettext_lazy("Region"), region_words)
TRL = FacetSpec("trl", gettext_lazy("Readiness"), words_from(REACHES), group=reach_of, where=reaches, is_open=True)
IP_KIND = FacetSpec("ip_kind", gettext_lazy("Intellectual property"), words_of(IPKind), values=IPKind.values)
PRICE = FacetSpec("price_band", gettext_lazy("Price"), words_from(BAND_LABELS), is_open=True)
BUDGET = FacetSpec("budget_band", gettext_lazy("Budget"), words_from(BAND_LABELS), is_open=True)
START_PRICE = FacetSpec(
    "start_price",
    gettext_lazy("Start price"),
    words_from({name: BAND_LABELS[name] for name, _low, _high in BANDS}),
    bands=start_prices,
)
CLOSING = FacetSpec("closing", gettext_lazy("Deadline"), words_from(CLOSINGS), bands=closings, is_open=True)
REGISTRATION = FacetSpec("closing", gettext_lazy("Registration until"), words_from(REGISTRATIONS), bands=registrations)
TRL_WANTED = FacetSpec("trl_wanted", gettext_lazy("Readiness wanted"), words_from(REACHES), bands=wanted_reaches)


def trial_words(values: Iterable[str]) -> Mapping[str, Any]:
    return {"yes": _("can be tried first")}
