"""Rules of benefit sharing in the admin: dated, with their source, kept by officers."""

from django.utils.translation import gettext_lazy as _

from cms.staff.columns import words, yes_no
from cms.staff.viewsets import Kept, kept_by
from marketplace.contracts.sharing.dated import SharingRule
from marketplace.contracts.sharing.keeping import keep_sharing_rule


class SharingRuleListing(Kept):
    model = SharingRule
    icon = "list-ul"
    add_view_class, edit_view_class = kept_by(lambda rule, by: keep_sharing_rule(rule, by=by))
    related = ("organisation",)
    list_display = [
        "holds_from",
        words("kind", _("Kind"), "get_kind_display", sort_key="kind"),
        words("value", _("What it sets")),
        "region",
        "organisation",
        words("source", _("Source"), "called"),
        yes_no(SharingRule, "is_checked"),
    ]
    list_filter = ["kind", "is_checked", "holds_from"]
    list_export = ["kind", "holds_from", "organisation", "region", "concerns", "percent", "gives_way", "days"]
    list_export += ["formula", "source"]
    search_fields = ["note", "note_en", "source", "source_en", "organisation__name"]
    form_fields = ["kind", "holds_from", "organisation", "region", "concerns", "percent", "gives_way"]
    form_fields += ["years", "years_most", "days", "formula"]
    form_fields += ["note", "note_en", "source", "source_en", "is_checked"]
    inspect_view_fields = form_fields
