"""Matches: what was proposed, why, and how both sides answered."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.matching.finding import MatchQuerySet
from marketplace.matching.sides import Answer, Capacity, Side
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.models import Organisation, User
from marketplace.outcomes.models import ResearchOutcome

LONGEST_REASON = 500  # why people put a pair forward


class Match(Stateful):
    """A need and an outcome that may fit, with the reasons as they were computed, and both answers."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        AGREED = "agreed", _("accepted by both")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Strength(models.TextChoices):
        STRONG = "strong", _("strong")
        FAIR = "fair", _("fair")
        WEAK = "weak", _("weak")

    class Reason(models.TextChoices):
        """Why a side declined; search learns from it."""

        OTHER_PROBLEM = "other_problem", _("It solves another problem")
        INDICATORS = "indicators", _("The indicators are not reached")
        READINESS = "readiness", _("Not mature enough")
        PRICE = "price", _("Price and budget are too far apart")
        MODE = "mode", _("The way of working together does not suit")
        KNOWN = "known", _("We know it already")
        NO_CAPACITY = "no_capacity", _("We cannot take it on now")
        OTHER = "other", _("Another reason")

    class Why(models.TextChoices):
        """Why a proposal was taken back."""

        NOT_OPEN = "not_open", _("The need or the outcome is no longer open.")
        REWRITTEN = "rewritten", _("The text of the need or of the outcome has changed.")
        NOT_NEAR = "not_near", _("By today’s comparison it is not near enough.")
        OUTSCORED = "outscored", _("A text has changed, or others are nearer.")  # told until both were told apart
        CROWDED = "crowded", _("Others are nearer.")
        SOLVED = "solved", _("The enterprise has marked its need as solved.")
        CLOSED = "closed", _("The need was closed without a solution.")
        TAKEN_BACK = "taken_back", _("Whoever added it by hand has taken it back.")
        BY_NEED = "by_need", _("The side of the need has taken its acceptance back.")
        BY_OUTCOME = "by_outcome", _("The side of the outcome has taken its acceptance back.")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.PROPOSED: {State.AGREED, State.DECLINED, State.WITHDRAWN},
        State.AGREED: {State.WITHDRAWN},
        State.WITHDRAWN: {State.PROPOSED},
        State.DECLINED: {State.PROPOSED},
    }

    code = CodeField()
    need = models.ForeignKey(TechnologyNeed, on_delete=models.PROTECT, related_name="matches", verbose_name=_("need"))
    outcome = models.ForeignKey(
        ResearchOutcome, on_delete=models.PROTECT, related_name="matches", verbose_name=_("outcome")
    )
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.PROPOSED, editable=False)

    score = models.FloatField(_("score"))
    strength = models.CharField(_("strength"), max_length=10, choices=Strength.choices)
    parts = models.JSONField(default=list)  # [{feature, value, weight, facts}], see scored.py
    phrases = models.JSONField(default=list)
    weights_version = models.CharField(max_length=40)
    texts = models.CharField(max_length=64, editable=False)  # fingerprint of both public texts when computed

    need_answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING, editable=False)
    need_answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    need_answered_at = models.DateTimeField(null=True, editable=False)
    outcome_answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.WAITING, editable=False)
    outcome_answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    outcome_answered_at = models.DateTimeField(null=True, editable=False)
    decline_reason = models.CharField(_("reason"), max_length=20, choices=Reason.choices, blank=True, editable=False)
    decline_note = models.CharField(_("remark"), max_length=300, blank=True, editable=False)
    withdrawn_why = models.CharField(_("reason"), max_length=10, choices=Why.choices, blank=True, editable=False)
    withdrawn_note = models.CharField(_("remark"), max_length=300, blank=True, editable=False)
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    added_as = models.CharField(max_length=10, choices=Capacity.choices, blank=True, editable=False)
    added_reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True, editable=False)
    pinned_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    pinned_as = models.CharField(max_length=10, choices=Capacity.choices, blank=True, editable=False)
    pinned_at = models.DateTimeField(null=True, editable=False)
    pin_reason = models.CharField(_("reason"), max_length=300, blank=True, editable=False)
    proposed_at = models.DateTimeField(_("proposed"), editable=False)
    computed_at = models.DateTimeField(editable=False)

    objects = MatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        ordering = ["-score", "id"]
        constraints = [
            models.UniqueConstraint(fields=["need", "outcome"], name="match_once_per_pair"),
            models.CheckConstraint(name="match_score_0_to_1", condition=Q(score__gte=0, score__lte=1)),
            models.CheckConstraint(
                name="match_agreed_while_both_accept",  # ended without a deal, what both accepted still stands there
                condition=Q(state__in=["agreed", "withdrawn"], need_answer="accepted", outcome_answer="accepted")
                | ~Q(state="agreed") & ~Q(need_answer="accepted", outcome_answer="accepted"),
            ),
            models.CheckConstraint(
                name="match_declined_iff_reason",
                condition=Q(state="declined") & ~Q(decline_reason="")
                | ~Q(state="declined") & Q(decline_reason="", decline_note=""),
            ),
            models.CheckConstraint(
                name="match_taken_back_by_a_side",
                condition=Q(state="withdrawn", withdrawn_why="by_need", need_answer="withdrawn")
                & ~Q(outcome_answer="withdrawn")
                | Q(state="withdrawn", withdrawn_why="by_outcome", outcome_answer="withdrawn")
                & ~Q(need_answer="withdrawn")
                | ~Q(withdrawn_why__in=["by_need", "by_outcome"])
                & ~Q(need_answer="withdrawn")
                & ~Q(outcome_answer="withdrawn")
                & Q(withdrawn_note=""),
            ),
            models.CheckConstraint(
                name="match_added_with_reason",
                condition=Q(added_by=None, added_as="", added_reason="")
                | (Q(added_by__isnull=False) & ~Q(added_as="") & ~Q(added_reason="")),
            ),
            models.CheckConstraint(
                name="match_pinned_with_reason",
                condition=Q(pinned_by=None, pinned_at=None, pinned_as="", pin_reason="")
                | (Q(pinned_by__isnull=False, pinned_at__isnull=False) & ~Q(pinned_as="") & ~Q(pin_reason="")),
            ),
            models.CheckConstraint(
                name="match_answers_signed",
                condition=(
                    Q(need_answer="waiting", need_answered_at=None)
                    | ~Q(need_answer="waiting") & Q(need_answered_at__isnull=False)
                )
                & (
                    Q(outcome_answer="waiting", outcome_answered_at=None)
                    | ~Q(outcome_answer="waiting") & Q(outcome_answered_at__isnull=False)
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["need", "state"], name="match_by_need"),
            models.Index(fields=["outcome", "state"], name="match_by_outcome"),
        ]

    def __str__(self) -> str:
        return f"{self.need} × {self.outcome}"

    def get_absolute_url(self) -> str:
        return reverse("match-detail", args=[self.code])

    def side_of(self, organisation: Organisation | None) -> Side | None:
        """Return the side the organisation stands on, or None."""
        if organisation is None:
            return None
        if organisation.pk == self.need.organisation_id:
            return Side.NEED
        return Side.OUTCOME if organisation.pk == self.outcome.owner_id else None

    def organisation_of(self, side: Side | str) -> Organisation:
        """Return who stands on a side."""
        return self.need.organisation if side == Side.NEED else self.outcome.owner

    def answer_of(self, side: Side | str) -> str:
        """Return what a side answered."""
        return self.need_answer if side == Side.NEED else self.outcome_answer

    def signed_answer_of(self, side: Side | str) -> tuple[str, User | None, Any]:
        """Return what a side answered, who did, and when (both None while it has not)."""
        if side == Side.NEED:
            return self.need_answer, self.need_answered_by, self.need_answered_at
        return self.outcome_answer, self.outcome_answered_by, self.outcome_answered_at

    def set_answer(self, side: Side | str, answer: str, *, by: User | None, at: Any) -> None:
        """Write a side's answer (or, with WAITING, forget it); the caller saves."""
        if side == Side.NEED:
            self.need_answer, self.need_answered_by, self.need_answered_at = answer, by, at
        else:
            self.outcome_answer, self.outcome_answered_by, self.outcome_answered_at = answer, by, at

    def propose_again(self) -> None:
        """Put a withdrawn or declined pair before both sides anew; the caller saves."""
        self.move_to(self.State.PROPOSED)
        self.forget_why_ended()
        for side in Side:
            self.set_answer(side, Answer.WAITING, by=None, at=None)

    def forget_why_ended(self) -> None:
        """Clear what was said when it ended; the caller saves."""
        self.decline_reason = self.decline_note = self.withdrawn_why = self.withdrawn_note = ""

    @property
    def taken_back_by(self) -> Side | None:
        """Return the side that took its acceptance back, and with it the match; None where it ended otherwise."""
        sides = {self.Why.BY_NEED.value: Side.NEED, self.Why.BY_OUTCOME.value: Side.OUTCOME}
        return sides.get(self.withdrawn_why)

    def is_refused(self, texts: str) -> bool:
        """Tell whether a side declined the pair in these `texts`, or took its acceptance back."""
        return (self.state == self.State.DECLINED or self.taken_back_by is not None) and self.texts == texts

    @property
    def is_computed(self) -> bool:
        """Tell whether search has compared the texts; of a match added by hand it does so shortly after."""
        return bool(self.weights_version) or self.computed_at > self.proposed_at

    @property
    def has_acceptance(self) -> bool:
        """Tell whether at least one side accepted."""
        return Answer.ACCEPTED in (self.need_answer, self.outcome_answer)

    @property
    def is_held(self) -> bool:
        """Tell whether people want it: a side accepted, or somebody added or pinned it; search does not end it."""
        return self.has_acceptance or self.added_by_id is not None or self.pinned_by_id is not None
