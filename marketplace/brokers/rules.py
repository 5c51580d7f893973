"""Who keeps the register of brokers: officers, but not for themselves or their own firm.

Source: brokers are filed with the district (镇海区技术经纪人奖励实施细则 2022, a sister district's; domain.md §4.7);
the states are its model.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.brokers.models import TechBroker


def _keeps_the_register(user: Any, broker: "TechBroker | None" = None) -> str | None:
    if not user.has_role(Role.OFFICER):
        return _("Only officers of the district keep the register of brokers.")
    if broker is not None and broker.user_id == user.pk:
        return _("Nobody decides on their own certificate.")
    if broker is not None and broker.firm_id and user.acts_for(broker.firm_id):
        return _("Officers do not decide on brokers of their own organisation.")
    return None


def file_broker(user: Any) -> str | None:
    """Trained and filed with the district's bureau (镇海区实施细则 2022)."""
    return _keeps_the_register(user)


def change_broker(user: Any, broker: "TechBroker") -> str | None:
    return _keeps_the_register(user, broker)


def renew_broker(user: Any, broker: "TechBroker") -> str | None:
    return _keeps_the_register(user, broker)


def suspend_broker(user: Any, broker: "TechBroker") -> str | None:
    return _keeps_the_register(user, broker)


def reinstate_broker(user: Any, broker: "TechBroker") -> str | None:
    return _keeps_the_register(user, broker)


def revoke_broker(user: Any, broker: "TechBroker") -> str | None:
    return _keeps_the_register(user, broker)


def keep_broker_rule(user: Any) -> str | None:
    return _keeps_the_register(user)


def keep_broker_scheme(user: Any) -> str | None:
    return _keeps_the_register(user)
