"""Trials: requests to answer, contracts to confirm, decisions with their days left; terms and disputes for officers."""

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.one_side import answered
from marketplace.organisations.roles import MemberRole, Role
from marketplace.trials.models import Trial, TrialQuerySet
from marketplace.trials.party import Party
from marketplace.trials.pool import PoolEntry
from marketplace.trials.showing import acts_of, barred

ICON = "beaker"
LOOKED_AT = 200  # trials of one party that are under way at once


def waiting(reader: Reader) -> list[Pile]:
    owning, trying = reader.holds(MemberRole.PUBLISHER), reader.holds(MemberRole.BIDDER)
    managing = reader.holds(MemberRole.MANAGER)
    piles = []
    if owning or trying:
        mine = Trial.objects.under_way().filter(Q(outcome__owner__in=owning) | Q(enterprise__in=trying))
        piles.append(Pile(mine, lambda: _of_parties(reader, mine)))
    if managing:
        piles.append(_returned(managing))
    return [*piles, *_of_officers(reader)] if reader.user.has_role(Role.OFFICER) else piles


def _of_parties(reader: Reader, mine: TrialQuerySet) -> list[Row]:
    owning, trying = reader.holds(MemberRole.PUBLISHER), reader.holds(MemberRole.BIDDER)
    managing = reader.holds(MemberRole.MANAGER)
    found = mine.with_parties().prefetch_related("extensions", "breaches", "deal__contracts")
    trials = list(found.order_by("decide_by", "moved_at")[:LOOKED_AT])
    told = answered(reader.user, {Trial: [trial.pk for trial in trials]}) if reader.bound else {}
    rows = []
    for trial in trials:
        acts = acts_of(trial)
        signs = managing if trial.state in (Trial.State.REQUESTED, Trial.State.APPROVED) else owning
        sides = {Party.OWNER: trial.outcome.owner_id in signs, Party.ENTERPRISE: trial.enterprise_id in trying}
        answered_for = told.get((Trial, trial.pk), {})
        own = [party for party, is_own in sides.items() if is_own and not barred(trial, party, answered_for)]
        rows += [_act(trial, acts[party], of=trial.organisation(party).pk) for party in own if party in acts][:1]
    return rows


def _act(trial: Trial, act: str, *, of: int) -> Row:
    due = trial.ends_on if trial.state == Trial.State.RUNNING else trial.decide_by
    return Row(
        title=_("%(act)s: %(trial)s") % {"act": act, "trial": trial.outcome.heading},
        about=(trial.get_state_display(), trial.owner.called, trial.enterprise.called),
        url=trial.get_absolute_url(),
        act=_("Open"),
        icon=ICON,
        due=due if trial.state in (*Trial.BEFORE_START, *Trial.TRYING) else None,
        since=trial.moved_at,
        of=of,
    )


def _returned(managing: list[int]) -> Pile:
    found = PoolEntry.objects.filter(state=PoolEntry.State.RETURNED, outcome__owner__in=managing)
    return Pile(found, lambda: [_change(entry) for entry in found.select_related("outcome")[:20]])


def _change(entry: PoolEntry) -> Row:
    return Row(
        title=_("Change the terms of trial: %(title)s") % {"title": entry.outcome.heading},
        about=(entry.reason,),
        url=entry.get_absolute_url(),
        act=_("Change"),
        icon=ICON,
        since=entry.moved_at,
        of=entry.outcome.owner_id,
    )


def _of_officers(reader: Reader) -> list[Pile]:
    own = list(reader.user.member_roles)
    entries = PoolEntry.objects.filter(state=PoolEntry.State.CHECKING).exclude(outcome__owner__in=own)
    disputes = Trial.objects.filter(state=Trial.State.DISPUTE)
    disputes = disputes.exclude(Q(outcome__owner__in=own) | Q(enterprise__in=own))
    checking = entries.select_related("outcome__owner").order_by("moved_at")
    disputed = disputes.with_parties().order_by("moved_at")
    return [
        Pile(entries, lambda: first_of(checking, _check, url=reverse("pool-list"), icon=ICON)),
        Pile(disputes, lambda: first_of(disputed, _resolve, url=reverse("trial-list"), icon=ICON)),
    ]


def _check(entry: PoolEntry) -> Row:
    return Row(
        title=_("Check the terms of trial: %(title)s") % {"title": entry.outcome.heading},
        about=(entry.outcome.owner.called,),
        url=entry.get_absolute_url(),
        act=_("Check"),
        icon=ICON,
        since=entry.moved_at,
    )


def _resolve(trial: Trial) -> Row:
    return Row(
        title=_("Resolve the dispute: %(title)s") % {"title": trial.outcome.heading},
        about=(trial.owner.called, trial.enterprise.called),
        url=trial.get_absolute_url(),
        act=_("Resolve"),
        icon=ICON,
        since=trial.moved_at,
    )
