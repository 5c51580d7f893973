"""What registrars assessed (核定): rows that stay when the seller writes the items anew, and what became of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.contracts.parts import LineItem
from marketplace.organisations.models import User

# by what an item is known again after the seller wrote, the surest first
SAME = (("label", "amount", "position"), ("label",), ("amount",), ("position",))


class Assessment(models.Model):
    """How much of one item a registrar counted as technical, in fen, with the item as it stood on that day."""

    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="assessments")
    position = models.PositiveSmallIntegerField()
    label = models.CharField(_("item"), max_length=120)
    amount = models.BigIntegerField(_("amount"))
    declared = models.BigIntegerField(_("technical by the seller"))
    assessed = models.BigIntegerField(_("technical by the registrar"))
    comes_to = models.BigIntegerField(_("technical amount of the contract with it"))
    reasons = models.TextField(_("reasons of the correction"), max_length=2000)
    assessed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assessed_at = models.DateTimeField()
    # the earlier one about the same item, which this one replaces
    follows = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="followed_by")

    class Meta:
        verbose_name = _("assessment of an item")
        verbose_name_plural = _("assessments of items")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="assessment_within_the_item_with_reasons",
                condition=Q(assessed__gte=0, assessed__lte=F("amount"), declared__gte=0, declared__lte=F("amount"))
                & ~Q(reasons=""),
            ),
        ]

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True)
class Line:
    """One item beside what was assessed of it last; either may be missing."""

    item: LineItem | None
    last: Assessment | None

    @property
    def is_higher(self) -> bool:
        """Tell whether more of the item stands as technical than was assessed."""
        return self.item is not None and self.last is not None and self.item.technical > self.last.assessed


def standing(contract: TechnologyContract) -> list[Assessment]:
    """Return the last assessment of each item that was ever assessed."""
    found = contract.assessments.filter(followed_by=None).select_related("assessed_by")
    return list(found)


def beside(items: Iterable[LineItem], assessments: Sequence[Assessment]) -> list[Line]:
    """Return the items in their order with the assessment each takes up, then assessments whose item is gone.

    An item is known again by its label, else by its amount, else by its place. An item that was written as two
    counts by the part that is more technical.
    """
    listed, left, found = list(items), list(assessments), dict[int, Assessment]()
    for same in (attrgetter(*names) for names in SAME):
        for item in sorted(listed, key=attrgetter("technical"), reverse=True):
            last = None if item.position in found else next((one for one in left if same(one) == same(item)), None)
            if last is not None:
                found[item.position] = last
                left.remove(last)
    return [*(Line(item, found.get(item.position)) for item in listed), *(Line(None, one) for one in left)]


def is_above(contract: TechnologyContract) -> bool:
    """Tell whether an item, or the whole, stands higher than registrars assessed it last."""
    last = contract.assessments.last()
    if last is None:
        return False
    lines = beside(contract.items.all(), standing(contract))
    return contract.technical_amount > last.comes_to or any(line.is_higher for line in lines)


def keep_assessment(item: LineItem, *, by: User, at: datetime) -> None:
    """Keep what a registrar just counted of an item, in the place of the last assessment of it. The caller saves."""
    contract: TechnologyContract = item.contract
    last = next((line.last for line in beside(contract.items.all(), standing(contract)) if line.item == item), None)
    Assessment.objects.create(
        contract=contract,
        position=item.position,
        label=item.label,
        amount=item.amount,
        declared=item.technical_by_seller,
        assessed=item.technical,
        comes_to=contract.technical_amount,
        reasons=item.correction,
        assessed_by=by,
        assessed_at=at,
        follows=last,
    )
    contract.is_above_assessment = is_above(contract)


def declare(contract: TechnologyContract) -> None:
    """Note what the seller declares as technical, and whether it lies above an assessment. The caller saves.

    Where registrars assessed, the greatest that was ever declared stays: a contract does not leave its second review
    by an assessment of the first, nor by the seller's giving in to it.
    """
    before = contract.declared_technical if contract.assessments.exists() else 0
    declared = sum(item.technical_by_seller for item in contract.items.all())
    contract.declared_technical = max(before, declared)
    contract.is_above_assessment = is_above(contract)
