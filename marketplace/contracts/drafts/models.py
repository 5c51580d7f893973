"""A draft that was put together: both files, and the texts it was made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.drafts.clauses import ClauseText
from marketplace.contracts.models import TechnologyContract
from marketplace.core.files import File
from marketplace.organisations.models import User


class ContractDraft(models.Model):
    """One version of a contract's draft, never changed: a later one stands beside it."""

    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="drafts")
    version = models.PositiveSmallIntegerField(_("version"))
    pdf = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")
    docx = models.OneToOneField(File, on_delete=models.PROTECT, related_name="+")
    clauses = models.ManyToManyField(ClauseText, related_name="drafts", verbose_name=_("texts of clauses"))
    content_sha256 = models.CharField(max_length=64)
    assembled_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    assembled_at = models.DateTimeField(_("put together"))

    class Meta:
        verbose_name = _("draft of a contract")
        verbose_name_plural = _("drafts of contracts")
        ordering = ["contract", "-version"]
        constraints = [models.UniqueConstraint(fields=["contract", "version"], name="contractdraft_version_once")]

    def __str__(self) -> str:
        return f"{self.contract} v{self.version}"
