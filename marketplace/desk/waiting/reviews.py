"""Reviews to decide, and drafts that came back with comments: of every noun that is reviewed."""

from typing import Any

from django.contrib.contenttypes.prefetch import GenericPrefetch
from django.db.models import CharField, Exists, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import TaskState, WorkflowState

from marketplace.core.journal import Entry
from marketplace.core.working_days import add_working_days, working_days_between
from marketplace.desk.piles import Pile
from marketplace.desk.rows import SHOWN, Reader, Row, shortened
from marketplace.organisations.roles import MemberRole, Role
from marketplace.reviews.offline import offline_among, reason_of
from marketplace.reviews.queue import in_review, in_review_at, reviewable_by
from marketplace.reviews.revised import Revised, revised_models
from marketplace.reviews.views import DUE_AFTER

ICON = "clipboard-document-check"


def waiting(reader: Reader) -> list[Pile]:
    managed, mine = reader.holds(MemberRole.MANAGER), reader.holds(MemberRole.PUBLISHER)
    piles = []
    if reader.user.has_role(Role.OFFICER, Role.LIAISON):
        piles.append(Pile(in_review(), lambda: _to_decide(reader)))
    elif managed:
        piles.append(Pile(in_review_at(reader.user.member_roles), lambda: _to_decide(reader)))
    return [*piles, _returned(mine), *(_offline(model, mine) for model in revised_models())] if mine else piles


def _records(lookup: str) -> GenericPrefetch:
    """Fetch the records behind reviews with their owners, one query for each noun."""
    return GenericPrefetch(lookup, [model._base_manager.select_related(model.OWNER) for model in revised_models()])


def _to_decide(reader: Reader) -> list[Row]:
    found = reviewable_by(reader.user).order_by("started_at")
    states = list(
        found.select_related("workflow_state", "revision")
        .defer("revision__content")
        .prefetch_related(_records("workflow_state__content_object"))[: SHOWN + 1]
    )
    if not states:
        return []
    rows = [_decide(state, reader) for state in states[:SHOWN]]
    if len(states) > SHOWN:
        rest = found.count() - SHOWN
        rows.append(
            Row(
                title=ngettext("Decide %(count)s more review", "Decide %(count)s more reviews", rest) % {"count": rest},
                url=reverse("review-queue"),
                act=_("Open the list"),
                icon=ICON,
                due=rows[-1].due,
                working_days=rows[-1].working_days,
                count=rest,
            )
        )
    return rows


def _decide(state: TaskState, reader: Reader) -> Row:
    record: Revised = state.workflow_state.content_object
    due = add_working_days(timezone.localdate(state.started_at), DUE_AFTER, declared=reader.declared)
    return Row(
        title=_("Review: %(title)s") % {"title": record.heading_of(state.revision)},
        about=(str(record._meta.verbose_name), record.owning_organisation.called),
        url=record.review_url,
        act=_("Review"),
        icon=ICON,
        due=due,
        working_days=working_days_between(reader.today, due, declared=reader.declared),
        since=state.started_at,
    )


def _returned(mine: list[int]) -> Pile:
    own = Q(pk=None)
    for model in revised_models():
        keys = model._base_manager.filter(**{f"{model.OWNER}__in": mine}).annotate(key=Cast("pk", CharField()))
        own |= Q(base_content_type=model.get_base_content_type(), object_id__in=keys.values("key"))
    returned = WorkflowState.objects.filter(own, status=WorkflowState.STATUS_NEEDS_CHANGES)
    return Pile(returned, lambda: _to_revise(returned.order_by("created_at")))


def _to_revise(found: QuerySet[WorkflowState]) -> list[Row]:
    states = found.select_related("current_task_state__revision").defer("current_task_state__revision__content")
    return [_revise(state) for state in states.prefetch_related(_records("content_object"))[:20]]


def _revise(state: Any) -> Row:
    record, step = state.content_object, state.current_task_state
    return Row(
        title=_("Revise: %(title)s") % {"title": record.heading_of(step.revision)},
        about=(_("returned with comments"), record.owning_organisation.called),
        url=reverse(f"{record.NOUN}-edit", args=[record.public_id]),
        act=_("Revise"),
        icon="pencil-square",
        since=step.finished_at,
    )


def _offline(model: type[Revised], mine: list[int]) -> Pile:
    """Return what the district took offline, until a changed version is sent in; the reason stands with it."""
    manager: Any = model._base_manager
    gone = manager.filter(live=False, expired=False, first_published_at__isnull=False, **{f"{model.OWNER}__in": mine})
    wanted = gone.exclude(state__in=model.OVER)
    return Pile(wanted, lambda: _taken_offline(model, wanted))


def _taken_offline(model: type[Revised], gone: QuerySet[Any]) -> list[Row]:
    waiting = gone.filter(~Exists(model.reviews_under_way()))
    records = list(waiting.select_related(model.OWNER).order_by("-pk")[: SHOWN + 1])
    entries = offline_among(records)
    rows = [_change(record, entries.get(record.pk)) for record in records]
    return shortened(rows, url=reverse(f"{model.NOUN}-mine"), icon="exclamation-triangle")


def _change(record: Any, entry: Entry | None) -> Row:
    reason = reason_of(entry) if entry is not None else ""
    return Row(
        title=_("Taken offline by the district: %(title)s") % {"title": record.heading},
        about=(reason, record.owning_organisation.called),
        url=reverse(f"{record.NOUN}-edit", args=[record.public_id]),
        act=_("Change and send in again"),
        icon="exclamation-triangle",
        since=entry.recorded_at if entry is not None else None,
    )
