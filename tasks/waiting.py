"""What background work has waiting on the desk: deliveries that failed ten times, for the officers."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.desk.piles import Pile
from marketplace.desk.rows import Reader, Row
from marketplace.organisations.roles import Role
from tasks.models import Delivery


def stuck_deliveries(reader: Reader) -> list[Pile]:
    """One row for all of them, leading to the screen on which they are started again."""
    if not reader.user.has_role(Role.OFFICER):
        return []
    stuck = Delivery.objects.stuck().order_by("due_at")
    return [Pile(stuck, lambda: _stuck(stuck[0], stuck.count()))]


def _stuck(oldest: Delivery, count: int) -> list[Row]:
    words = ngettext("Look at %(count)s notice or index entry", "Look at %(count)s notices or index entries", count)
    return [
        Row(
            title=words % {"count": count},
            about=(_("tried ten times without success"),),
            url=reverse("deliveries:index"),
            act=_("Look"),
            icon="exclamation-triangle",
            since=oldest.due_at,
            count=count,
        )
    ]
