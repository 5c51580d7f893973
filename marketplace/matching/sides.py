"""The two sides of a match, their answers, and as whom people act on one."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from marketplace.brokers.models import TechBroker


class Side(models.TextChoices):
    """The two sides of a match."""

    NEED = "need", _("need")
    OUTCOME = "outcome", _("outcome")


class Answer(models.TextChoices):
    WAITING = "waiting", _("no answer yet")
    ACCEPTED = "accepted", _("accepted")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("acceptance taken back")


class Capacity(models.TextChoices):
    """As whom somebody adds or pins a match by hand."""

    OFFICER = "officer", _("the district")
    BROKER = "broker", _("the broker")
    NEED = "need", _("the side of the need")
    OUTCOME = "outcome", _("the side of the outcome")


OPEN_DEALS = ("negotiation", "pricing", "publicity", "contract", "registration", "performance")


def served_by(user: Any, *sides: str) -> Q:
    """Select needs or outcomes the person serves as a broker: in an open deal on one of these sides, or as invited.

    Only a broker who accepted the engagement serves, and none whom the district stopped.
    May select a record twice: use it in a subquery.
    """
    own = TechBroker.objects.working().filter(user=user.pk)
    in_deal = Q(
        deals__broker__in=own,
        deals__broker_accepted_at__isnull=False,
        deals__broker_side__in=sides,
        deals__state__in=OPEN_DEALS,
    )
    return in_deal | Q(invitations__broker__in=own, invitations__state="accepted")
