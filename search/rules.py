"""Who keeps synonyms and who has an index made anew."""

from django.utils.translation import gettext as _

from marketplace.organisations.models import User
from marketplace.organisations.roles import Role


def keep_synonym(user: User) -> str | None:
    if not user.is_superuser and not user.has_role(Role.OFFICER, Role.EDITOR):
        return _("Only officers and editors keep synonyms.")
    return None


def ask_for_rebuild(user: User) -> str | None:
    if not user.is_superuser and not user.has_role(Role.OFFICER):
        return _("Only officers have an index rebuilt.")
    return None
