"""Who has which desk."""

from typing import Any

from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker


def see_broker_desk(user: Any) -> str | None:
    """Everybody in the register has one, also while the certificate does not hold: deals go on."""
    if TechBroker.objects.of(user).exists():
        return None
    return _("Only brokers of the register have this desk.")
