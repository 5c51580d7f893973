"""How the house is reached: facts that editors keep in one place, shown in every foot and on the page of contact."""

from typing import ClassVar

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.contrib.settings.models import BaseGenericSetting, register_setting

from cms.portal.remembering import remembered


@register_setting(icon="mail", order=100)
class ContactFacts(BaseGenericSetting):
    """Telephone, address, e-mail and hours; each may be empty, and then nothing says that it is there."""

    telephone = models.CharField(_("telephone"), max_length=60, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    address = models.CharField(_("address"), max_length=160, blank=True)
    address_en = models.CharField(_("address in English"), max_length=160, blank=True)
    hours = models.CharField(_("office hours"), max_length=120, blank=True)
    hours_en = models.CharField(_("office hours in English"), max_length=120, blank=True)

    panels: ClassVar[list[FieldPanel]] = [
        FieldPanel(name) for name in ("telephone", "email", "address", "address_en", "hours", "hours_en")
    ]

    class Meta:
        verbose_name = _("How to reach us")


@remembered
def contact() -> dict[str, str]:
    """Return what is filled in, for the reader's language; Chinese where there is no English."""
    facts = ContactFacts.objects.first()
    if facts is None:
        return {}
    found = {"telephone": facts.telephone, "email": facts.email, "address": facts.address, "hours": facts.hours}
    if get_language() == "en":
        found |= {"address": facts.address_en or facts.address, "hours": facts.hours_en or facts.hours}
    return {name: words for name, words in found.items() if words}
