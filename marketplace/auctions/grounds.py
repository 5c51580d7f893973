"""Grounds of what is done to a lot while it is bid for; they stand in its record."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class VoidGround(models.TextChoices):
    """Why a bid does not count any more."""

    MISTYPED = "mistyped", _("the floor entry was mistyped")
    NOT_ENTITLED = "not_entitled", _("the bidder is not entitled to bid")


class ExtensionGround(models.TextChoices):
    """Why the auctioneer moves the end."""

    TIME = "time", _("bidders ask for time")
    CONNECTION = "connection", _("connections are slow")
    COURSE = "course", _("course of the session")


class SuspensionGround(models.TextChoices):
    """Why the bidding stops for a while."""

    FAULT = "fault", _("technical fault")
    LEGAL = "legal", _("legal ground")
    OBJECTION = "objection", _("objection under examination")
    OTHER = "other", _("other ground")
