"""Rules of deals in the admin: dated, with their source, kept by officers."""

from typing import Any

from cms.staff.columns import words, yes_no
from cms.staff.viewsets import Kept, kept_by
from marketplace.deals.dated import DealRule
from marketplace.deals.keeping import keep_deal_rule


def _label(name: str) -> Any:
    return DealRule._meta.get_field(name).verbose_name  # type: ignore[union-attr]


class DealRuleListing(Kept):
    model = DealRule
    icon = "list-ul"
    add_view_class, edit_view_class = kept_by(lambda rule, by: keep_deal_rule(rule, by=by))
    list_display = [
        "holds_from",
        words("kind", _label("kind"), "get_kind_display", sort_key="kind"),
        words("stage", _label("stage"), "get_stage_display", sort_key="stage"),
        "days",
        words("source", _label("source"), "called"),
        yes_no(DealRule, "is_checked"),
    ]
    list_filter = ["kind", "stage", "is_checked", "holds_from"]
    list_export = ["kind", "stage", "holds_from", "days", "source", "is_checked"]
    search_fields = ["note", "note_en", "source", "source_en"]
    form_fields = ["kind", "stage", "holds_from", "days", "note", "note_en", "source", "source_en", "is_checked"]
    inspect_view_fields = form_fields
