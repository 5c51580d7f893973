"""Forms of pages: the address of a page is not one that the house answers itself."""

from typing import Any

from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.forms.pages import CopyForm, MoveForm
from wagtail.contrib.simple_translation.forms import SubmitTranslationForm
from wagtail.models import Page

from cms.portal.addresses import taken_address, taken_with


def _refusal() -> str:
    return _("The platform itself answers at this address, so the page could never be opened. Choose another word.")


def _refusal_below(address: str) -> str:
    words = _(
        "A page below this one would stand at %(address)s, where the platform itself answers, so it could never be "
        "opened. Choose another word."
    )
    return words % {"address": address}


def refusal_of_move(page: Page, address: str) -> str:
    """Return why a page may not be moved to where it, or a page below it, would stand at `address`."""
    words = _(
        "“%(title)s” cannot be moved there: at %(address)s the platform itself answers, so a page could never be "
        "opened. Choose another place, or change the slug first."
    )
    return words % {"title": page.get_admin_display_title(), "address": address}


class PageForm(WagtailAdminPageForm):
    """Wagtail's form of a page."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        parent = self.parent_page or self.instance.get_parent()
        slug = cleaned.get("slug")
        if not slug or parent is None:
            return cleaned
        if taken_address(parent, slug):
            self.add_error("slug", _refusal())
        elif self.instance.pk and "slug" in self.changed_data and (address := taken_with(self.instance, parent, slug)):
            self.add_error("slug", _refusal_below(address))
        return cleaned


class CopyPageForm(CopyForm):
    """Wagtail's form to copy a page, also as an alias, also with the pages below it."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        parent = cleaned.get("new_parent_page") or self.page.get_parent()
        slug = cleaned.get("new_slug")
        if not slug:
            return cleaned
        if taken_address(parent, slug):
            self.add_error("new_slug", _refusal())
        elif cleaned.get("copy_subpages") and (address := taken_with(self.page, parent, slug)):
            self.add_error("new_slug", _refusal_below(address))
        return cleaned


class MovePageForm(MoveForm):
    """Wagtail's form to choose where a page is moved."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        parent = cleaned.get("new_parent_page")
        if parent and (address := taken_with(self.page_to_move, parent)):
            self.add_error("new_parent_page", refusal_of_move(self.page_to_move, address))
        return cleaned


class TranslatePageForm(SubmitTranslationForm):
    """Wagtail's form to copy a page into the tree of another language, where it keeps its slug."""

    def __init__(self, instance: Page, *args: Any, **kwargs: Any) -> None:
        super().__init__(instance, *args, **kwargs)
        self.page = instance

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        alone = not cleaned.get("include_subtree")
        for locale in cleaned.get("locales", []):
            parent = self.page.get_parent().get_translation_or_none(locale)
            if parent and (address := taken_with(self.page, parent, self.page.slug, alone=alone)):
                words = _("There the platform itself answers at %(address)s. Change the slug first.")
                self.add_error("locales", words % {"address": address})
        return cleaned
