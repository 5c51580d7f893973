"""Code lists in the admin: entries with the days they hold, kept by officers."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cms.staff.columns import words, yes_no
from cms.staff.viewsets import Kept, kept_by
from marketplace.core.code_lists import CodeRule
from marketplace.organisations.staff import keep_code


def _label(name: str) -> Any:
    field: Any = CodeRule._meta.get_field(name)
    return field.verbose_name


class CodeListing(Kept):
    model = CodeRule
    icon = "list-ul"
    add_view_class, edit_view_class = kept_by(lambda entry, by: keep_code(entry, by=by))
    list_display = [
        "name",
        words("code_list", _label("code_list"), "get_code_list_display", sort_key="code_list"),
        words("code", _label("code"), sort_key="code"),
        words("place", _label("place"), sort_key="place"),
        words("standing", _("State")),
        "holds_from",
        "holds_until",
        words("source", _label("source"), "called"),
        yes_no(CodeRule, "is_checked"),
    ]
    list_filter = ["code_list", "is_checked", "holds_from"]
    list_export = ["code_list", "code", "name", "name_en", "part_of", "place", "holds_from", "holds_until", "source"]
    search_fields = ["code", "name", "name_en", "source", "source_en"]
    form_fields = ["code_list", "code", "name", "name_en", "part_of", "place", "holds_from", "holds_until"]
    form_fields += ["source", "source_en", "is_checked"]
    inspect_view_fields = form_fields
