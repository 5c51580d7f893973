"""What the parties of a deal lay before each other: documents by side in versions, term sheets in versions."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.core.files import File
from marketplace.deals.models import Deal
from marketplace.organisations.models import User


class From(models.TextChoices):
    """Who laid a document down."""

    SELLER = "seller", pgettext_lazy("deal", "seller")
    BUYER = "buyer", pgettext_lazy("deal", "buyer")
    BROKER = "broker", _("broker")


class DealPaper(models.Model):
    """One version of a document: the same title by the same side is its next version; none is overwritten."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="papers")
    file = models.OneToOneField(File, on_delete=models.PROTECT, related_name="deal_paper")
    side = models.CharField(_("laid down by"), max_length=10, choices=From.choices)
    title = models.CharField(_("title"), max_length=200)
    version = models.PositiveSmallIntegerField(_("version"), default=1)

    class Meta:
        verbose_name = _("document of a deal")
        verbose_name_plural = _("documents of deals")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["deal", "side", "title", "version"], name="dealpaper_version_once"),
            models.CheckConstraint(name="dealpaper_counts_from_one", condition=Q(version__gte=1) & ~Q(title="")),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Resumption(models.Model):
    """That a terminated deal was taken up again, with both reasons: why it had ended and why it goes on."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="resumptions")
    ended_because = models.CharField(_("why it had ended"), max_length=500)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField()
    reason = models.CharField(_("why it goes on"), max_length=500)
    resumed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    resumed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("resumption of a deal")
        verbose_name_plural = _("resumptions of deals")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(name="resumption_has_reasons", condition=~Q(reason="") & ~Q(ended_because="")),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.resumed_at:%Y-%m-%d}"


class TermSheet(models.Model):
    """One version of the terms a side proposes before the contract; it binds nobody."""

    CLAUSES = ("subject", "mode", "price_terms", "delivery", "rights", "secrecy", "liability", "other")

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="term_sheets")
    version = models.PositiveSmallIntegerField(_("version"))
    side = models.CharField(_("proposed by"), max_length=10, choices=From.choices)
    subject = models.TextField(_("what is handed over"), max_length=1000)
    mode = models.TextField(_("kind of transfer, territory, term"), max_length=1000, blank=True)
    price_terms = models.TextField(_("price and instalments"), max_length=1000, blank=True)
    delivery = models.TextField(_("delivery and acceptance"), max_length=1000, blank=True)
    rights = models.TextField(_("improvements and rights"), max_length=1000, blank=True)
    secrecy = models.TextField(_("secrecy"), max_length=1000, blank=True)
    liability = models.TextField(_("liability and disputes"), max_length=1000, blank=True)
    other = models.TextField(_("other terms"), max_length=1000, blank=True)
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        verbose_name = _("term sheet")
        verbose_name_plural = _("term sheets")
        ordering = ["-version"]
        constraints = [models.UniqueConstraint(fields=["deal", "version"], name="termsheet_version_once")]

    def __str__(self) -> str:
        return f"{self.deal_id} v{self.version}"
