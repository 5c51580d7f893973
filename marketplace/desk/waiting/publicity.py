"""公示: objections that wait for a reasoned answer; until then the publicity does not end."""

from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.contracts.sharing.models import DistributionPlan
from marketplace.core.rules import why_not
from marketplace.deals.parts import PriceProposal
from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row
from marketplace.organisations.roles import MemberRole, Role
from marketplace.publicity.models import Objection, ObjectionQuerySet, Publicity
from marketplace.publicity.rules import answer_objection

Matter = Publicity.Matter
BY_OFFICERS = {Matter.AGREED_PRICE, Matter.TRIAL_PRICE, Matter.LEAD, Matter.REWARD}


def waiting(reader: Reader) -> list[Pile]:
    managed, matters = reader.holds(MemberRole.MANAGER), _matters(reader)
    if managed:
        matters |= {Matter.AGREED_PRICE, Matter.DISTRIBUTION}
    asked = Objection.objects.unanswered().filter(publicity__matter__in=matters, publicity__state="running")
    return [Pile(asked, lambda: _unanswered(reader, asked, managed))] if matters else []


def _matters(reader: Reader) -> set[str]:
    """Return what this reader may be asked to answer for the platform; whether they may, each record says."""
    of_organisers = {Matter.SALE_RESULT} if reader.user.has_role(Role.ORGANISER) else set()
    return of_organisers | (BY_OFFICERS if reader.user.has_role(Role.OFFICER) else set())


def _unanswered(reader: Reader, asked: ObjectionQuerySet, managed: list[int]) -> list[Row]:
    """Leave out what was made by the reader, what is about prices of others where the platform does not answer, and
    what is about plans of others."""
    if managed and Matter.AGREED_PRICE not in _matters(reader):
        own = PriceProposal.objects.filter(deal__seller__in=managed)
        asked = asked.filter(~Q(publicity__matter=Matter.AGREED_PRICE) | Q(publicity__subject_id__in=own.values("pk")))
    plans = DistributionPlan.objects.filter(contract__seller__in=managed)
    asked = asked.filter(~Q(publicity__matter=Matter.DISTRIBUTION) | Q(publicity__subject_id__in=plans.values("pk")))
    found = asked.exclude(made_by=reader.user).select_related("publicity").prefetch_related("publicity__subject")
    return [_answer(one) for one in found[:20] if why_not(answer_objection, reader.user, one) is None]


def _answer(objection: Objection) -> Row:
    return Row(
        title=_("Answer the objection: %(title)s") % {"title": objection.publicity},
        about=(objection.get_ground_display(), objection.publicity.get_matter_display()),
        url=objection.publicity.get_absolute_url(),
        act=_("Answer"),
        icon="megaphone",
        due=objection.publicity.ends_on,
        since=objection.made_at,
    )
