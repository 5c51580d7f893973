"""How far the talk of a deal has come before its price: contact, confidentiality, data room, meetings, term sheet.

No states of the deal: nothing must come before anything else, and parties may agree on a price without any of them.
They are read off what is there, so that the board tells more of a deal than that it is talked about.
"""

from collections.abc import Iterable

from django.db import models
from django.db.models import Exists, OuterRef
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from marketplace.deals.models import Deal, Side
from marketplace.deals.parts import DealNote
from marketplace.deals.room import DealPaper, TermSheet


class Step(models.IntegerChoices):
    """The steps of a talk in their usual order."""

    CONTACT = 1, pgettext_lazy("step of a talk", "contact")
    SECRECY = 2, pgettext_lazy("step of a talk", "confidentiality")
    ROOM = 3, pgettext_lazy("step of a talk", "data room")
    MEETING = 4, pgettext_lazy("step of a talk", "meetings")
    TERMS = 5, pgettext_lazy("step of a talk", "term sheet")

    @property
    def words(self) -> str:
        """Return the step and its place, as a card prints it."""
        return _("%(step)s (%(place)s of %(all)s)") % {"step": capfirst(self.label), "place": self, "all": len(Step)}


def steps_reached(deals: Iterable[Deal]) -> dict[int, Step]:
    """Return {key of the deal: the furthest step of its talk}, by one question for all; acceptances are loaded before.

    A meeting one side wrote down for itself alone is not told.
    """
    talked = {deal.pk: deal for deal in deals}
    if not talked:
        return {}
    of_deal = {"deal": OuterRef("pk")}
    found = Deal.objects.filter(pk__in=list(talked)).values_list(
        "pk",
        Exists(DealPaper.objects.filter(**of_deal, file__withdrawn_at=None)),
        Exists(DealNote.objects.filter(**of_deal, kind=DealNote.Kind.MEETING, is_shared=True)),
        Exists(TermSheet.objects.filter(**of_deal)),
    )
    return {key: _furthest(talked[key], *there) for key, *there in found}


def _furthest(deal: Deal, has_papers: bool, has_met: bool, has_terms: bool) -> Step:
    is_secret = {row.side for row in deal.nda_acceptances.all()} == {side.value for side in Side}
    there = {Step.TERMS: has_terms, Step.MEETING: has_met, Step.ROOM: has_papers, Step.SECRECY: is_secret}
    return next((step for step, is_there in there.items() if is_there), Step.CONTACT)
