"""Milestones of a contract, and its termination: by agreement of both sides, or declared for a breach."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import Side
from marketplace.contracts.performance.seeing import see_performance
from marketplace.core import clock
from marketplace.core.codes import CodeField
from marketplace.core.files import File
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, User


class MilestoneQuerySet(models.QuerySet["ContractMilestone"]):
    def standing(self) -> "MilestoneQuerySet":
        """Return what was not struck, the first due first."""
        return self.exclude(state=ContractMilestone.State.DROPPED).order_by("due_on", "id")

    def running(self) -> "MilestoneQuerySet":
        """Return those of contracts that have not ended before their time."""
        return self.filter(Q(contract__terminated_on=None) | Q(contract__terminated_on__gt=clock.today()))

    def to_do(self, by: date) -> "MilestoneQuerySet":
        """Return what is to be done by a day, or again after it was refused; nothing due after an end that is set."""
        states = ContractMilestone.State
        open_ones = Q(state=states.DUE, due_on__lte=by) | Q(state=states.REFUSED)
        owed = Q(contract__terminated_on=None) | Q(due_on__lte=F("contract__terminated_on"))
        return self.running().filter(open_ones, owed).order_by("due_on", "id")


class ContractMilestone(Stateful):
    """What the seller does by a day, with its evidence and the buyer's answer."""

    class State(models.TextChoices):
        DUE = "due", _("to be done")
        DONE = "done", _("done, waits for acceptance")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("not accepted")
        DROPPED = "dropped", _("struck")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.DUE: {State.DONE, State.DROPPED},
        State.DONE: {State.ACCEPTED, State.REFUSED},
        State.REFUSED: {State.DONE, State.DROPPED},
    }

    code = CodeField()
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(_("what"), max_length=200)
    due_on = models.DateField(_("due on"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DUE, editable=False)
    planned_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    account = models.TextField(_("what was done"), max_length=2000, blank=True)
    evidence = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(_("done"), null=True)
    answer = models.TextField(_("answer of the buyer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone of a contract")
        verbose_name_plural = _("milestones of contracts")
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="contractmilestone_done_with_evidence",
                condition=Q(state__in=["due", "dropped"])
                | (Q(done_by__isnull=False, done_at__isnull=False, evidence__isnull=False) & ~Q(account="")),
            ),
            models.CheckConstraint(
                name="contractmilestone_answered_by_somebody",
                condition=Q(state="accepted", answered_by__isnull=False, answered_at__isnull=False)
                | (Q(state="refused", answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer=""))
                | ~Q(state__in=["accepted", "refused"]),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("performance-detail", args=[self.contract.code])

    def is_late(self, today: date) -> bool:
        return self.state in (self.State.DUE, self.State.REFUSED) and self.due_on < today

    def file_visible_to(self, user: Any, file: File) -> bool:
        """Tell whether `user` may read the evidence: who may see how the contract is carried out."""
        return see_performance(user, self.contract) is None


class TerminationQuerySet(models.QuerySet["ContractTermination"]):
    def ended(self) -> "TerminationQuerySet":
        """Return what ended its contract."""
        return self.filter(state__in=ContractTermination.ENDED)

    def to_answer(self, today: date) -> "TerminationQuerySet":
        """Return what waits for the other side: proposals, and declarations in the term of their answer."""
        states = ContractTermination.State
        return self.filter(Q(state=states.PROPOSED) | Q(state=states.DECLARED, answer_by__gte=today))

    def due(self, today: date) -> "TerminationQuerySet":
        """Return what ended its contract by `today` and has not done all that follows."""
        unanswered = Q(state=ContractTermination.State.DECLARED, answer_by__lt=today)
        final = Q(state__in=ContractTermination.FINAL) | unanswered
        to_settle = Q(took_effect_at__isnull=False, settled_at=None) & final
        return self.ended().filter(Q(took_effect_at=None, ends_on__lte=today) | to_settle)


class ContractTermination(Stateful):
    """The end of a contract before its time: proposed to the other side and agreed, or declared for its breach."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed to the other side")
        AGREED = "agreed", _("terminated by agreement")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECLARED = "declared", _("terminated for a breach")
        ACCEPTED = "accepted", _("terminated for a breach, accepted by the other side")
        DISPUTED = "disputed", _("terminated for a breach, disputed by the other side")
        CONFIRMED = "confirmed", _("terminated for a breach, confirmed by court or arbitration")
        OVERTURNED = "overturned", _("declared void by court or arbitration")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.PROPOSED: {State.AGREED, State.DECLINED, State.WITHDRAWN},
        State.DECLARED: {State.ACCEPTED, State.DISPUTED, State.WITHDRAWN, State.CONFIRMED, State.OVERTURNED},
        State.DISPUTED: {State.ACCEPTED, State.WITHDRAWN, State.CONFIRMED, State.OVERTURNED},
    }
    ENDED = (State.AGREED, State.DECLARED, State.ACCEPTED, State.DISPUTED, State.CONFIRMED)
    FINAL = (State.AGREED, State.ACCEPTED, State.CONFIRMED)
    IN_QUESTION = (State.DECLARED, State.DISPUTED)
    WAITING = (State.PROPOSED, State.DECLARED)

    code = CodeField()
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="terminations")
    state = models.CharField(_("state"), max_length=10, choices=State.choices, editable=False)
    side = models.CharField(_("asked for by"), max_length=6, choices=Side.choices)
    reason = models.TextField(_("reason"), max_length=2000)
    evidence = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    ends_on = models.DateField(_("ends on"))
    begun_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    # of an end declared for a breach: until when it is answered, what shows why not, and what was decided elsewhere
    answer_by = models.DateField(_("to be answered by"), null=True)
    answer_paper = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    decision = models.TextField(_("what was decided"), max_length=2000, blank=True)
    decided_on = models.DateField(_("decided on"), null=True)
    decision_paper = models.ForeignKey(File, on_delete=models.PROTECT, null=True, related_name="+")
    noted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    noted_at = models.DateTimeField(null=True)
    took_effect_at = models.DateTimeField(_("took effect"), null=True)
    settled_at = models.DateTimeField(_("settled"), null=True)

    objects = TerminationQuerySet.as_manager()

    class Meta:
        verbose_name = _("termination of a contract")
        verbose_name_plural = _("terminations of contracts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=["proposed", "agreed", "declared", "accepted", "disputed", "confirmed"]),
                name="contracttermination_one_open_or_done",
            ),
            models.CheckConstraint(name="contracttermination_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="contracttermination_breach_with_evidence",
                condition=~Q(state__in=["declared", "accepted", "disputed", "confirmed", "overturned"])
                | Q(evidence__isnull=False),
            ),
            models.CheckConstraint(
                name="contracttermination_disputed_with_reasons", condition=~Q(state="disputed") | ~Q(answer="")
            ),
            models.CheckConstraint(
                name="contracttermination_decided_with_paper",
                condition=~Q(state__in=["confirmed", "overturned"])
                | Q(
                    decided_on__isnull=False,
                    decision_paper__isnull=False,
                    noted_by__isnull=False,
                    noted_at__isnull=False,
                )
                & ~Q(decision=""),
            ),
            models.CheckConstraint(
                name="contracttermination_settled_after_taking_effect",
                condition=Q(settled_at=None) | Q(took_effect_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.ends_on:%Y-%m-%d}"

    def get_absolute_url(self) -> str:
        return reverse("performance-detail", args=[self.contract.code])

    @property
    def asking(self) -> Organisation | None:
        """Return the organisation of the side that began it; None where it is not on the platform."""
        return self.contract.seller if self.side == Side.SELLER else self.contract.buyer

    @property
    def answering(self) -> Organisation | None:
        """Return the organisation of the other side, which answers; None where it is not on the platform."""
        return self.contract.buyer if self.side == Side.SELLER else self.contract.seller

    @property
    def asking_name(self) -> str:
        """Return the name of the side that asks for the end."""
        return self.contract.seller.name if self.side == Side.SELLER else self.contract.buyer_name

    @property
    def answering_id(self) -> int | None:
        """Return the key of the other side's organisation, which answers; None where it is not on the platform."""
        return self.contract.buyer_id if self.side == Side.SELLER else self.contract.seller_id

    def is_final(self, today: date) -> bool:
        """Tell whether nobody can call the end in question here any more."""
        return self.state in self.FINAL or (self.state == self.State.DECLARED and not self.is_answerable(today))

    def is_answerable(self, today: date) -> bool:
        """Tell whether the other side may still answer: a proposal, a declaration in its term, or accept one after all.

        A declaration that was not answered in its term stands undisputed.
        """
        if self.state == self.State.DECLARED:
            return self.answer_by is not None and today <= self.answer_by
        return self.state in (self.State.PROPOSED, self.State.DISPUTED)

    def file_visible_to(self, user: Any, file: File) -> bool:
        """Tell whether `user` may read the evidence: the parties and who supervises."""
        return see_performance(user, self.contract) is None
