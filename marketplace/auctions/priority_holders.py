"""Holders of a priority right to a lot (优先购买权): listed and invited before the announcement is made."""

from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Min, Q
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.lots import Lot
from marketplace.auctions.sessions import AuctionSession
from marketplace.core.codes import CodeField
from marketplace.organisations.models import Organisation, Role, User


class PriorityHolderQuerySet(models.QuerySet["PriorityHolder"]):
    def listed(self) -> "PriorityHolderQuerySet":
        """Return the holders that were not struck from the list, best rank first."""
        return self.filter(struck_at=None).order_by("rank", "pk")

    def told(self) -> "PriorityHolderQuerySet":
        """Return the listed holders that were told of the present terms."""
        return self.listed().exclude(channel="")

    def invited_to(self, session: AuctionSession) -> "PriorityHolderQuerySet":
        """Return the holders invited to lots of a session: another day is nothing to one that waived its right."""
        invited = self.told().exclude(channel=PriorityHolder.Channel.WAIVER)
        return invited.filter(lot__session=session).exclude(lot__state=Lot.State.WITHDRAWN)

    def standing(self) -> "PriorityHolderQuerySet":
        """Return the listed holders that did not waive their right."""
        return self.listed().exclude(channel=PriorityHolder.Channel.WAIVER)

    def of(self, organisation: Organisation) -> "PriorityHolderQuerySet":
        """Return the entries that mean this organisation, also where it was listed before it had an account."""
        return self.filter(Q(organisation=organisation) | Q(uscc=organisation.uscc))


class PriorityHolder(models.Model):
    """Somebody who may buy a lot at the price another bids, and how it was invited to take part."""

    class Ground(models.TextChoices):
        """Where the right comes from (民法典 Art. 847, 859, 860)."""

        CO_OWNER = "co_owner", _("co-owner of the right")
        JOINT_DEVELOPER = "joint_developer", _("party of the joint development")
        COMMISSIONER = "commissioner", _("commissioner of the development")
        INVENTOR = "inventor", _("inventor of a service invention")
        OTHER = "other", _("another ground of law or contract")

    class Channel(models.TextChoices):
        """How a holder was told (法释〔2016〕18号 Art. 16)."""

        LETTER = "letter", _("registered letter")
        MAIL = "mail", _("e-mail with a confirmation of receipt")
        HAND = "hand", _("handed over against signature")
        PHONE = "phone", _("recorded telephone call")
        PUBLICITY = "publicity", _("public notice, because it could not be reached")
        WAIVER = "waiver", _("waived its right in writing")

    code = CodeField()
    lot = models.ForeignKey(Lot, on_delete=models.PROTECT, related_name="priority_holders")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("organisation")
    )
    name = models.CharField(_("name"), max_length=120, blank=True)
    uscc = models.CharField(_("credit code"), max_length=18, blank=True)
    ground = models.CharField(_("ground"), max_length=20, choices=Ground.choices)
    rank = models.PositiveSmallIntegerField(_("rank"))
    listed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    listed_at = models.DateTimeField()
    channel = models.CharField(_("how it was told"), max_length=20, choices=Channel.choices, blank=True)
    invited_on = models.DateField(_("told on"), null=True)
    outdated_on = models.DateField(_("terms changed on"), null=True, editable=False)
    note = models.CharField(_("note"), max_length=300, blank=True)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    struck_at = models.DateTimeField(null=True)
    struck_reason = models.CharField(_("why it was struck"), max_length=300, blank=True)

    objects = PriorityHolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("holder of a priority right")
        verbose_name_plural = _("holders of priority rights")
        ordering = ["lot", "rank", "id"]
        constraints = [
            models.CheckConstraint(
                name="priorityholder_is_named", condition=Q(organisation__isnull=False) | ~Q(name="")
            ),
            models.CheckConstraint(name="priorityholder_rank_1_to_99", condition=Q(rank__range=(1, 99))),
            models.CheckConstraint(
                name="priorityholder_invited_iff_told",
                condition=Q(channel="", invited_on=None, invited_by=None)
                | (~Q(channel="") & Q(invited_on__isnull=False, invited_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="priorityholder_public_notice_says_why", condition=~Q(channel="publicity") | ~Q(note="")
            ),
            models.UniqueConstraint(
                fields=["lot", "organisation"], condition=Q(struck_at=None), name="priorityholder_once_per_lot"
            ),
            models.UniqueConstraint(
                fields=["lot", "uscc"],
                condition=Q(struck_at=None) & ~Q(uscc=""),
                name="priorityholder_credit_code_once_per_lot",
            ),
        ]

    def __str__(self) -> str:
        return self.organisation.name if self.organisation is not None else self.name

    @property
    def has_waived(self) -> bool:
        return self.channel == self.Channel.WAIVER

    @property
    def may_be_announced_from(self) -> date | None:
        """Return the first day an announcement is fair to this holder, or None while it is not invited."""
        if self.invited_on is None:
            return None
        if self.has_waived:
            return self.invited_on
        told_publicly = self.channel == self.Channel.PUBLICITY
        days = settings.AUCTION_UNREACHABLE_DAYS if told_publicly else settings.AUCTION_INVITATION_DAYS
        return self.invited_on + timedelta(days=days)

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show the proof of an invitation to the organisers, to those who supervise, and to the seller."""
        if not user.is_authenticated:
            return False
        own = user.acts_for(self.lot.outcome.owner_id)
        return bool(own or user.reads_everything or user.has_role(Role.ORGANISER))


def rank_of(lot: Lot, organisation: Organisation) -> int | None:
    """Return the rank of an organisation's priority right to a lot, or None if it holds none."""
    return lot.priority_holders.standing().of(organisation).aggregate(best=Min("rank"))["best"]


def holders_announced(lot: Lot) -> int:
    """Return how many holders the announcement of a lot names, without a query; 0 before it."""
    terms = (lot.session.announcement or {}).get("lots", [])
    return next((one.get("priority_holders", 0) for one in terms if one["lot"] == lot.number), 0)
