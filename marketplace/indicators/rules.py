"""Who sets what the figures are measured by."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Role


def set_targets(user: Any) -> str | None:
    """The district's office sets the targets of a year (domain.md §7.2 table 1, 年度目标)."""
    return None if user.has_role(Role.OFFICER) else _("Only officers set the targets of a year.")
