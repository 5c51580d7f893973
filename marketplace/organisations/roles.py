"""Two kinds of roles: of platform staff (Django groups) and of members inside their organisation."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Platform staff; the value is the name of the Django group."""

    OFFICER = "officer", _("officer")
    REGISTRAR = "registrar", _("registrar")
    SECOND_REVIEWER = "second_reviewer", _("second reviewer")
    ORGANISER = "organiser", _("auction organiser")
    AUCTIONEER = "auctioneer", _("auctioneer")
    FINANCE = "finance", _("platform finance")
    EDITOR = "editor", _("editor")
    LIAISON = "liaison", _("liaison")
    AUDITOR = "auditor", _("auditor")


class MemberRole(models.TextChoices):
    """What a person may do for the organisation they belong to."""

    MANAGER = "manager", _("manager")
    PUBLISHER = "publisher", _("publisher")
    BIDDER = "bidder", _("bidder's agent")
    FINANCE = "finance", _("finance")
