"""Patents of a version that outcomes of other holders rest on too: said to its author and its reviewers."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet, TextField, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.models import WorkflowState

from marketplace.core.choices import IPKind
from marketplace.core.identifiers import normalise_patent

if TYPE_CHECKING:
    from marketplace.outcomes.models import ResearchOutcome

PATENTS = (IPKind.INVENTION, IPKind.UTILITY_MODEL, IPKind.DESIGN)
PREFIXES = ("ZL", "CN")  # granted, applied for; the number behind them is the same


@dataclass(frozen=True)
class Twin:
    """One patent of a version, and one outcome of another holder that names it; `is_public`, or else in review."""

    patent: str
    number: str
    title: str
    owner: str
    is_public: bool


def twins_of(version: "ResearchOutcome", *, in_review: bool = False) -> list[Twin]:
    """Return who else offers what rests on the same patents: in public and, where asked for, in review. One query."""
    named = {_bare(right.number): right.number for right in version.ip_rights.all() if right.kind in PATENTS}
    named.pop("", None)
    if not named:
        return []
    written = [f"{prefix}{bare}" for bare in named for prefix in ("", *PREFIXES)]
    others = type(version).objects.exclude(owner=version.owner_id)
    found: QuerySet[Any, Any] = _public(others, written)
    if in_review:
        found = found.union(_in_review(others, written), all=True)
    seen: dict[tuple[str, str], Twin] = {}
    for number, title, owner, told, is_public in sorted(found, key=lambda row: (not row[4], row[0])):
        for bare in named.keys() & _numbers(told):
            seen.setdefault((bare, number), Twin(named[bare], number, title, owner, is_public))
    return list(seen.values())


def _public(others: Any, written: list[str]) -> QuerySet[Any, Any]:
    rights = Cast("ip_rights__number", TextField())
    listed = others.listed().filter(ip_rights__kind__in=PATENTS, ip_rights__number__in=written).order_by()
    return listed.annotate(told=rights, is_public=Value(True)).values_list(
        "number", Cast("title", TextField()), "owner__name", "told", "is_public"
    )


def _in_review(others: Any, written: Iterable[str]) -> QuerySet[Any, Any]:
    """Return the versions that wait for a decision: their rights stand in the text of the version only."""
    waiting = WorkflowState.objects.filter(
        base_content_type=others.model.get_base_content_type(), status=WorkflowState.STATUS_IN_PROGRESS
    )
    says = Q()
    for number in written:
        says |= Q(latest_revision__content__ip_rights__contains=[{"number": number}])
    keys = waiting.annotate(key=Cast("object_id", others.model._meta.pk)).values("key")
    rights = Cast(KeyTextTransform("ip_rights", "latest_revision__content"), TextField())
    found = others.filter(says, pk__in=keys).order_by()
    return found.annotate(told=rights, is_public=Value(False)).values_list(
        "number", Cast("latest_revision__object_str", TextField()), "owner__name", "told", "is_public"
    )


def _numbers(told: str) -> set[str]:
    """Return the bare numbers of a row: one number, or the rights of a version as its text holds them."""
    if not told.startswith("["):
        return {_bare(told)}
    return {_bare(right["number"]) for right in json.loads(told) if right["kind"] in PATENTS}


def _bare(number: str) -> str:
    """Return a patent number as all ways of writing it have it: normalised, without ZL or CN."""
    plain = normalise_patent(number)
    return plain[2:] if plain.startswith(PREFIXES) else plain


def sentence(twin: Twin, *, may_see: bool) -> str:
    """Return one twin in words; what is not public is named only to who may see it."""
    if twin.is_public:
        words = _("%(patent)s stands in the public outcome “%(title)s” of %(owner)s too.")
    elif may_see:
        words = _("%(patent)s stands in “%(title)s” of %(owner)s too, which is in review.")
    else:
        words = _("%(patent)s stands in an outcome of another holder too, which is in review.")
    return words % {"patent": twin.patent, "title": twin.title, "owner": twin.owner}


def notes_for_author(version: "ResearchOutcome") -> list[dict[str, str]]:
    """Return what the author is told beside the rights, as {text, href}: public outcomes only."""
    return [
        {"text": sentence(twin, may_see=True), "href": reverse("outcome-detail", args=[twin.number])}
        for twin in twins_of(version)
    ]


def notes_for_reviewer(version: "ResearchOutcome", user: Any) -> list[dict[str, str]]:
    """Return what a reviewer is told: what is in review too, with a link for who reads everything."""
    return [
        {
            "field": "ip_rights",
            "tone": "wait",
            "text": sentence(twin, may_see=user.reads_everything),
            "href": _address(twin, user),
        }
        for twin in twins_of(version, in_review=True)
    ]


def _address(twin: Twin, user: Any) -> str:
    if twin.is_public:
        return reverse("outcome-detail", args=[twin.number])
    return reverse("review-page", args=["outcome", twin.number]) if user.reads_everything else ""
