"""Who takes part in a trial."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Party(models.TextChoices):
    """The two parties of a trial."""

    OWNER = "owner", _("institute")
    ENTERPRISE = "enterprise", _("enterprise")

    @property
    def other(self) -> "Party":
        return Party.ENTERPRISE if self is Party.OWNER else Party.OWNER
