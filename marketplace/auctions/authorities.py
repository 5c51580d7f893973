"""Powers of attorney: who may bid for an applicant, from when until when, checked by an organiser."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import connection, models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.bidders import BidderRegistration
from marketplace.auctions.saying_no import NoAuthority, NotQualified
from marketplace.core import clock
from marketplace.core.codes import CodeField
from marketplace.core.stateful import Stateful
from marketplace.organisations.models import Role, User

if TYPE_CHECKING:
    from marketplace.auctions.models import Lot
    from marketplace.organisations.models import Organisation

PURPOSE = "power_of_attorney"  # of its file


class AuthorityQuerySet(models.QuerySet["AgentAuthority"]):
    def accepted(self) -> "AuthorityQuerySet":
        """Return the powers of attorney an organiser found in order."""
        return self.filter(state=AgentAuthority.State.ACCEPTED)

    def in_force(self, on: date) -> "AuthorityQuerySet":
        """Return the accepted ones whose days include `on`."""
        return self.accepted().filter(valid_from__lte=on, valid_until__gte=on)

    def waiting(self) -> "AuthorityQuerySet":
        """Return those an organiser has to look at."""
        return self.filter(state=AgentAuthority.State.HANDED_IN)


class AgentAuthority(Stateful):
    """A power of attorney of the legal representative (授权委托书): the agent, its days, and whether it is in order.

    Who applied without one is the legal representative in person. A later one stands beside the earlier ones.
    """

    class State(models.TextChoices):
        HANDED_IN = "handed_in", _("being checked")
        ACCEPTED = "accepted", _("in order")
        REFUSED = "refused", _("not in order")

    NEXT: ClassVar[dict[str, set[str]]] = {
        State.HANDED_IN: {State.ACCEPTED, State.REFUSED},
        State.ACCEPTED: {State.REFUSED},
    }

    code = CodeField()
    registration = models.ForeignKey(BidderRegistration, on_delete=models.PROTECT, related_name="authorities")
    agent = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name=_("agent"))
    valid_from = models.DateField(_("in force from"))
    valid_until = models.DateField(_("in force until"))
    state = models.CharField(_("state"), max_length=20, choices=State.choices, default=State.HANDED_IN, editable=False)
    handed_in_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    handed_in_at = models.DateTimeField(_("handed in"))
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(_("checked at"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects = AuthorityQuerySet.as_manager()

    class Meta:
        verbose_name = _("power of attorney")
        verbose_name_plural = _("powers of attorney")
        ordering = ["registration", "id"]
        constraints = [
            models.CheckConstraint(name="agentauthority_from_until", condition=Q(valid_until__gte=F("valid_from"))),
            models.CheckConstraint(
                name="agentauthority_decided_iff_checked",
                condition=Q(state="handed_in", decided_by=None, decided_at=None)
                | (~Q(state="handed_in") & Q(decided_by__isnull=False, decided_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="agentauthority_refused_with_a_reason", condition=~Q(state="refused") | ~Q(reason="")
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def is_in_force(self, on: date) -> bool:
        return self.state == self.State.ACCEPTED and self.valid_from <= on <= self.valid_until

    def file_visible_to(self, user: Any, file: Any) -> bool:
        """Show a power of attorney to the bidder and to those who check it."""
        return user.is_authenticated and (
            user.acts_for(self.registration.organisation_id) or user.reads_everything or user.has_role(Role.ORGANISER)
        )


def ends_too_soon(valid_until: date, lot: "Lot") -> bool:
    """Tell whether a power of attorney ends before the day on which bidding on the lot begins."""
    return valid_until < timezone.localdate(lot.starts_at)


def warning_of(valid_until: date, lot: "Lot") -> str:
    """Return why a power of attorney may not last as long as the bidding, or "".

    Bids in the last minutes move the end, so one that ends on the last day of the bidding may not last either.
    """
    if lot.state not in (lot.State.ANNOUNCED, lot.State.POSTPONED, lot.State.OPEN, lot.State.SUSPENDED):
        return ""
    words = {"begins": timezone.localdate(lot.starts_at), "ends": timezone.localdate(lot.ends_at)}
    if ends_too_soon(valid_until, lot):
        return gettext("It ends before bidding begins on %(begins)s: nobody can bid by it.") % words
    if lot.state == lot.State.POSTPONED:
        return gettext("New times will be announced. Look then whether it lasts as long as the bidding.")
    if valid_until < words["ends"]:
        return gettext("It ends before the bidding does: bidding goes on until %(ends)s or longer.") % words
    if valid_until == words["ends"]:
        return gettext("It ends on the last day of the bidding (%(ends)s), and late bids may move the end.") % words
    return ""


def why_not_speak(agent: int, user: int, papers: Sequence[AgentAuthority], on: date) -> str | None:
    """Return why `user` does not bid on a registration `agent` applied with, by its powers of attorney, on a day."""
    own = [paper for paper in papers if paper.agent_id == user]
    if any(paper.is_in_force(on) for paper in own) or (not own and user == agent):
        return None
    return _what_is_wrong(own, on)


def _what_is_wrong(own: list[AgentAuthority], on: date) -> str:
    in_order = [paper for paper in own if paper.state == AgentAuthority.State.ACCEPTED]
    coming = min((paper.valid_from for paper in in_order if paper.valid_from > on), default=None)
    if coming is not None:
        return gettext("Your power of attorney begins on %(day)s. Until then you cannot bid.") % {"day": coming}
    if in_order:
        over = max(paper.valid_until for paper in in_order)
        return gettext("Your power of attorney ended on %(day)s. Hand in a new one to bid.") % {"day": over}
    if any(paper.state == AgentAuthority.State.HANDED_IN for paper in own):
        return gettext("Your power of attorney is still being checked.")
    if own:
        return gettext("Your power of attorney was not in order. Hand in a new one to bid.")
    return gettext(
        "Bids for your organisation come from the person who applied, or from an agent with a power of attorney."
    )


FACTS = ("agent_id", "state", "valid_from", "valid_until")
ENTITLEMENT = """
    SELECT conflict, registration, applicant, agent, state, valid_from, valid_until FROM bid_entitlement(%s, %s, %s)
"""


@dataclass(frozen=True)
class Entitlement:
    """What stands for and against a person's bids on a lot for an organisation."""

    # the code of what stands between them for good; "" for nothing, or left to the decision; None: nobody to ask for
    conflict: str | None = None
    registration: int | None = None  # the key of the organisation's registration
    applicant: int | None = None  # the key of the person who applied
    papers: tuple[AgentAuthority, ...] = ()

    def speaker(self, by: User) -> int:
        """Return the key of the registration `by` may bid on. Raises NotQualified, NoAuthority."""
        if self.registration is None or self.applicant is None:
            raise NotQualified()
        why = why_not_speak(self.applicant, by.pk, self.papers, clock.today())
        if why is not None:
            raise NoAuthority(why)
        return self.registration


def entitlement(lot: "Lot", *, by: User, organisation: "Organisation | None") -> Entitlement:
    """Return what stands for and against a person bidding on a lot: one question, because each bid asks it."""
    if organisation is None or by.pk is None:
        return Entitlement()
    with connection.cursor() as cursor:
        cursor.execute(ENTITLEMENT, [lot.pk, organisation.pk, by.pk])
        rows = cursor.fetchall()
    conflict, registration, applicant = rows[0][:3]
    papers = (AgentAuthority(**dict(zip(FACTS, row[3:], strict=True))) for row in rows if row[3] is not None)
    return Entitlement(conflict, registration, applicant, tuple(papers))
