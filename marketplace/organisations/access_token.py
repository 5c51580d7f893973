"""That a program may act for a person and one organisation, until when. Loaded through organisations.models.

The token itself is Wagtail's APIToken: its generation, check sum, keyed digest and owner, revocation and last use
are kept there. It knows neither an organisation nor an end, hence this row; a token without it opens nothing here.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from marketplace.core.codes import CodeField

if TYPE_CHECKING:
    from marketplace.organisations.people import User


class AccessTokenQuerySet(models.QuerySet["AccessToken"]):
    def of(self, user: "User") -> "AccessTokenQuerySet":
        """Return the tokens a person made."""
        return self.filter(token__user=user)

    def working(self, at: datetime) -> "AccessTokenQuerySet":
        """Return the tokens neither revoked nor expired at `at`."""
        return self.filter(token__revoked_at=None, expires_at__gt=at)


class AccessToken(models.Model):
    """A token of a program: whose, for which organisation, until when."""

    code = CodeField()
    token = models.OneToOneField("wagtailcore.APIToken", on_delete=models.PROTECT, related_name="access")
    organisation = models.ForeignKey(
        "marketplace.Organisation", on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    expires_at = models.DateTimeField(_("expires"))

    has_consented = False  # its owner, to the privacy notice in force, where a query asks for it

    objects = AccessTokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("access token")
        verbose_name_plural = _("access tokens")
        ordering = ["-id"]

    def __str__(self) -> str:
        return str(self.token)

    def works(self, at: datetime) -> bool:
        """Tell whether the token is neither revoked nor expired at `at`."""
        return self.token.revoked_at is None and at < self.expires_at
