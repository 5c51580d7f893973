"""Deposits of 瓯来拍 for finance staff, who see no bids."""

from functools import partial
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from marketplace.auctions.models import Deposit, StrayPayment
from marketplace.core.working_days import working_days_between
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, first_of, money
from marketplace.desk.waiting.auctions import yet_to_come
from marketplace.organisations.roles import Role


def waiting(reader: Reader) -> list[Pile]:
    if not reader.user.has_role(Role.FINANCE):
        return []
    others = Deposit.objects.exclude(organisation__in=list(reader.user.member_roles))
    others = others.select_related("organisation", "session")
    due, back = others.to_receive().order_by("due_at", "pk"), others.to_release()
    strays = StrayPayment.objects.filter(state=StrayPayment.State.OPEN).order_by("received_at", "pk")
    address, release = reverse("deposit-list"), partial(_release, reader=reader)
    return [
        Pile(due, lambda: first_of(due, _receive, url=address, icon="banknotes")),
        Pile(back, lambda: first_of(back, release, url=address, icon="banknotes")),
        Pile(strays, lambda: first_of(strays, _stray, url=reverse("stray-list"), icon="banknotes")),
    ]


def _stray(stray: StrayPayment) -> Row:
    return Row(
        title=_("Clear up the payment of %(payer)s") % {"payer": stray.payer},
        about=(money(stray.amount), stray.bank_reference),
        url=stray.get_absolute_url(),
        act=_("Clear it up"),
        icon="banknotes",
        since=stray.received_at,
    )


def _receive(deposit: Deposit) -> Row:
    later = yet_to_come(deposit.session)
    due = None if later else deposit.due_at
    return _deposit(deposit, _("Record the deposit of %(name)s"), _("Record"), about=later, due=due)


def _release(deposit: Deposit, *, reader: Reader) -> Row:
    """Announcements promise the refund on the day it becomes due: from the next working day on it is overdue."""
    due = timezone.localdate(deposit.release_due_at)
    left = working_days_between(reader.today, due, declared=reader.declared)
    clock: dict[str, Any] = {"due": due, "working_days": left, "since": deposit.release_due_at}
    return _deposit(deposit, _("Release the deposit of %(name)s"), _("Release"), **clock)


def _deposit(deposit: Deposit, title: str, act: str, *, about: tuple[str, ...] = (), **clock: Any) -> Row:
    return Row(
        title=title % {"name": deposit.organisation},
        about=(money(deposit.received or deposit.amount), deposit.reference, deposit.session.heading, *about),
        url=reverse("deposit-detail", args=[deposit.code]),
        act=act,
        icon="banknotes",
        **clock,
    )
