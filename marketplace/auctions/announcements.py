"""What was published about a session: amendments of its announcement, each chained to what was published before."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.auctions.sessions import AuctionSession
from marketplace.organisations.models import User


class AnnouncementAmendment(models.Model):
    """One published amendment (修改公告), as it is hashed; the first follows the announcement, each the one before."""

    session = models.ForeignKey(AuctionSession, on_delete=models.PROTECT, related_name="amendments")
    position = models.PositiveSmallIntegerField(_("number"))
    content = models.JSONField()
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    published_at = models.DateTimeField(_("published at"))
    published_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("amendment of an announcement")
        verbose_name_plural = _("amendments of announcements")
        ordering = ["session", "position"]
        constraints = [
            models.UniqueConstraint(fields=["session", "position"], name="amendment_position_once"),
            models.CheckConstraint(name="amendment_counts_from_1", condition=Q(position__gte=1)),
            models.CheckConstraint(name="amendment_chained", condition=~Q(prev_hash="") & ~Q(hash="")),
        ]

    def __str__(self) -> str:
        return f"{self.session.number} #{self.position}"

    def get_absolute_url(self) -> str:
        return f"{self.session.announcement_url}#amendment-{self.position}"
