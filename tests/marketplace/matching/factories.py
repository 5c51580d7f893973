"""Needs, outcomes and scored pairs, valid by default."""

from datetime import timedelta

from marketplace.core import clock
from marketplace.core.classifications import TechnicalField
from marketplace.matching.actions import accept_match
from marketplace.matching.proposing import propose_matches
from marketplace.matching.scored import Feature, Part, ScoredPair
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.roles import MemberRole, Role
from marketplace.outcomes.models import ResearchOutcome
from tests.factories import people
from tests.factories.people import numbers as serial
from tests.factories.people import organisation

WAN = 1_000_000


def person(*staff_roles, member_of=None, roles=()):
    """Platform staff, or with `member_of` a member of an organisation, or both."""
    user = people.staff(*(Role(role) for role in staff_roles))
    if member_of is not None:
        people.join(user, member_of, *(MemberRole(role) for role in roles))
    return user


def technical_field():
    given = {"name": "先进制造", "name_en": "Advanced manufacturing"}
    return TechnicalField.objects.get_or_create(code="TEST", defaults=given)[0]


def institute(**facts):
    return organisation(**{"kind": "institute", "name": f"样例研究院{next(serial)}"} | facts)


def enterprise(**facts):
    return organisation(**{"kind": "enterprise", "name": f"样例企业{next(serial)}"} | facts)


def member(of, *roles):
    """A person in an organisation; a manager unless other roles are named."""
    return person(member_of=of, roles=roles or ["manager"])


def need(*, of=None, **facts):
    of, now = of or enterprise(), clock.now()
    given = {
        "title": "智能锁静态功耗降低",
        "problem": "整机静态电流偏高，八节电池不足半年。",
        "field": technical_field(),
        "mode": "commissioned",
        "budget_low": 50 * WAN,
        "budget_high": 80 * WAN,
        "live": True,
        "published_at": now,
        "drafted_by": person(),
        "drafted_at": now,
        **facts,
    }
    return TechnologyNeed.objects.create(organisation=of, **given)


def outcome(*, of=None, **facts):
    of, now = of or institute(), clock.now()
    given = {
        "number": f"CG-2026-{next(serial):04d}",
        "title": "低功耗指静脉识别锁用模组",
        "summary": "静态电流 18 µA 的指静脉识别模组。",
        "field": technical_field(),
        "trl": 7,
        "modes": ["ordinary"],
        "price_low": 80 * WAN,
        "price_high": 180 * WAN,
        "live": True,
        "published_at": now,
        "confirmed_on": clock.today(),
        "expires_on": clock.today() + timedelta(days=365),
        "drafted_by": person(),
        "drafted_at": now,
        **facts,
    }
    return ResearchOutcome.objects.create(owner=of, **given)


PARTS = (
    Part(Feature.TEXT, 0.82, 0.45),
    Part(Feature.FIELD, 1.0, 0.12, {"code": "TEST"}),
    Part(Feature.TRL, 1.0, 0.04, {"offered": 7, "wanted": 6}),
    Part(Feature.BUDGET, 0.2, 0.03, {"budget": [50 * WAN, 80 * WAN], "price": [90 * WAN, 180 * WAN], "how": "above"}),
    Part(Feature.INDUSTRY, None, 0.06),
)


def pair(need, outcome, score=0.66, **facts):
    given = {"parts": PARTS, "phrases": ("静态电流", "智能锁"), "weights_version": "w1", **facts}
    return ScoredPair(need_id=need.pk, outcome_id=outcome.pk, score=score, **given)


def proposed(*, need=None, outcome=None, score=0.66):
    """A proposal as search makes it."""
    need, outcome = need or globals()["need"](), outcome or globals()["outcome"]()
    return propose_matches(need, [pair(need, outcome, score)])[0]


def agreed(**sides):
    """A match both sides accepted."""
    match = proposed(**sides)
    accept_match(match, by=member(match.need.organisation), organisation=match.need.organisation)
    accept_match(match, by=member(match.outcome.owner), organisation=match.outcome.owner)
    return match
