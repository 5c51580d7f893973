"""Code lists in the admin: entries with the days they hold, kept by officers."""

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from cms.staff.columns import words, yes_no
from cms.staff.viewsets import Kept, kept_by
from marketplace.core import clock
from marketplace.core.code_lists import CodeRule
from marketplace.core.regions import district_code
from marketplace.organisations.staff import keep_code


def _label(name: str) -> Any:
    field: Any = CodeRule._meta.get_field(name)
    return field.verbose_name


class SaysFromWhen:
    """A view that says, once a code of the district is saved, from when it takes the place of which."""

    def get_success_message(self, instance: CodeRule) -> str:
        said = super().get_success_message(instance)  # type: ignore[misc]  # of the view this is mixed into
        today = clock.today()
        if not instance.is_districts or instance.holds_from <= today:
            return str(said)
        facts = {"code": instance.code, "day": instance.holds_from.isoformat(), "present": district_code(today)}
        begins = gettext(
            "From %(day)s the code of the district is %(code)s, until then %(present)s. "
            "Forms, numbers and figures go by the code of their day."
        )
        return f"{said} {begins % facts}"


class CodeListing(Kept):
    model = CodeRule
    icon = "list-ul"
    add_view_class, edit_view_class = kept_by(lambda entry, by: keep_code(entry, by=by), SaysFromWhen)
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
