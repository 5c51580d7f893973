"""Deposits of 瓯来拍 for finance staff, who see no bids."""

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.auctions.models import Deposit
from marketplace.desk.rows import Reader, Row, first_of, money
from marketplace.desk.waiting.auctions import yet_to_come
from marketplace.organisations.roles import Role


def waiting(reader: Reader) -> list[Row]:
    if not reader.user.has_role(Role.FINANCE):
        return []
    others = Deposit.objects.exclude(organisation__in=list(reader.user.member_roles))
    others = others.select_related("organisation", "session")
    address = reverse("deposit-list")
    return [
        *first_of(others.to_receive().order_by("due_at", "pk"), _receive, url=address, icon="banknotes"),
        *first_of(others.to_release(), _release, url=address, icon="banknotes"),
    ]


def _receive(deposit: Deposit) -> Row:
    return _deposit(deposit, _("Record the deposit of %(name)s"), _("Record"))


def _release(deposit: Deposit) -> Row:
    return _deposit(deposit, _("Release the deposit of %(name)s"), _("Release"))


def _deposit(deposit: Deposit, title: str, act: str) -> Row:
    to_receive = deposit.state == Deposit.State.DUE
    later = yet_to_come(deposit.session) if to_receive else ()
    return Row(
        title=title % {"name": deposit.organisation},
        about=(money(deposit.received or deposit.amount), deposit.reference, deposit.session.heading, *later),
        url=reverse("deposit-detail", args=[deposit.code]),
        act=act,
        icon="banknotes",
        due=deposit.due_at if to_receive and not later else None,
        since=deposit.release_due_at,
    )
