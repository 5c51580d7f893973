"""Texts of clauses in the admin: officers add a version, nobody changes one that contracts were made of."""

from typing import Any

from wagtail.admin.views import generic

from cms.staff.columns import words, yes_no
from cms.staff.viewsets import Kept
from marketplace.contracts.drafts.clauses import ClauseText
from marketplace.contracts.drafts.keeping import keep_clause_text


class Added(generic.CreateView):
    """Saves by our action, which gives the version and tells the journal."""

    request: Any
    form: Any

    def save_instance(self) -> Any:
        keep_clause_text(text=self.form.instance, by=self.request.user)
        return self.form.instance


def _label(name: str) -> Any:
    field: Any = ClauseText._meta.get_field(name)
    return field.verbose_name


class ClauseTextListing(Kept):
    model = ClauseText
    icon = "doc-full"
    add_view_class = Added
    ROUTES = ("index", "index_results", "inspect", "add")
    list_display = [
        words("clause", _label("clause"), "get_clause_display", sort_key="clause"),
        words("concerns", _label("concerns"), "get_concerns_display", sort_key="concerns"),
        "version",
        "holds_from",
        words("source", _label("source"), "called"),
        yes_no(ClauseText, "is_checked"),
    ]
    list_filter = ["clause", "concerns", "is_checked", "holds_from"]
    list_export = ["clause", "concerns", "version", "holds_from", "text", "source", "is_checked"]
    search_fields = ["text", "source", "source_en"]
    form_fields = ["clause", "concerns", "holds_from", "text", "source", "source_en", "is_checked"]
    inspect_view_fields = ["clause", "concerns", "version", *form_fields[2:]]
