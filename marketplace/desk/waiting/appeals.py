"""Appeals against defaults that wait for somebody who did not declare them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.auctions import rules
from marketplace.auctions.models import DefaultAppeal, Lot
from marketplace.core.rules import why_not
from marketplace.desk.rows import Reader, Row
from marketplace.organisations.roles import Role


def waiting(reader: Reader) -> list[Row]:
    if not reader.user.has_role(Role.ORGANISER, Role.OFFICER):
        return []
    parts = ("registration__lot__outcome", "registration__lot__session", "registration__lot__leader")
    found = DefaultAppeal.objects.filter(state="made", registration__lot__state="defaulted").order_by("made_at")
    return [
        _decide(one.registration.lot, one)
        for one in found.select_related(*parts)[:20]
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
