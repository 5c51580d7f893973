"""Who makes, reviews and sees registration lists.

Source: the 登记清单 of the national system, large contracts on lists of their own, issued after a second review (江苏
登记清单操作说明, domain.md §4.2).
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.contracts.models import TechnologyContract
from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.contracts.lists.models import RegistrationList


def make_registration_list(user: Any, contracts: "list[TechnologyContract] | None" = None) -> str | None:
    if not user.has_role(Role.REGISTRAR):
        return _("Only registrars make registration lists.")
    return _own(user, [each.pk for each in contracts or ()])


def _own(user: Any, keys: list[int]) -> str | None:
    """Nobody vouches for contracts of their own organisation, or that they brokered."""
    chosen = TechnologyContract.objects.filter(pk__in=keys)
    if keys and chosen.exclude(pk__in=chosen.not_own(user).values("pk")).exists():
        return _("Registrars do not list contracts of their own organisation, or they brokered.")
    return None


def issue_registration_list(user: Any, made: "RegistrationList") -> str | None:
    if not user.has_role(Role.SECOND_REVIEWER):
        return _("A list of large contracts is reviewed by a second reviewer.")
    if made.made_by_id == user.pk:
        return _("You made this list; another person reviews it.")
    return _own(user, list(made.lines.values_list("contract", flat=True)))


def refuse_registration_list(user: Any, made: "RegistrationList") -> str | None:
    return issue_registration_list(user, made)


def see_lists(user: Any) -> str | None:
    if user.reads_everything or user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
        return None
    return _("Registration lists are seen by the register and its supervision.")
