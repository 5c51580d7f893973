"""What is kept of an objection that came on paper: whose letter it is, who entered it, and that it was taken back."""

from django.db import models
from django.db.models import BaseConstraint, CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from marketplace.core.stateful import Stateful
from marketplace.organisations.models import User

LONGEST_REASON = 300
NOTHING_ON_PAPER = {"signed_by": "", "signed_for": "", "reply_email": "", "reply_contact": ""}


class OnPaper(Stateful):
    """A record that staff may enter from a letter; where they erred they take the entry back, and it stays."""

    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    received_on = models.DateField(_("day of receipt"), null=True)
    signed_by = models.CharField(_("person who signed"), max_length=80, blank=True)
    signed_for = models.CharField(_("organisation"), max_length=120, blank=True)
    reply_email = models.EmailField(_("e-mail address"), blank=True)
    reply_contact = models.CharField(_("phone or postal address"), max_length=200, blank=True)
    mail_refused_at = models.DateTimeField(null=True)
    taken_back_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    taken_back_at = models.DateTimeField(_("taken back at"), null=True)
    taken_back_because = models.CharField(_("why taken back"), max_length=LONGEST_REASON, blank=True)

    class Meta:
        abstract = True

    @property
    def is_on_paper(self) -> bool:
        """Tell whether it came as a letter that staff entered."""
        return self.entered_by_id is not None

    @property
    def signature(self) -> str:
        """Return who signed or sealed the letter: organisation and person, or the one that is there."""
        return " · ".join(filter(None, (self.signed_for, self.signed_by)))

    @property
    def can_be_mailed(self) -> bool:
        """Tell whether the letter names an address that no server has refused."""
        return bool(self.reply_email) and self.mail_refused_at is None


def kept_apart() -> list[BaseConstraint]:
    """Return what the database asks of letters: no account, a signature, a way to reply, each entered once."""
    return [
        UniqueConstraint(
            fields=["publicity", "signed_by", "signed_for"],
            condition=Q(entered_by__isnull=False, taken_back_at=None),
            name="objection_once_per_signature",
        ),
        CheckConstraint(
            name="objection_by_a_person_or_on_paper",
            condition=Q(made_by__isnull=False, entered_by=None, received_on=None, **NOTHING_ON_PAPER)
            | (
                Q(made_by=None, organisation=None, entered_by__isnull=False, received_on__isnull=False)
                & ~Q(signed_by="", signed_for="")
                & ~Q(reply_email="", reply_contact="")
            ),
        ),
    ]


def taken_back_whole() -> CheckConstraint:
    """Return that only an entry from paper is taken back: by whom, when and why, never without."""
    nothing = Q(taken_back_by=None, taken_back_at=None, taken_back_because="", stands_as=None)
    whole = Q(taken_back_by__isnull=False, taken_back_at__isnull=False, entered_by__isnull=False)
    elsewhere = Q(stands_as=None) | ~Q(stands_as=models.F("id"))
    return CheckConstraint(
        name="objection_taken_back_whole",
        condition=(~Q(state="taken_back") & nothing)
        | (Q(state="taken_back") & whole & ~Q(taken_back_because="") & elsewhere),
    )
