"""Who compares and takes over returned numbers. Whether a single contract may be registered, its own rule says.

Source: the body that registers gives the number (notes of the national form, domain.md §4.2); who keeps it here is
the platform's own order.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.contracts.numbers.models import NumberImport


def upload_numbers(user: Any) -> str | None:
    if user.has_role(Role.REGISTRAR, Role.SECOND_REVIEWER):
        return None
    return _("Only registrars register contracts.")


def take_over_numbers(user: Any, batch: "NumberImport") -> str | None:
    return upload_numbers(user)


def see_numbers(user: Any) -> str | None:
    return None if user.reads_everything else upload_numbers(user)
