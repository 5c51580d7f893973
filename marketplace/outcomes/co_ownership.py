"""What co-owners of an outcome were asked, or wrote of themselves, and what they answered (专利法 Art. 14)."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.models import Revision, TaskState

from marketplace.core.choices import TransferMode
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome
from marketplace.outcomes.parts import CoOwner

if TYPE_CHECKING:
    from marketplace.outcomes.wording import Told


class CoOwnershipQuerySet(models.QuerySet["CoOwnership"]):
    def visible_to(self, user: Any) -> "CoOwnershipQuerySet":
        """Return what `user` may open: that of own organisations, of own outcomes, all for officers and auditors."""
        if not user.is_authenticated:
            return self.none()
        if user.reads_everything:
            return self
        mine = list(user.member_roles)
        return self.filter(Q(organisation__in=mine) | Q(outcome__owner__in=mine))

    def with_parties(self) -> "CoOwnershipQuerySet":
        """Fetch what a row of a list names, and whether it stands; the text of versions stays in the database."""
        found = self.select_related("organisation", "outcome__owner", "revision").defer("revision__content")
        return found.annotate(reviewed=_in_review(), public=_in_public())

    def to_answer(self) -> "CoOwnershipQuerySet":
        """Return those that wait for an answer about what is in review or public now."""
        offered = Q(outcome__live=True) & ~Q(outcome__state=ResearchOutcome.State.WITHDRAWN) & Q(_in_public())
        return self.filter(Q(_in_review()) | offered, state=CoOwnership.State.WAITING)

    def unnamed_in_public(self) -> "CoOwnershipQuerySet":
        """Return those whose co-owner the version that was public last does not name, in whatever share."""
        named = CoOwner.objects.filter(_same(), outcome=OuterRef("outcome"))
        return self.exclude(Exists(named))

    def objecting(self) -> "CoOwnershipQuerySet":
        """Return the objections that stand against what is public.

        Who is not verified now speaks for nobody here: its objection stays to be read and stops nothing. Of who is
        only named by name an officer has read the letter.
        """
        speaks = Q(organisation=None) | Q(organisation__state=Organisation.State.VERIFIED)
        return self.filter(speaks, Q(_in_public()), state=CoOwnership.State.OBJECTED)


def _in_review() -> Exists:
    return Exists(TaskState.objects.filter(revision=OuterRef("revision"), status=TaskState.STATUS_IN_PROGRESS))


def _same() -> Q:
    """Select the holders a row is about: that organisation, or whoever is known by that name only."""
    return Q(organisation=OuterRef("organisation")) | Q(organisation=None, name=OuterRef("name"))


def _in_public() -> Exists:
    """Tell of a row whether the version that was public last names this share: the rows of parts are those of it."""
    named = CoOwner.objects.filter(_same(), outcome=OuterRef("outcome"), share=OuterRef("share"))
    return Exists(named.filter(outcome__first_published_at__isnull=False))


class CoOwnership(Stateful):
    """That a co-owner is asked, for one share in an outcome and the ways it is offered in, and what it says now.

    Asked again for the same share only where a way was added, or after an objection where the ways are others. An
    organisation of the platform answers here; of whoever is only named, by name, an officer enters the letters.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("not answered yet")
        AGREED = "agreed", _("agrees")
        OBJECTED = "objected", _("objects")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.WAITING: {State.AGREED, State.OBJECTED},
        State.AGREED: {State.OBJECTED, State.WAITING},
        State.OBJECTED: {State.AGREED, State.WAITING},
    }

    code = CodeField()
    outcome = models.ForeignKey(
        ResearchOutcome, on_delete=models.PROTECT, related_name="co_ownerships", verbose_name=_("outcome")
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="co_ownerships", verbose_name=_("co-owner")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)  # of who is no organisation of the platform
    share = models.DecimalField(_("share in per cent"), max_digits=5, decimal_places=2)
    modes = ArrayField(
        models.CharField(max_length=20, choices=TransferMode.choices), default=list, verbose_name=_("transfer modes")
    )
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")  # sent in last with this share
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.WAITING, editable=False)
    asked_at = models.DateTimeField(_("asked at"), editable=False)
    dropped_at = models.DateTimeField(_("no longer named since"), null=True, editable=False)

    objects = CoOwnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("co-ownership")
        verbose_name_plural = _("co-ownerships")
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["outcome", "organisation", "share"], name="co_ownership_once_per_share"),
            models.UniqueConstraint(
                fields=["outcome", "name", "share"],
                condition=Q(organisation=None),
                name="co_ownership_once_per_name_and_share",
            ),
            models.CheckConstraint(
                name="co_ownership_of_an_organisation_or_a_name",
                condition=Q(organisation__isnull=False, name="") | (Q(organisation=None) & ~Q(name="")),
            ),
            models.CheckConstraint(name="co_ownership_share_of_100", condition=Q(share__gt=0, share__lte=100)),
        ]

    def __str__(self) -> str:
        return str(self.outcome)

    def get_absolute_url(self) -> str:
        return reverse("co-ownership-detail", args=[self.code])

    def lock(self) -> None:
        """Hold this row until the transaction ends, and read it afresh, with what a query said of it."""
        super().lock()
        for known in ("reviewed", "public", "_prefetched_objects_cache"):
            self.__dict__.pop(known, None)

    @property
    def is_outside(self) -> bool:
        """Tell whether the co-owner is no organisation of the platform: nobody is asked, its letters are entered."""
        return self.organisation_id is None

    @property
    def called(self) -> str:
        """Return what the co-owner is called, in the reader's language."""
        return self.name if self.organisation is None else self.organisation.called

    @property
    def co_owner(self) -> str:
        """Return the co-owner's name as it stands in papers."""
        return self.name if self.organisation is None else str(self.organisation)

    @property
    def heading(self) -> str:
        """Return the title of the version sent in last, in the reader’s language where the row bears it too."""
        return self.outcome.heading_of(self.revision)

    @property
    def last_answer(self) -> "CoOwnerAnswer | None":
        """Return what was answered last for this share, also where it is asked anew since."""
        return next(iter(self.answers.all()), None)

    @property
    def has_objected(self) -> bool:
        """Tell whether the last it said is an objection, also where it is asked anew since."""
        return self.last_answer is not None and self.last_answer.answer == CoOwnerAnswer.Answer.OBJECTED

    @property
    def is_in_review(self) -> bool:
        """Tell whether the version that was sent in with it waits for a reviewer."""
        if hasattr(self, "reviewed"):
            return bool(self.reviewed)
        return TaskState.objects.filter(revision=self.revision_id, status=TaskState.STATUS_IN_PROGRESS).exists()

    @property
    def is_public(self) -> bool:
        """Tell whether the version that was public last, or is so now, names it."""
        if hasattr(self, "public"):
            return bool(self.public)
        return type(self).objects.filter(_in_public(), pk=self.pk).exists()

    @property
    def stands(self) -> bool:
        """Tell whether there is a version to answer about; drafts that were taken back or returned are none."""
        return self.is_in_review or self.is_public

    def told(self) -> "Told":
        """Return the version it is about, as words by field: of what is in review, else of what was public."""
        version = self.revision.as_object() if self.is_in_review else self.outcome
        return version.told()


