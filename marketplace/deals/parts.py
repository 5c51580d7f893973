"""What belongs to a deal: confidentiality accepted, consents to the broker, prices proposed, notes and meetings."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker
from marketplace.core.codes import CodeField
from marketplace.core.files import File
from marketplace.core.stateful import Stateful
from marketplace.deals.models import Deal, Side
from marketplace.deals.own_side import notes_for
from marketplace.deals.publicised import Publicised
from marketplace.organisations.models import Organisation, User


class NdaAcceptance(models.Model):
    """That one side accepted the confidentiality terms, in which version and when."""

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="nda_acceptances")
    side = models.CharField(max_length=10, choices=Side.choices)
    version = models.CharField(_("version"), max_length=20)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField()

    class Meta:
        verbose_name = _("acceptance of confidentiality")
        verbose_name_plural = _("acceptances of confidentiality")
        constraints = [models.UniqueConstraint(fields=["deal", "side"], name="nda_once_per_side")]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.side}"


class BrokerConsent(models.Model):
    """That a side consents to the broker, for itself or to the same person acting for both; and that the broker does.

    The broker's own consent is the acceptance of the engagement with a `version` of the confidentiality terms.
    """

    BROKER = "broker"

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="broker_consents")
    broker = models.ForeignKey(TechBroker, on_delete=models.PROTECT, related_name="+")
    side = models.CharField(max_length=10, choices=[*Side.choices, (BROKER, _("broker"))])
    version = models.CharField(_("version"), max_length=20, blank=True)
    for_both = models.BooleanField(_("may act for both sides"), default=False)
    given_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("consent to a broker")
        verbose_name_plural = _("consents to brokers")
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "side"], condition=Q(ended_at=None), name="brokerconsent_one_standing_per_side"
            ),
            models.CheckConstraint(
                name="brokerconsent_of_broker_to_terms",
                condition=Q(side="broker") & ~Q(version="") | ~Q(side="broker") & Q(version=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.side}"


class PriceProposal(Publicised, Stateful):
    """A price one side offers; it stands until the other side accepts it or another takes its place."""

    class Fate(models.TextChoices):
        STANDING = "standing", _("waiting for the other side")
        ACCEPTED = "accepted", _("accepted")
        REPLACED = "replaced", _("replaced")
        DROPPED = "dropped", _("dropped")

    State = Fate
    NEXT: ClassVar[dict[str, set[str]]] = {Fate.STANDING: {Fate.ACCEPTED, Fate.REPLACED, Fate.DROPPED}}

    code = CodeField()
    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="price_proposals")
    side = models.CharField(max_length=10, choices=Side.choices)
    amount = models.BigIntegerField(_("amount"))
    note = models.CharField(_("terms in a few words"), max_length=300, blank=True)
    fate = models.CharField(max_length=10, choices=Fate.choices, default=Fate.STANDING)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("proposed price")
        verbose_name_plural = _("proposed prices")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(name="priceproposal_positive", condition=Q(amount__gt=0)),
            models.UniqueConstraint(fields=["deal"], condition=Q(fate="standing"), name="priceproposal_one_standing"),
        ]

    def __str__(self) -> str:
        return f"{self.deal_id} {self.amount}"

    def get_absolute_url(self) -> str:
        return self.deal.get_absolute_url()

    def read_as(self, user: Any, organisation: Organisation | None) -> dict[str, str]:
        """Return as what somebody objects to a published price, as in the deal."""
        return self.deal.read_as(user, organisation)

    @property
    def state(self) -> str:
        """Return the fate, by the name every machine has; the column keeps the name of the trade."""
        return self.fate

    @state.setter
    def state(self, state: str) -> None:
        self.fate = state


class DealNoteQuerySet(models.QuerySet["DealNote"]):
    def readable(self, user: Any, parties: Collection[int], of_sides: Q) -> "DealNoteQuerySet":
        """Return the shared notes, the private ones of these parties and those `user` wrote as broker (own_side.py).

        `of_sides` selects what a side and its broker wrote for each other.
        """
        own = Q(organisation=None, written_by=user)
        return self.filter(Q(is_shared=True) | Q(organisation__in=list(parties)) | own | of_sides)


class DealNote(models.Model):
    """A message or the record of a meeting, for everybody in the deal or for the own side only."""

    class Kind(models.TextChoices):
        NOTE = "note", _("note")
        MEETING = "meeting", _("meeting")

    class Outcome(models.TextChoices):
        GOES_ON = "goes_on", _("go on as planned")
        MATERIAL = "material", _("material is missing")
        TRIAL = "trial", _("a test or a sample first")
        PRICE_APART = "price_apart", _("prices are far apart")
        TERMS_APART = "terms_apart", _("terms are far apart")
        PAUSED = "paused", _("paused")
        NOT_SUITED = "not_suited", _("not suited")

    deal = models.ForeignKey(Deal, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.NOTE)
    text = models.TextField(_("text"), max_length=4000)
    is_shared = models.BooleanField(_("everybody in the deal may read it"), default=True)
    met_on = models.DateField(_("met on"), null=True, blank=True)
    participants = models.CharField(_("participants"), max_length=300, blank=True)
    outcome = models.CharField(_("what came of it"), max_length=20, choices=Outcome.choices, blank=True)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    own_side = models.CharField(_("kept to the side"), max_length=10, choices=Side.choices, blank=True)
    with_broker = models.ForeignKey(
        TechBroker, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("the side's broker reads it")
    )
    written_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = DealNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note of a deal")
        verbose_name_plural = _("notes of deals")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                name="dealnote_meeting_iff_day",
                condition=Q(kind="meeting", met_on__isnull=False)
                | Q(kind="note", met_on=None, participants="", outcome=""),
            ),
            models.CheckConstraint(name="dealnote_says_something", condition=~Q(text="")),
            models.CheckConstraint(
                name="dealnote_own_side_is_private",
                condition=Q(is_shared=False) | Q(own_side="", with_broker=None),
            ),
            models.CheckConstraint(name="dealnote_broker_of_a_side", condition=Q(with_broker=None) | ~Q(own_side="")),
        ]

    def __str__(self) -> str:
        """Return what it is, its day if it is a meeting, and the outcome the deal is about."""
        return " ".join(str(part) for part in (self.get_kind_display(), self.met_on or "", self.deal) if part)

    def file_open_to(self, user: Any, organisation: Organisation | None) -> bool:
        """What is attached to a note is read by whoever reads the note, for the party they act for."""
        found = Deal.objects.visible_to(user).filter(pk=self.deal_id)
        return any(notes_for(deal, user, organisation).filter(pk=self.pk).exists() for deal in found)

    def read_as(self, user: Any, organisation: Organisation | None) -> dict[str, str]:
        """Return as what somebody reads what is attached, as in the deal."""
        return self.deal.read_as(user, organisation)

    def marks_readers(self, file: File) -> bool:
        """What is attached to the talk carries the name of whoever was given it."""
        return True
