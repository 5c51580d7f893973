"""Who applies to be filed, and who decides: officers, but not about themselves or people of their own firm.

Source: brokers are filed with the district (镇海区实施细则 2022 [CK], domain.md §4.7); the steps are its model.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from marketplace.brokers.models import TechBroker
from marketplace.organisations.models import Role

if TYPE_CHECKING:
    from marketplace.brokers.applications.models import BrokerApplication


def apply_for_filing(user: Any) -> str | None:
    found = TechBroker.objects.of(user).first()
    if found is not None and found.state == TechBroker.State.REVOKED:
        return _("Your certificate was revoked. A new filing is made by officers only.")
    if found is not None:
        return _("You are in the register already. Apply for renewal on the page of your certificate.")
    return None


def apply_for_renewal(user: Any, broker: TechBroker) -> str | None:
    if broker.user_id != user.pk:
        return _("Only the broker applies for the renewal of a certificate.")
    if broker.state != TechBroker.State.FILED:
        return _("A suspended or revoked certificate is not renewed.")
    if broker.valid_until is None:
        return _("This certificate has no end, so nothing is to be renewed.")
    return None


def complete_application(user: Any, application: "BrokerApplication") -> str | None:
    return None if application.applicant_id == user.pk else _("Only the applicant does this.")


def withdraw_application(user: Any, application: "BrokerApplication") -> str | None:
    return complete_application(user, application)


def _decides(user: Any, application: "BrokerApplication") -> str | None:
    if not user.has_role(Role.OFFICER):
        return _("Only officers of the district keep the register of brokers.")
    if application.applicant_id == user.pk:
        return _("Nobody decides on their own application.")
    if application.firm_id and user.acts_for(application.firm_id):
        return _("Officers do not decide on brokers of their own organisation.")
    return None


def return_application(user: Any, application: "BrokerApplication") -> str | None:
    return _decides(user, application)


def check_application(user: Any, application: "BrokerApplication") -> str | None:
    return _decides(user, application)


def refuse_application(user: Any, application: "BrokerApplication") -> str | None:
    return _decides(user, application)


def file_application(user: Any, application: "BrokerApplication") -> str | None:
    return _decides(user, application)
