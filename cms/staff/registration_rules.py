"""Rules of the registration in the admin: dated, with their source, kept by officers."""

from typing import Any

from cms.staff.columns import words, yes_no
from cms.staff.viewsets import Kept, kept_by
from marketplace.contracts.dated import RegistrationRule
from marketplace.contracts.keeping import keep_registration_rule


def _label(name: str) -> Any:
    field: Any = RegistrationRule._meta.get_field(name)
    return field.verbose_name


class RegistrationRuleListing(Kept):
    model = RegistrationRule
    icon = "list-ul"
    add_view_class, edit_view_class = kept_by(lambda rule, by: keep_registration_rule(rule=rule, by=by))
    list_display = [
        "holds_from",
        words("kind", _label("kind"), "get_kind_display", sort_key="kind"),
        words("value", _label("note")),
        words("source", _label("source"), "called"),
        yes_no(RegistrationRule, "is_checked"),
    ]
    list_filter = ["kind", "is_checked", "holds_from"]
    list_export = ["kind", "holds_from", "concerns", "amount_wan", "days", "pattern", "note", "source"]
    search_fields = ["note", "note_en", "source", "source_en"]
    form_fields = ["kind", "holds_from", "concerns", "amount_wan", "days", "pattern"]
    form_fields += ["note", "note_en", "source", "source_en", "is_checked"]
    inspect_view_fields = form_fields
