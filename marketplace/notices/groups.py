"""Groups of notices, as people choose between them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Group(models.TextChoices):
    """What a notice is about; mail is switched on and off per group, except what has legal effect."""

    LEGAL = "legal", _("Notices with legal effect")
    TASKS = "tasks", _("What waits for you")
    AUCTION = "auction", _("Bidding: outbid, extended, result")
    MATCHING = "matching", _("Matches, interest and messages")
    NEWS = "news", _("Changes and news")


EXPLAINED = {
    Group.LEGAL: _(
        "Acceptance, return, publicity, sale, refund. These cannot be switched off; the time of sending is recorded."
    ),
    Group.TASKS: _("Decisions and steps that only you or your organisation can take."),
    Group.AUCTION: _("Lots you take part in."),
    Group.MATCHING: _("New matches, answers, interest in what you published, finds of your saved searches."),
    Group.NEWS: _("Changes to what you follow, events and policy."),
}
MAILED_BY_DEFAULT = {Group.LEGAL, Group.TASKS, Group.MATCHING, Group.AUCTION}
