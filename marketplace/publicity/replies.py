"""What those against whom an objection goes say to it, once for each side, before it is answered."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock, journal
from marketplace.core.journal import Kind
from marketplace.core.refusals import Refused
from marketplace.core.rules import require
from marketplace.organisations.models import Organisation, User
from marketplace.publicity import rules
from marketplace.publicity.actions import NoLongerPublic, plain
from marketplace.publicity.models import Objection


class RepliedAlready(Refused):
    message = _("Your side has replied already. It stands below the objection.")
    field = "text"


class ReplyMissing(Refused):
    message = _("Say what is right or wrong about the objection.")
    field = "text"


class ObjectionReply(models.Model):
    """The word of one side to one objection; `side` is a key of the record's `publicity_sides_of`."""

    objection = models.ForeignKey(Objection, on_delete=models.PROTECT, related_name="replies")
    side = models.CharField(max_length=10)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, null=True, related_name="+")
    text = models.TextField(_("reply"), max_length=4000)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        verbose_name = _("reply to an objection")
        verbose_name_plural = _("replies to objections")
        ordering = ["made_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["objection", "side"], name="objectionreply_once_per_side"),
        ]

    def __str__(self) -> str:
        return f"{self.objection_id} {self.side}"


@transaction.atomic
def reply_to_objection(objection: Objection, *, by: User, text: str) -> ObjectionReply:
    """Say something to an objection that waits for its answer. Raises NoLongerPublic, ReplyMissing, RepliedAlready."""
    publicity = objection.publicity
    publicity.lock()
    objection.lock()
    now = clock.now()
    require(rules.reply_to_objection, by, objection)
    if not publicity.is_running or objection.state != Objection.State.MADE:
        raise NoLongerPublic()
    if not plain(text):
        raise ReplyMissing()
    open_sides = [each for each in publicity.sides_of(by).items() if not has_replied(objection, each[0])]
    if not open_sides:
        raise RepliedAlready()
    side, organisation = open_sides[0]
    reply = ObjectionReply.objects.create(
        objection=objection, side=side, organisation=organisation, text=plain(text), made_by=by, made_at=now
    )
    journal.record(Kind.OBJECTION_REPLIED, objection, by=by, on_behalf_of=organisation, side=side)
    return reply


def has_replied(objection: Objection, side: str) -> bool:
    return ObjectionReply.objects.filter(objection=objection, side=side).exists()
