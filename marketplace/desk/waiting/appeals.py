"""Appeals against defaults that wait for somebody who did not declare them."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.auctions import rules
from marketplace.auctions.models import DefaultAppeal, Lot
from marketplace.core.rules import why_not
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row
from marketplace.organisations.roles import Role

PARTS = ("registration__lot__outcome", "registration__lot__session", "registration__lot__leader")


def waiting(reader: Reader) -> list[Pile]:
    if not reader.user.has_role(Role.ORGANISER, Role.OFFICER):
        return []
    made = DefaultAppeal.objects.filter(state="made", registration__lot__state="defaulted")
    return [Pile(made, lambda: _appeals(reader, made.order_by("made_at")))]


def _appeals(reader: Reader, made: QuerySet[DefaultAppeal]) -> list[Row]:
    return [
        _decide(one.registration.lot, one)
        for one in made.select_related(*PARTS)[:20]
        if why_not(rules.decide_appeal, reader.user, one.registration.lot) is None
    ]


def _decide(lot: Lot, appeal: DefaultAppeal) -> Row:
    return Row(
        title=_("Decide on the appeal: %(lot)s") % {"lot": lot.heading},
        about=(lot.get_state_display(), lot.session.heading),
        url=reverse("lot-manage", args=[lot.number]),
        act=_("Decide"),
        icon="megaphone",
        since=appeal.made_at,
    )
