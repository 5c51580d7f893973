"""Leads for the party to confirm and for the broker to link; rewards for officers and finance."""

from django.urls import reverse
from django.utils.translation import gettext as _

from marketplace.brokers.leads.models import Lead
from marketplace.core.rules import why_not
from marketplace.desk.rows import Reader, Row, first_of
from marketplace.organisations.roles import MemberRole, Role
from marketplace.rewards import rules
from marketplace.rewards.models import RewardClaim


def waiting(reader: Reader) -> list[Row]:
    return [*_leads(reader), *_rewards(reader)]


def _leads(reader: Reader) -> list[Row]:
    rows: list[Row] = []
    managed = reader.holds(MemberRole.MANAGER)
    if managed:
        asked = Lead.objects.filter(party__in=managed, state=Lead.State.REGISTERED).exclude(broker__user=reader.user)
        found = asked.with_records().order_by("registered_at")
        rows = first_of(found, _confirm, url=reverse("lead-list"), icon="flag")
    if reader.user.is_platform_staff:  # who keeps the register is no broker in it
        return rows
    own = Lead.objects.filter(broker__user=reader.user, state=Lead.State.STANDING).with_records()[:6]
    return [*rows, *(_link(lead) for lead in own)]


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


def _rewards(reader: Reader) -> list[Row]:
    asked = {
        RewardClaim.State.CLAIMED: (Role.OFFICER, rules.review_claim),
        RewardClaim.State.PUBLICISED: (Role.OFFICER, rules.approve_claim),
        RewardClaim.State.APPROVED: (Role.FINANCE, rules.pay_claim),
    }
    acts = {state: rule for state, (role, rule) in asked.items() if reader.user.has_role(role)}
    if not acts:
        return []
    found = RewardClaim.objects.filter(state__in=acts).with_records().order_by("claimed_at")[:12]
    return [_reward(one) for one in found if why_not(acts[RewardClaim.State(one.state)], reader.user, one) is None]


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
