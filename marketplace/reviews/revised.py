"""Content that is drafted, reviewed and published, while the facts of the record stay where they are."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel, get_all_child_relations
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Revision,
    RevisionMixin,
    TaskState,
    WorkflowMixin,
    WorkflowState,
)

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.languages import Titled
from marketplace.core.stateful import Locked
from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import Role
from marketplace.reviews import rules
from marketplace.reviews.ending import end_review
from marketplace.reviews.models import LONGEST_REASON, Ended, Stage, TakenOffline
from marketplace.reviews.refusals import NotPublishable, NotTakenOffline, OfflineReasonMissing
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


class Revised(
    Titled, WorkflowMixin, DraftStateMixin, LockableMixin, RevisionMixin, Unpreviewed, ClusterableModel, Locked
):
    """A record whose text lives in revisions: a new draft leaves the public version alone.

    A revision carries text only. The facts named in FACTS are restored from the row whenever a revision
    is read, else publishing an old draft would undo what happened since (a reservation, a confirmation).
    Subclasses are Stateful too: `state` (availability) is always a fact.

    Subclasses say: NOUN (first word of the journal kinds), OWNER (field of the owning organisation), PUBLIC_ID (field
    that stands in addresses), CONFIDENTIAL (fields whose reading by others is recorded), FACTS, DRAFT_READERS (staff
    who read its drafts once one was sent in, beside officers and auditors), OVER (the states in which it may not be
    offered), REVIEW_STAGES and REVIEW_NAME (the review set up first; staff may change its steps), and the four methods
    `missing_for_review`, `why_not_public`, `note_publication` and `told`.
    """

    NOUN: ClassVar[str]
    OWNER: ClassVar[str]
    PUBLIC_ID: ClassVar[str] = "code"
    CONFIDENTIAL: ClassVar[tuple[str, ...]] = ()
    FACTS: ClassVar[tuple[str, ...]] = ()
    DRAFT_READERS: ClassVar[tuple[Role, ...]] = ()
    OVER: ClassVar[tuple[str, ...]] = ()
    REVIEW_NAME: ClassVar[Any] = _("Review")
    REVIEW_STAGES: ClassVar[tuple[Stage, ...]] = (Stage.OWNER, Stage.DISTRICT)
    wagtail_reference_index_ignore = True  # its text names no picture, document or page; each saving was a job for that

    class Meta:
        abstract = True

    # what each noun says about itself

    def missing_for_review(self) -> dict[str, list[Any]]:
        """Return what this version lacks to be sent to review: {field: sentences}; empty when it is complete."""
        raise NotImplementedError

    def why_not_public(self) -> Any:
        """Return why the record may not be offered now, whatever its text; None if it may."""
        return None

    def note_publication(self, now: datetime) -> None:
        """Write to the row which facts a publication sets. The caller holds the lock."""
        raise NotImplementedError

    def follow_publication(self, revision: Revision, *, at: datetime, by: Any) -> None:
        """Write down what a version that has just become public means for others. The caller holds the lock."""

    def told(self) -> list[tuple[str, Any, str]]:
        """Return this version as its reader is told it: (field, label, text), for comparison and review."""
        raise NotImplementedError

    def notes_for_reviewer(self, user: Any) -> list[dict[str, str]]:
        """Return what a reviewer of this version should know besides, as {field, tone, strong, text, href}.

        `field` is where it stands; `strong` (its first words) may be left out; `href` is "" without a link.
        """
        return []

    def offline_follows(self) -> list[str]:
        """Return in sentences what follows for others when the district takes the record offline."""
        return []

    def why_not_consented(self) -> str | None:
        """Return which consent this version lacks to become public, though reviewers find it in order; else None."""
        return None

    def files_for_reviewer(self, user: Any) -> list[dict[str, Any]]:
        """Return the files of this version for components/files.html, with a link where `user` may open one."""
        return []

    # facts and versions

    @property
    def owning_organisation(self) -> Organisation:
        return getattr(self, self.OWNER)

    @property
    def public_id(self) -> str:
        return getattr(self, self.PUBLIC_ID)

    @property
    def review_url(self) -> str:
        """Return where reviewers compare and decide."""
        return reverse("review-page", args=[self.NOUN, self.public_id])

    def kind_of(self, what: str) -> Kind:
        """Return the journal kind of this noun, such as outcome.published."""
        return Kind(f"{self.NOUN}.{what}")

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

    # the seams: every way to the public ends here (review, admin, schedule)

    @transaction.atomic
    def publish(
        self,
        revision: Revision,
        user: Any = None,
        changed: bool = True,
        log_action: bool | str = True,
        previous_revision: Revision | None = None,
        skip_permission_checks: bool = False,
    ) -> None:
        """Make a version public that passed review, or refuse. Wagtail's own permissions are not asked."""
        self.lock()
        now = clock.now()
        obstacle = rules.publish_reviewed(user, self, revision)
        if obstacle is not None:
            raise NotPublishable(reason=obstacle)
        self.note_publication(now)
        super().publish(
            revision,
            user=user,
            changed=changed,
            log_action=log_action,
            previous_revision=previous_revision,
            skip_permission_checks=True,
        )
        self.lock()
        if self.live:  # a schedule may have put it off
            journal.record(self.kind_of("published"), self, by=user, revision=revision.pk)
            self.follow_publication(revision, at=now, by=user)

    @transaction.atomic
    def unpublish(
        self,
        set_expired: bool = False,
        commit: bool = True,
        user: Any = None,
        log_action: bool | str = True,
        *,
        reason: str = "",
    ) -> None:
        """Take the record offline, or refuse; `user` is None where the platform itself acts, and then needs no reason.

        A change that is in review leaves it, unless the term has only run out: what the district objected to is not
        made public again by a change its author wrote before.
        """
        self.lock()
        reason = reason.strip()[:LONGEST_REASON]
        self._refuse_offline(user, reason)
        if not self.live:
            return
        pending = None if set_expired else self.pending_review  # what has expired returns with the change that passes
        action = UnpublishAction(self, set_expired=set_expired, commit=commit, user=user, log_action=log_action)
        action.execute(skip_permission_checks=True)
        ended = {"step": pending.pk} if pending is not None else {}
        entry = journal.record(self.kind_of("expired" if set_expired else "unpublished"), self, by=user, **ended)
        if reason:
            TakenOffline.objects.create(entry=entry, reason=reason)
        if not set_expired:
            end_review(self, Ended.OFFLINE, by=user, organisation=None)

    def _refuse_offline(self, user: Any, reason: str) -> None:
        """Refuse a person who may not take the record offline, or does not say why."""
        obstacle = rules.take_offline(user, self) if user is not None else None
        if obstacle is not None:
            raise NotTakenOffline(reason=obstacle)
        if user is not None and not reason:
            raise OfflineReasonMissing()


def revised_models() -> list[type[Revised]]:
    """Return every model whose records are reviewed before they are public."""
    return [model for model in apps.get_models() if issubclass(model, Revised)]
