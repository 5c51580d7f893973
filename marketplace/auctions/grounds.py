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


class DefaultGround(models.TextChoices):
    """Why a buyer is declared in default (悔拍).

    It let the day pass (民法典 Art. 577), or said before that day that it will not keep its word (民法典 Art. 578).
    """

    LATE = "late", _("the last day for the contract has passed")
    REFUSED = "refused", _("the buyer has said or shown that it will not sign")
    NOT_ENTITLED = "not_entitled", _("the buyer was not entitled to bid")
