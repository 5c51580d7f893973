"""What the pages of a session show of its rehearsals: to organisers all not wiped, to bidders what to join."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from marketplace.auctions import rules, rules_of_bidders
from marketplace.auctions.forms import moment_field
from marketplace.auctions.models import AuctionSession, Lot
from marketplace.auctions.rehearsals import may_be_rehearsed
from marketplace.auctions.words import SESSION_TONES
from marketplace.core.rules import why_not

SOON = timedelta(minutes=10)


class RehearsalForm(forms.Form):
    """When a rehearsal begins, and how long each of its lots takes bids."""

    starts_at = moment_field(_("rehearsal from"))
    minutes = forms.IntegerField(label=_("minutes for each lot"), min_value=3, max_value=240, initial=20)


def rehearsal_form(at: datetime) -> RehearsalForm:
    """Return the form with a time ten minutes after `at`."""
    soon = timezone.localtime(at + SOON).replace(second=0, microsecond=0)
    return RehearsalForm(auto_id="id_rehearse_%s", initial={"starts_at": soon})


def rehearsal_context(
    request: Any, session: AuctionSession, bound: forms.Form | None, *, at: datetime
) -> dict[str, Any]:
    """Return what an organiser's page needs; `bound` is a form that was not accepted."""
    rehearsals = session.rehearsals.kept().order_by("-starts_at")
    return {
        "rehearsals": [{"session": each, "tone": SESSION_TONES[each.state]} for each in rehearsals],
        "may_rehearse": may_be_rehearsed(session) and why_not(rules.rehearse_session, request.user, session) is None,
        "may_wipe": why_not(rules.wipe_rehearsal, request.user, session) is None,
        "rehearsal_form": bound or rehearsal_form(at),
    }


def to_join(request: Any, session: AuctionSession, *, at: datetime) -> list[AuctionSession]:
    """Return the rehearsals of a session, or itself if it is one, with a lot the reader's organisation may join now."""
    if request.organisation is None:
        return []
    rehearsals = [session] if session.rehearsal_of_id else list(session.rehearsals.kept().order_by("starts_at"))
    return [each for each in rehearsals if joinable_lots(request, each, at=at)]


def joinable_lots(request: Any, rehearsal: AuctionSession, *, at: datetime) -> list[Lot]:
    """Return the lots of a rehearsal that the reader's organisation may join at `at`, and has not."""
    running = rehearsal.lots.public().filter(state__in=[Lot.State.ANNOUNCED, Lot.State.OPEN], ends_at__gt=at)
    own = rehearsal.lots.filter(registrations__organisation=request.organisation)
    lots = running.exclude(pk__in=own).select_related("session__rehearsal_of", "outcome__owner").order_by("position")
    return [
        lot
        for lot in lots
        if why_not(rules_of_bidders.join_rehearsal, request.user, lot, organisation=request.organisation) is None
    ]


def rehearsed_by(copy: Lot) -> Lot | None:
    """Return the lot of which this one is the copy in a rehearsal, or None if it is none."""
    rehearsed = copy.session.rehearsal_of
    return rehearsed.lots.get(position=copy.position) if rehearsed is not None else None
