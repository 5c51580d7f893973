"""A registration list, and the contracts on it with the amounts of the day it was made."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from marketplace.contracts.models import TechnologyContract
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Role, User


class RegistrationListQuerySet(models.QuerySet["RegistrationList"]):
    def visible_to(self, user: Any) -> "RegistrationListQuerySet":
        """Return the lists for those who decide for the register, and those who read everything."""
        sees = user.is_authenticated and (user.reads_everything or user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER))
        return self.all() if sees else self.none()

    def alive(self) -> "RegistrationListQuerySet":
        """Return what is valid, or may become so."""
        return self.filter(state__in=RegistrationList.ALIVE)

    def awaiting_second_review(self) -> "RegistrationListQuerySet":
        return self.filter(state=RegistrationList.State.AWAITING)

    def awaiting(self, user: Any) -> "RegistrationListQuerySet":
        """Return the lists whose second review `user` may make: not of contracts of their own, nor their own lists."""
        if not user.has_role(Role.SECOND_REVIEWER):
            return self.none()
        waiting = self.awaiting_second_review().exclude(made_by=user.pk)
        on_them = TechnologyContract.objects.filter(listings__list__in=waiting)
        own = on_them.exclude(pk__in=on_them.not_own(user).values("pk"))
        return waiting.exclude(lines__contract__in=own)


class RegistrationList(Stateful):
    """Registered contracts of one size on one paper; it dies with the first one revoked (domain.md §2.1)."""

    class State(models.TextChoices):
        AWAITING = "awaiting", _("waits for its second review")
        ISSUED = "issued", _("issued")
        REFUSED = "refused", _("refused")
        VOID = "void", _("no longer valid")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.AWAITING: {State.ISSUED, State.REFUSED, State.VOID},
        State.ISSUED: {State.VOID},
    }
    ALIVE = (State.AWAITING, State.ISSUED)

    code = CodeField()
    number = models.CharField(_("number of the list"), max_length=20, null=True, unique=True, editable=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, editable=False)
    is_large = models.BooleanField(_("of large contracts"))
    purpose = models.CharField(_("made for"), max_length=200)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(_("made"))
    issued_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    issued_at = models.DateTimeField(_("issued"), null=True)
    reasons = models.TextField(_("reasons"), max_length=2000, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True)
    fell_with = models.ForeignKey(
        TechnologyContract, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("revoked contract")
    )

    objects = RegistrationListQuerySet.as_manager()

    class Meta:
        verbose_name = _("registration list")
        verbose_name_plural = _("registration lists")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                name="registrationlist_issued_with_number",
                condition=Q(state__in=["awaiting", "refused"], number=None, issued_by=None, issued_at=None)
                | Q(state="issued", number__isnull=False, issued_by__isnull=False, issued_at__isnull=False)
                | Q(state="void"),
            ),
            models.CheckConstraint(
                name="registrationlist_ended_with_its_reason",
                condition=Q(state__in=["awaiting", "issued"], ended_at=None, fell_with=None, reasons="")
                | (Q(state="refused", ended_at__isnull=False, fell_with=None) & ~Q(reasons=""))
                | Q(state="void", ended_at__isnull=False, fell_with__isnull=False, reasons=""),
            ),
            models.CheckConstraint(
                name="registrationlist_large_by_two_people",
                condition=Q(is_large=False) | Q(issued_by=None) | ~Q(issued_by=models.F("made_by")),
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.purpose

    def get_absolute_url(self) -> str:
        return reverse("list-detail", args=[self.code])


class ListedContract(models.Model):
    """One contract on a list, as it stood in the register when the list was made."""

    list = models.ForeignKey(RegistrationList, on_delete=models.PROTECT, related_name="lines")
    contract = models.ForeignKey(TechnologyContract, on_delete=models.PROTECT, related_name="listings")
    position = models.PositiveSmallIntegerField(_("row"))
    number = models.CharField(_("registration number"), max_length=30)
    total = models.BigIntegerField(_("total amount"))
    technical = models.BigIntegerField(_("technical amount"))

    class Meta:
        verbose_name = _("contract on a list")
        verbose_name_plural = _("contracts on lists")
        ordering = ["list", "position"]
        constraints = [models.UniqueConstraint(fields=["list", "contract"], name="listedcontract_once")]

    def __str__(self) -> str:
        return self.number

    @property
    def has_changed(self) -> bool:
        """Tell whether the register says something else by now."""
        now = (self.contract.number, self.contract.total_amount, self.contract.technical_amount)
        return now != (self.number, self.total, self.technical)
