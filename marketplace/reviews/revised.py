"""Content that is drafted, reviewed and published, while the facts of the record stay where they are."""

from datetime import datetime
from typing import Any, ClassVar

from django.apps import apps
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import (
    Revision,
)

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.organisations.models import Organisation
from marketplace.organisations.roles import Role
from marketplace.reviews import rules
from marketplace.reviews.ending import end_review
from marketplace.reviews.models import LONGEST_REASON, Ended, Stage, TakenOffline
from marketplace.reviews.refusals import NotPublishable, NotTakenOffline, OfflineReasonMissing
from marketplace.reviews.versioned import Versioned


class Revised(Versioned):
    """A record that is drafted, reviewed and published; its versions are in versioned.py.

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
