"""Milestones of a contract, and its termination: by agreement of both sides, or declared for a breach."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.party import Side
from marketplace.contracts.performance.seeing import see_performance
from marketplace.core.codes import CodeField
from marketplace.core.files import File
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Organisation, User


class MilestoneQuerySet(models.QuerySet["ContractMilestone"]):
    def standing(self) -> "MilestoneQuerySet":
        """Return what was not struck, the first due first."""
        return self.exclude(state=ContractMilestone.State.DROPPED).order_by("due_on", "id")

    def running(self) -> "MilestoneQuerySet":
        """Return those of contracts that were not terminated."""
        ended = ContractTermination.objects.ended().values("contract")
        return self.exclude(contract__in=ended)

    def to_do(self, by: date) -> "MilestoneQuerySet":
        """Return what is to be done by a day, or again after it was refused."""
        states = ContractMilestone.State
        open_ones = Q(state=states.DUE, due_on__lte=by) | Q(state=states.REFUSED)
        return self.running().filter(open_ones).order_by("due_on", "id")


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


class ContractTermination(Stateful):
    """The end of a contract before its time: proposed to the other side and agreed, or declared for its breach."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed to the other side")
        AGREED = "agreed", _("terminated by agreement")
        DECLINED = "declined", _("declined")
        WITHDRAWN = "withdrawn", _("withdrawn")
        DECLARED = "declared", _("terminated for a breach")

    NEXT: ClassVar[dict[str, set[str]]] = {State.PROPOSED: {State.AGREED, State.DECLINED, State.WITHDRAWN}}
    ENDED = (State.AGREED, State.DECLARED)

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

    objects = TerminationQuerySet.as_manager()

    class Meta:
        verbose_name = _("termination of a contract")
        verbose_name_plural = _("terminations of contracts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=["proposed", "agreed", "declared"]),
                name="contracttermination_one_open_or_done",
            ),
            models.CheckConstraint(name="contracttermination_has_a_reason", condition=~Q(reason="")),
            models.CheckConstraint(
                name="contracttermination_breach_with_evidence",
                condition=~Q(state="declared") | Q(evidence__isnull=False),
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

    def file_visible_to(self, user: Any, file: File) -> bool:
        """Tell whether `user` may read the evidence: the parties and who supervises."""
        return see_performance(user, self.contract) is None
