"""公示: objections that wait for a reasoned answer; until then the publicity does not end."""

from django.db.models import Q
from django.utils.translation import gettext as _

from marketplace.deals.parts import PriceProposal
from marketplace.desk.rows import Reader, Row
from marketplace.organisations.roles import MemberRole, Role
from marketplace.publicity.models import Objection, Publicity

Matter = Publicity.Matter
BY_OFFICERS = [Matter.AGREED_PRICE, Matter.TRIAL_PRICE, Matter.LEAD, Matter.REWARD]


def _matters(reader: Reader) -> Q:
    """Return what this reader may be asked to answer; whether they may, each record says."""
    managed = reader.holds(MemberRole.MANAGER)
    own = PriceProposal.objects.filter(deal__seller__in=managed)
    asked = Q(publicity__matter=Matter.AGREED_PRICE, publicity__subject_id__in=own.values("pk"))
    if managed:
        asked |= Q(publicity__matter=Matter.DISTRIBUTION)
    if reader.user.has_role(Role.ORGANISER):
        asked |= Q(publicity__matter=Matter.SALE_RESULT)
    if reader.user.has_role(Role.OFFICER):
        asked |= Q(publicity__matter__in=BY_OFFICERS)
    return asked


def waiting(reader: Reader) -> list[Row]:
    answers = reader.user.has_role(Role.ORGANISER, Role.OFFICER) or reader.holds(MemberRole.MANAGER)
    if not answers:
        return []
    found = Objection.objects.unanswered().filter(_matters(reader), publicity__state="running")
    found = found.exclude(made_by=reader.user)
    rows = found.select_related("publicity").prefetch_related("publicity__subject")[:20]
    return [_answer(one) for one in rows if one.publicity.why_not_answer(reader.user) is None]


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
