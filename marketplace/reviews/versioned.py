"""Versions of a record: its text lives in revisions, the newest of which is the draft, and what reviews they are in."""

from typing import Any, ClassVar, Self

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Revision,
    RevisionMixin,
    TaskState,
    WorkflowMixin,
    WorkflowState,
)

from marketplace.core.languages import Titled
from marketplace.core.stateful import Locked
from marketplace.reviews.unpreviewed import Unpreviewed

# What Wagtail knows about the row; a revision does not bring it back either
STANDING = (
    "live",
    "has_unpublished_changes",
    "first_published_at",
    "last_published_at",
    "live_revision",
    "latest_revision",
    "expired",
)


class Versioned(
    Titled, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, Unpreviewed, ClusterableModel, Locked
):
    """A record whose text lives in revisions: a new draft leaves the public version alone.

    A revision carries text only. The facts named in FACTS are restored from the row whenever a revision
    is read, else publishing an old draft would undo what happened since (a reservation, a confirmation).
    """

    FACTS: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True

    def lock(self) -> None:
        """Hold this row until the transaction ends, and read it and its children afresh."""
        super().lock()
        self.__dict__.pop("_cluster_related_objects", None)

    def with_content_json(self, content: Any) -> Self:
        """Return the object as a revision tells it, with the facts of the row as it stands now."""
        row = type(self)._base_manager.filter(pk=self.pk).values(*self.fact_columns()).first()
        revised = super().with_content_json(self._without_facts(content) if row else content)
        for column, value in (row or {}).items():
            setattr(revised, column, value)
        return revised

    @classmethod
    def from_serializable_data(cls, data: Any, check_fks: bool = False, strict_fks: bool = False) -> Any:
        """Return the object as data tell it. Keys are not looked up one by one: no row they name is ever deleted."""
        return super().from_serializable_data(data, check_fks=check_fks, strict_fks=strict_fks)

    @classmethod
    def _without_facts(cls, content: dict[str, Any]) -> dict[str, Any]:
        """Return what a revision tells but for facts and whose its parts are: each key to a row would be looked up."""
        facts = {"state", *cls.FACTS, *STANDING}
        told = {name: value for name, value in content.items() if name not in facts}
        for child in get_all_child_relations(cls):
            name, parent = child.get_accessor_name(), child.field.name
            if name in told:
                told[name] = [{key: value for key, value in one.items() if key != parent} for one in told[name]]
        return told

    @classmethod
    def fact_columns(cls) -> list[str]:
        """Return the attribute names of the facts (foreign keys by their column)."""
        names = {"state", *cls.FACTS, *STANDING}
        return [column.attname for column in cls._meta.concrete_fields if column.name in names]

    @property
    def newest_version(self) -> Self:
        """Return the record as its latest draft tells it; the public version where nothing is drafted."""
        version: Self = self.get_latest_revision_as_object()
        if version is not self:
            version.latest_revision = self.latest_revision  # the text and its mark are of one reading
        return version

    @property
    def was_public(self) -> bool:
        """Tell whether the row holds a text that is public, or was until it expired or was taken offline."""
        return self.live or self.first_published_at is not None

    @property
    def shown_version(self) -> Self:
        """Return the text its page shows: the one that is or was public; before the first, the newest draft.

        A draft is never written into the row before it passes, so the row keeps what was public last.
        """
        return self if self.was_public else self.newest_version

    @property
    def newer_draft(self) -> Revision | None:
        """Return the newest draft where it is another text than the one that is or was public last."""
        if not self.was_public or self.latest_revision_id is None:
            return None
        public = self.live_revision if self.live else self.last_passed_revision()
        return self.latest_revision if public is None or public.pk != self.latest_revision_id else None

    def heading_of(self, revision: Revision | None) -> str:
        """Return the title a version gives the record, in the reader's language while the row has that title too.

        What a version holds besides is not read: lists leave it in the database.
        """
        title = revision.object_str if revision else ""
        return self.heading if title in ("", str(self)) else title

    @property
    def was_sent_in(self) -> bool:
        """Tell whether anybody but its authors may have seen it: such a record is never deleted."""
        return self.was_public or self.workflow_states.exists()

    @classmethod
    def sent_in(cls) -> Q:
        """Return `was_sent_in` as a condition on rows."""
        reviews = WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(cls), object_id=Cast(OuterRef("pk"), CharField())
        )
        return Q(live=True) | Q(first_published_at__isnull=False) | Q(Exists(reviews))

    # review

    @property
    def review(self) -> WorkflowState | None:
        """Return the review under way or returned with comments, else None."""
        return self.current_workflow_state

    @classmethod
    def reviews_under_way(cls) -> QuerySet[WorkflowState]:
        """Return the reviews under way or returned of the row a query is about, for Exists()."""
        return WorkflowState.objects.filter(
            base_content_type=ContentType.objects.get_for_model(cls),
            object_id=Cast(OuterRef("pk"), CharField()),
            status__in=[WorkflowState.STATUS_IN_PROGRESS, WorkflowState.STATUS_NEEDS_CHANGES],
        )

    @property
    def pending_review(self) -> TaskState | None:
        """Return the step of the review that waits for a decision, or None."""
        review = self.current_workflow_state
        if review is None or review.status != WorkflowState.STATUS_IN_PROGRESS or review.current_task_state is None:
            return None
        step = review.current_task_state.specific
        step.workflow_state = review
        return step

    @property
    def returned_review(self) -> TaskState | None:
        """Return the step that sent the draft back, until it is sent in again."""
        review = self.current_workflow_state
        if review is None or review.status != WorkflowState.STATUS_NEEDS_CHANGES:
            return None
        return review.current_task_state

    def last_passed_revision(self) -> Revision | None:
        """Return the version that was public last, or would be: the newest that passed review."""
        passed = self.workflow_states.filter(status=WorkflowState.STATUS_APPROVED).order_by("-pk").first()
        step = passed.task_states.filter(status=TaskState.STATUS_APPROVED).order_by("-pk").first() if passed else None
        return step.revision if step else None