class CoOwnerAnswer(models.Model):
    """What a co-owner answered once, by whom and when, with the share and the ways it was asked about. It stays."""

    class Answer(models.TextChoices):
        AGREED = "agreed", _("agreed")
        OBJECTED = "objected", _("objected")

    LONGEST_REASON: ClassVar[int] = 500

    co_ownership = models.ForeignKey(CoOwnership, on_delete=models.PROTECT, related_name="answers")
    answer = models.CharField(_("answer"), max_length=10, choices=Answer.choices)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    modes = ArrayField(models.CharField(max_length=20, choices=TransferMode.choices), verbose_name=_("transfer modes"))
    answered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered at"))
    entered_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("entered by")
    )
    signed_by = models.CharField(_("person who signed"), max_length=80, blank=True)
    received_on = models.DateField(_("day of receipt"), null=True)

    class Meta:
        verbose_name = _("answer of a co-owner")
        verbose_name_plural = _("answers of co-owners")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="co_owner_answer_objects_with_a_reason",
                condition=Q(answer="agreed", reason="") | (Q(answer="objected") & ~Q(reason="")),
            ),
            models.CheckConstraint(
                name="co_owner_answer_by_a_member_or_on_paper",
                condition=Q(answered_by__isnull=False, entered_by=None, signed_by="", received_on=None)
                | (Q(answered_by=None, entered_by__isnull=False, received_on__isnull=False) & ~Q(signed_by="")),
            ),
        ]

    def __str__(self) -> str:
        return self.get_answer_display()

    @property
    def who(self) -> str:
        """Return who answered: a person of the co-owner, or who signed the letter and who entered it."""
        if self.entered_by is None:
            return str(self.answered_by)
        told = {"person": self.signed_by, "day": f"{self.received_on:%Y-%m-%d}", "staff": self.entered_by}
        return _("%(person)s on paper, received on %(day)s, entered by %(staff)s") % told

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show the letter to whoever may open what was asked: both organisations, officers and auditors."""
        return CoOwnership.objects.visible_to(user).filter(pk=self.co_ownership_id).exists()
