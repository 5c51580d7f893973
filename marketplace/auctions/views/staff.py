"""Who gets the pages that prepare and conduct sessions."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils.translation import gettext as _

from marketplace.organisations.models import Role


def require_staff(request: HttpRequest) -> None:
    """Let in those who prepare, conduct or supervise sessions."""
    if not (request.user.reads_everything or request.user.has_role(Role.ORGANISER, Role.AUCTIONEER)):
        raise PermissionDenied(_("Only auction organisers of the platform do this."))
