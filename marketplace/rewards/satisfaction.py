"""How satisfied the parties of a finished deal are with its broker: one mark a side, once, asked for at the end."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker
from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.deals.models import Deal, Side
from marketplace.organisations.models import Organisation, User
from marketplace.rewards import rules

LOWEST, HIGHEST = 1, 5


class MarkMissing(Refused):
    message = _("Give a mark from 1 to 5.")
    field = "mark"


class WordsMissing(Refused):
    message = _("Say in a few words what was lacking: a mark below 3 needs its reason.")
    field = "words"


class MarkedAlready(Refused):
    message = _("Your side has given its mark; it stays.")
    field = "mark"


class BrokerMark(models.Model):
    """What one side of a finished deal thinks of the broker, from 1 (not at all satisfied) to 5 (very)."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="broker_marks")
    broker = models.ForeignKey(TechBroker, on_delete=models.PROTECT, related_name="marks")
    side = models.CharField(_("side"), max_length=10, choices=Side.choices)
    mark = models.PositiveSmallIntegerField(
        _("mark"), validators=[MinValueValidator(LOWEST), MaxValueValidator(HIGHEST)]
    )
    words = models.TextField(_("in words"), max_length=1000, blank=True)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    class Meta:
        verbose_name = _("mark of a broker")
        verbose_name_plural = _("marks of brokers")
        ordering = ["given_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["deal", "side"], name="brokermark_once_per_side"),
            models.CheckConstraint(name="brokermark_1_to_5", condition=Q(mark__range=(LOWEST, HIGHEST))),
        ]

    def __str__(self) -> str:
        return f"{self.deal} · {self.get_side_display()}"


@transaction.atomic
def rate_broker(deal: Deal, *, by: User, organisation: Organisation | None, mark: int, words: str = "") -> None:
    """Say for one side how satisfied it is with the broker of a finished deal; once, and it stays.

    Raises MarkMissing, WordsMissing, MarkedAlready. The journal holds that a mark was given, not which.
    """
    deal.lock()
    now = clock.now()
    require(rules.rate_broker, by, deal, organisation=organisation)
    if not LOWEST <= mark <= HIGHEST:
        raise MarkMissing()
    if mark < 3 and not words.strip():
        raise WordsMissing()
    side = deal.side_of(organisation) or ""
    given = BrokerMark(deal=deal, broker=deal.broker, side=side, mark=mark, given_by=by, given_at=now)
    given.words = words.strip()[:1000]
    try:
        with transaction.atomic():
            given.save()
    except IntegrityError as error:
        raise MarkedAlready() from error
    journal.record(Kind.DEAL_BROKER_MARKED, deal, by=by, on_behalf_of=organisation, side=str(side))
