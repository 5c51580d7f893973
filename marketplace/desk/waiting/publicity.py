"""公示: objections that wait for a reasoned answer; until then the publicity does not end."""

from django.utils.translation import gettext as _

from marketplace.desk.rows import Reader, Row
from marketplace.organisations.roles import Role
from marketplace.publicity.models import Objection, Publicity


def waiting(reader: Reader) -> list[Row]:
    matters = [Publicity.Matter.SALE_RESULT] if reader.user.has_role(Role.ORGANISER) else []
    if reader.user.has_role(Role.OFFICER):
        matters += [Publicity.Matter.LEAD, Publicity.Matter.REWARD]
    if not matters:
        return []
    found = Objection.objects.unanswered().filter(publicity__state="running", publicity__matter__in=matters)
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
