"""Signatures of outcomes, kept in step with their texts, and who is alike. The texts are the truth; safe to repeat.

The public version is found by every writer, the newest draft by members of its own organisation only.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from marketplace.core.advisory_locks import AdvisoryLock, hold_lock
from marketplace.outcomes.models import OutcomeQuerySet, ResearchOutcome
from search import likeness
from search.models import TextSignature

MOST_COMPARED = 400  # signatures that share a band, looked at one by one
BATCH = 200
LISTED = Q(live=True) & ~Q(state=ResearchOutcome.State.WITHDRAWN)


@dataclass(frozen=True)
class Twin:
    """A record that says nearly the same, as the reader may see it."""

    number: str
    title: str
    owner: str
    share: float
    is_draft: bool
    href: str

    @property
    def percent(self) -> int:
        """Return how much of the two texts is the same."""
        return round(self.share * 100)


def text_of(title: str, summary: str) -> str:
    """Return what is compared of one version."""
    return f"{title}\n{summary}"


def sign(numbers: Iterable[str]) -> int:
    """Make the signatures of these outcomes agree with their texts; return how many there are now."""
    made = 0
    wanted = sorted(set(numbers))
    for start in range(0, len(wanted), BATCH):
        made += _sign(ResearchOutcome.objects.filter(number__in=wanted[start : start + BATCH]))
    return made


@transaction.atomic
def _sign(outcomes: OutcomeQuerySet) -> int:
    """One at a time, so that of two who sign the same outcome the later one has the later text; writers do not wait."""
    hold_lock(AdvisoryLock.SIGNATURES)
    read = list(outcomes.select_related("latest_revision"))
    fresh = [row for outcome in read for row in _signatures(outcome)]
    TextSignature.objects.filter(outcome__in=read).delete()
    TextSignature.objects.bulk_create(fresh)
    return len(fresh)


def _signatures(outcome: ResearchOutcome) -> list[TextSignature]:
    is_listed = outcome.live and outcome.state != outcome.State.WITHDRAWN
    texts: list[tuple[bool, str, datetime | None]] = []
    if is_listed:
        texts.append((True, text_of(outcome.title, outcome.summary), None))
    if not is_listed or outcome.has_unpublished_changes:
        revision = outcome.latest_revision
        told = revision.content if revision else {"title": outcome.title, "summary": outcome.summary}
        at = revision.created_at if revision else None
        texts.append((False, text_of(told.get("title", ""), told.get("summary", "")), at))
    signed = ((public, likeness.signature(text), at) for public, text, at in texts)
    return [
        TextSignature(
            outcome=outcome, is_public=public, minima=likeness.pack(of), bands=likeness.bands(of), version_at=at
        )
        for public, of, at in signed
        if of is not None
    ]


def unsigned() -> QuerySet[ResearchOutcome]:
    """Return the outcomes whose newest draft, or public version, has no signature or an old one.

    Saving by itself leaves no journal entry, so drafts are looked for by their time.
    """
    of = TextSignature.objects.filter(outcome=OuterRef("pk"))
    current = of.filter(is_public=False, version_at__gte=OuterRef("latest_revision__created_at"))
    drafts = Q(latest_revision__isnull=False) & (~LISTED | Q(has_unpublished_changes=True)) & ~Exists(current)
    return ResearchOutcome.objects.filter(drafts | LISTED & ~Exists(of.filter(is_public=True)))


def twins(version: ResearchOutcome, user: Any, *, n: int = 5) -> list[Twin]:
    """Return the outcomes most like this version that `user` may see, the nearest first."""
    own = likeness.signature(text_of(version.title, version.summary))
    if own is None:
        return []
    mine = set(user.member_roles)
    shared = TextSignature.objects.filter(bands__overlap=likeness.bands(own)).exclude(outcome=version.pk)
    listed = Q(is_public=True, outcome__live=True) & ~Q(outcome__state=ResearchOutcome.State.WITHDRAWN)
    seen = shared.filter(listed | Q(outcome__owner__in=mine))
    rows = seen.order_by("-outcome_id").values_list("outcome_id", "is_public", "minima")[:MOST_COMPARED]
    best: dict[int, tuple[float, bool]] = {}
    for outcome, is_public, minima in rows:
        told = (likeness.estimate(own, likeness.unpack(minima)), is_public)
        best[outcome] = max(best.get(outcome, told), told)
    near = sorted((key for key, told in best.items() if told[0] >= likeness.THRESHOLD), key=lambda key: -best[key][0])
    return _told(version, near[:n], best)


def _told(version: ResearchOutcome, keys: list[int], best: dict[int, tuple[float, bool]]) -> list[Twin]:
    rows = ResearchOutcome.objects.select_related("owner", "latest_revision").defer("latest_revision__content")
    found = rows.in_bulk(keys)
    return [_twin(version, found[key], *best[key]) for key in keys if key in found]


def _twin(version: ResearchOutcome, other: ResearchOutcome, share: float, is_public: bool) -> Twin:
    revision = other.latest_revision
    return Twin(
        number=other.number,
        title=other.title if is_public or revision is None else revision.object_str,
        owner=other.owner.called,
        share=share,
        is_draft=not is_public,
        href=reverse("outcome-beside", args=[version.number, other.number]),
    )
