"""The desk: what waits for me now, with the way to do it."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.auctions.models import AuctionSession
from marketplace.brokers.verification import TONES
from marketplace.desk.accompanied import accompanied
from marketplace.desk.collecting import collect, counted, due_by
from marketplace.desk.drafts import drafts_of
from marketplace.desk.menu import beginnings, menu_of, rooms_of
from marketplace.desk.rows import SOON, Reader, Row
from marketplace.organisations.roles import Role

TODAY = timedelta()


def _for_houses(rows: list[Row], request: Any) -> list[Row]:
    """Return the rows with the name of the organisation each is for, where they are of several."""
    if request.organisation is not None or len(request.my_organisations) < 2:
        return rows
    names = {each.pk: each.called for each in request.my_organisations}
    return [replace(row, house=names.get(row.of or 0, "")) for row in rows]


def _filters(chosen: str, rows: list[Row], today: list[Row], soon: list[Row]) -> list[dict[str, Any]]:
    address = reverse("desk")
    offered = [("", _("All"), rows), ("today", _("Due or overdue"), today), ("soon", _("Within three days"), soon)]
    return [
        {
            "label": label,
            "count": counted(some),
            "href": f"{address}?due={key}" if key else address,
            "on": key == chosen,
        }
        for key, label, some in offered
    ]


def _standing(reader: Reader) -> dict[str, Any]:
    """Return who is at work here: platform roles, organisation, and the broker's certificate."""
    broker = getattr(reader.user, "broker", None)
    standing = broker.standing(reader.today) if broker else None
    return {
        "roles": [role.label for role in Role if role.value in reader.user.roles],
        "organisation": reader.organisation,
        "broker": broker,
        "broker_standing": standing,
        "broker_tone": TONES[standing] if standing else "",
    }


@login_required
def desk(request: Any) -> HttpResponse:
    """What waits for the signed-in person, by deadline."""
    reader = Reader.of(request)
    rows = _for_houses(collect(reader), request)
    today, soon = due_by(rows, reader, TODAY), due_by(rows, reader, SOON)
    chosen, standing, rooms = request.GET.get("due", ""), _standing(reader), rooms_of(reader.user)
    context = {
        "rows": {"today": today, "soon": soon}.get(chosen, rows),
        "waiting": counted(rows),
        "filters": _filters(chosen, rows, today, soon),
        "standing": standing,
        "drafts": drafts_of(reader),
        "accompanied": accompanied(standing["broker"], at=reader.at),
        "beginnings": beginnings(reader.user, reader.organisation),
        "rooms": [] if rows else rooms,
        "sessions": AuctionSession.objects.scheduled().filter(is_practice=False)[:3],
        "desk_menu": menu_of(request, rooms, waiting=counted(rows)),
    }
    return render(request, "marketplace/desk/desk.html", context)
