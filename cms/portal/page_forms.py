"""Forms of pages: the address of a page is not one that the house answers itself."""

from typing import Any

from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm
from wagtail.models import Page


def is_taken(parent: Page, slug: str) -> bool:
    """Tell whether the address of a page below `parent` would open something of the house instead."""
    parts = parent.get_url_parts()
    if parts is None or parts[2] is None:
        return False
    with translation.override(parent.locale.language_code):
        try:
            return bool(resolve(f"{parts[2]}{slug}/").url_name != "wagtail_serve")
        except Resolver404:
            return False


def _refusal() -> str:
    return _("The platform itself answers at this address, so the page could never be opened. Choose another word.")


class PageForm(WagtailAdminPageForm):
    """Wagtail's form of a page."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        parent = self.parent_page or self.instance.get_parent()
        if (slug := cleaned.get("slug")) and parent is not None and is_taken(parent.specific, slug):
            self.add_error("slug", _refusal())
        return cleaned


class CopyPageForm(CopyForm):
    """Wagtail's form to copy a page."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        parent = cleaned.get("new_parent_page") or self.page.get_parent()
        if (slug := cleaned.get("new_slug")) and is_taken(parent.specific, slug):
            self.add_error("new_slug", _refusal())
        return cleaned
