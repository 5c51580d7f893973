"""Needs that ask nearly the same: of one's own organisation, probably posted twice, and of others, asked already.

Needs are few beside outcomes, so nothing is stored of them: the index names the nearest public ones, and their texts
are compared as they are. One's own are read from the database, drafts too.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.urls import reverse

from marketplace.needs.models import TechnologyNeed
from search import documents, likeness
from search.engine import EngineDown, Part, Probe, Query
from search.engines import get_engine
from search.filters import Eq, Not
from search.need_list import called_to, newest
from search.twins import Twin, text_of
from search.visibility import Visibility

MOST_COMPARED = 50  # the nearest of others; of the own organisation the newest
SHOWN = 5


def own_twins(version: TechnologyNeed, user: Any) -> list[Twin]:
    """Return the open needs of the same organisation that `user` may see and that read like this version.

    Colleagues are told of drafts too, reviewers of those that were sent in once.
    """
    open_ones = TechnologyNeed.objects.visible_to(user).filter(
        organisation=version.organisation_id, state=TechnologyNeed.State.OPEN
    )
    if not user.acts_for(version.organisation_id):
        open_ones = open_ones.filter(TechnologyNeed.sent_in())
    told = open_ones.exclude(pk=version.pk).select_related("organisation").order_by("-pk")
    rows = told.annotate(
        draft_title=KeyTextTransform("title", "latest_revision__content"),
        draft_problem=KeyTextTransform("problem", "latest_revision__content"),
    )[:MOST_COMPARED]
    return _nearest(version, ((need, _texts(need)) for need in rows), user)


def other_twins(version: TechnologyNeed, user: Any) -> list[Twin]:
    """Return the public needs of other organisations that read like this version, without names that are withheld."""
    public = _near(version, user).exclude(organisation=version.organisation_id).prefetch_related("disclosures")
    return _nearest(version, ((need, [(need.title, need.problem, True)]) for need in public), user)


def _near(version: TechnologyNeed, user: Any) -> QuerySet[TechnologyNeed]:
    """Return the public needs worth comparing; the newest ones while the engine does not answer."""
    probe = Probe((Part(version.title), Part(version.problem)))
    others = Not(Eq("id", version.code))
    query = Query(kind="need", visibility=Visibility.public(), where=others, limit=MOST_COMPARED, highlights=())
    try:
        keys = [candidate.id for candidate in get_engine().match(probe, query)]
    except EngineDown:
        keys = list(newest(user).values_list("code", flat=True)[:MOST_COMPARED])
    return documents.needs().filter(code__in=keys)


def _texts(need: Any) -> Iterator[tuple[str, str, bool]]:
    """Yield (title, problem, whether it is public) of the public version and of the newest draft."""
    if need.live:
        yield need.title, need.problem, True
    if not need.live or need.has_unpublished_changes:
        yield need.draft_title or need.title, need.draft_problem or "", False


def _nearest(
    version: TechnologyNeed, told: Iterable[tuple[TechnologyNeed, Iterable[tuple[str, str, bool]]]], user: Any
) -> list[Twin]:
    """Return the needs one of whose texts is as alike as it takes, the nearest first."""
    own = likeness.tokens(text_of(version.title, version.problem))
    found = []
    for need, texts in told:
        share, is_public, title = max(
            (likeness.jaccard(own, likeness.tokens(text_of(title, problem))), is_public, title)
            for title, problem, is_public in texts
        )
        if share >= likeness.THRESHOLD:
            found.append(_twin(version, need, need.heading if is_public else title, share, is_public, user))
    return sorted(found, key=lambda twin: -twin.share)[:SHOWN]


def _twin(version: TechnologyNeed, other: TechnologyNeed, title: str, share: float, is_public: bool, user: Any) -> Twin:
    return Twin(
        number=other.code,
        title=title,
        owner=called_to(user, other),
        share=share,
        is_draft=not is_public,
        href=reverse("need-beside", args=[version.code, other.code]),
    )
