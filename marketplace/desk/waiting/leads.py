"""Leads for the party to confirm and for the broker to link; rewards for officers and finance."""

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.brokers.leads.models import Lead
from marketplace.core.rules import why_not
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.roles import MemberRole, Role
from marketplace.rewards import rules
from marketplace.rewards.models import RewardClaim


def waiting(reader: Reader) -> list[Pile]:
    managed = reader.holds(MemberRole.MANAGER)
    piles = [_to_confirm(reader, managed)] if managed else []
    if not reader.user.is_platform_staff:  # who keeps the register is no broker in it
        piles.append(_to_link(reader))
    return [*piles, *_rewards(reader)]


def _to_confirm(reader: Reader, managed: list[int]) -> Pile:
    asked = Lead.objects.filter(party__in=managed, state=Lead.State.REGISTERED).exclude(broker__user=reader.user)
    found = asked.with_records().order_by("registered_at")
    return Pile(asked, lambda: first_of(found, _confirm, url=reverse("lead-list"), icon="flag"))


def _to_link(reader: Reader) -> Pile:
    own = Lead.objects.filter(broker__user=reader.user, state=Lead.State.STANDING)
    return Pile(own, lambda: [_link(lead) for lead in own.with_records()[:6]])


def _confirm(lead: Lead) -> Row:
    return Row(
        title=_("Did %(broker)s bring it? Confirm or decline") % {"broker": lead.broker},
        about=(lead.called,),
        url=lead.get_absolute_url(),
        act=_("Open"),
        icon="flag",
        since=lead.registered_at,
    )


def _link(lead: Lead) -> Row:
    return Row(
        title=_("Link your lead to its deal"),
        about=(lead.called,),
        url=lead.get_absolute_url(),
        act=_("Open"),
        icon="flag",
        since=lead.decided_at,
    )


def _rewards(reader: Reader) -> list[Pile]:
    asked = {
        RewardClaim.State.CLAIMED: (Role.OFFICER, rules.review_claim),
        RewardClaim.State.PUBLICISED: (Role.OFFICER, rules.approve_claim),
        RewardClaim.State.APPROVED: (Role.FINANCE, rules.pay_claim),
    }
    acts = {state: rule for state, (role, rule) in asked.items() if reader.user.has_role(role)}
    if not acts:
        return []
    asked_for = RewardClaim.objects.filter(state__in=acts)
    found = asked_for.with_records().order_by("claimed_at")[:12]
    may = lambda one: why_not(acts[RewardClaim.State(one.state)], reader.user, one) is None  # noqa: E731
    return [Pile(asked_for, lambda: [_reward(one) for one in found if may(one)])]


def _reward(claim: RewardClaim) -> Row:
    titles = {
        RewardClaim.State.CLAIMED: _("Review the reward claim of %(broker)s"),
        RewardClaim.State.PUBLICISED: _("Approve the reward of %(broker)s"),
        RewardClaim.State.APPROVED: _("Pay the reward of %(broker)s"),
    }
    return Row(
        title=titles[RewardClaim.State(claim.state)] % {"broker": claim.broker},
        about=(claim.contract.project_name,),
        url=claim.get_absolute_url(),
        act=_("Open"),
        icon="banknotes",
        since=claim.decided_at or claim.claimed_at,
    )
