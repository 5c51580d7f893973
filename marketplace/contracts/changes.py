"""Changes of a registered contract: what a seller asks to change, and what the buyer said to it."""

from collections.abc import Iterable
from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.contracts.choices import USUAL_DAYS
from marketplace.contracts.models import TechnologyContract
from marketplace.core.codes import CodeField
from marketplace.core.files import File
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import User


def compared(before: Iterable[dict[str, Any]], after: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the items of both states in pairs, by label: {label, before, after, differs}; one has no other half."""
    ones, others = _by_label(before), _by_label(after)
    return [
        {
            "label": key[0],
            "before": ones.get(key),
            "after": others.get(key),
            "differs": ones.get(key) != others.get(key),
        }
        for key in {**ones, **others}
    ]


def _by_label(items: Iterable[dict[str, Any]]) -> dict[tuple[str, int], dict[str, Any]]:
    """Return {(label, how many of that label came before): item}: an item technical in part stands there twice."""
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for item in items:
        place = 0
        while (item["label"], place) in found:
            place += 1
        found[item["label"], place] = item
    return found


class ContractChange(Stateful):
    """Amounts and validity before and after, who asked, agreed and decided; counted in the period of the decision.

    The parties agree to it by a supplementary agreement; a buyer on the platform says so here before the register is
    asked.

    A request that was taken back was `decided_by` who took it back; one that lapsed, where its day came by itself, by
    nobody.
    """

    class State(models.TextChoices):
        AWAITING = "awaiting", _("waits for the consent of the buyer")
        DECLINED = "declined", _("declined by the buyer")
        REQUESTED = "requested", _("requested")
        GRANTED = "granted", _("granted")
        REFUSED = "refused", pgettext_lazy("change of a contract", "refused")
        WITHDRAWN = "withdrawn", _("taken back by the seller")
        LAPSED = "lapsed", _("closed with the end of the contract")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.AWAITING: {State.REQUESTED, State.DECLINED, State.REFUSED, State.WITHDRAWN, State.LAPSED},
        State.REQUESTED: {State.GRANTED, State.REFUSED, State.WITHDRAWN, State.LAPSED},
    }

    code = CodeField()
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="changes")
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.REQUESTED)
    reasons = models.TextField(_("reasons"), max_length=2000)
    requested_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField(_("requested"))
    total_before = models.BigIntegerField(_("total amount before"))
    technical_before = models.BigIntegerField(_("technical amount before"))
    begins_before = models.DateField(_("valid from, before"))
    ends_before = models.DateField(_("valid until, before"))
    items_before = models.JSONField(_("items before"))
    total_after = models.BigIntegerField(_("total amount after"))
    technical_after = models.BigIntegerField(_("technical amount after"))
    begins_after = models.DateField(_("valid from, after"))
    ends_after = models.DateField(_("valid until, after"))
    items_after = models.JSONField(_("items after"))
    agreement = models.ForeignKey(
        File, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("supplementary agreement")
    )
    # of the register, from the day it was asked: the rule of that day
    review_days = models.PositiveSmallIntegerField(default=USUAL_DAYS, editable=False)
    answer = models.TextField(_("answer of the buyer"), max_length=2000, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(_("answered"), null=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("decided"), null=True)

    class Meta:
        verbose_name = _("change of a contract")
        verbose_name_plural = _("changes of contracts")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contract"],
                condition=Q(state__in=["awaiting", "requested"]),
                name="contractchange_one_at_a_time",
            ),
            models.CheckConstraint(
                name="contractchange_technical_within_total",
                condition=Q(technical_after__gt=0, technical_after__lte=F("total_after")),
            ),
            models.CheckConstraint(
                name="contractchange_dates_in_order", condition=Q(begins_after__lte=F("ends_after"))
            ),
            models.CheckConstraint(
                name="contractchange_decided_iff_not_requested",
                condition=Q(state__in=["awaiting", "requested"], decided_at=None, decided_by=None)
                | Q(state="lapsed", decided_at__isnull=False)
                | (~Q(state__in=["awaiting", "requested"]) & Q(decided_at__isnull=False, decided_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="contractchange_declined_with_reasons",
                condition=~Q(state="declined")
                | (Q(answered_by__isnull=False, answered_at__isnull=False) & ~Q(answer="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} {self.requested_at:%Y-%m-%d}"

    @property
    def is_large(self) -> bool:
        """Tell whether the contract is large before it or after it: then a second reviewer decides."""
        return max(self.technical_before, self.technical_after) >= self.contract.large_from

    @property
    def items_compared(self) -> list[dict[str, Any]]:
        """Return the items before beside those after."""
        return compared(self.items_before, self.items_after)
