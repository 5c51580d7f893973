"""Synonyms in the admin: kept by officers and editors, with a box to try what a question becomes."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.admin.views import generic

from cms.staff.columns import words
from cms.staff.viewsets import Kept, RecordList
from search.engine import EngineDown
from search.keeping import keep_synonym
from search.lists import LISTS
from search.models import LONGEST_WORD, Synonym
from search.queries import TITLES
from search.trying import tried


class SynonymList(RecordList):
    """The list, and above it what a question becomes with it."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        text = self.request.GET.get("try", "")[:400].strip()
        kind = self.request.GET.get("in", "")
        kind = kind if kind in LISTS else next(iter(LISTS))
        kinds = [{"value": name, "label": TITLES[name], "chosen": name == kind} for name in LISTS]
        return super().get_context_data(**kwargs) | {"tried_text": text, "kinds": kinds} | _trial(text, kind)


def _trial(text: str, kind: str) -> dict[str, Any]:
    if not text:
        return {}
    try:
        return {"trial": tried(text, kind)}
    except EngineDown:
        return {"engine_down": True}


class Recorded:
    """Saves by our action, so that the journal tells who changed what."""

    request: Any
    form: Any

    def save_instance(self) -> Any:
        keep_synonym(self.form.instance, by=self.request.user)
        return self.form.instance


class Added(Recorded, generic.CreateView):
    def get_initial(self) -> dict[str, Any]:
        """Begin with the question the report leads from."""
        return {"phrase": self.request.GET.get("phrase", "")[:LONGEST_WORD]}


class Changed(Recorded, generic.EditView):
    pass


class SynonymListing(Kept):
    """Words that ask for the same thing; what is out of use stays in the list."""

    model = Synonym
    icon = "resubmit"
    index_view_class = SynonymList
    index_template_name = "cms/staff/synonyms.html"
    add_view_class = Added
    edit_view_class = Changed
    list_display = ["phrase", words("alternatives", _("Alternatives"), lambda synonym: "、".join(synonym.words))]
    list_display += [
        BooleanColumn("is_one_way", label=_("one way"), sort_key="is_one_way"),
        BooleanColumn("is_active", label=pgettext_lazy("synonym", "in use"), sort_key="is_active"),
        "note",
    ]
    list_filter = ["is_active", "is_one_way"]
    list_export = ["phrase", "alternatives", "is_one_way", "is_active", "note"]
    search_fields = ["phrase", "key", "alternatives", "note"]
    form_fields = ["phrase", "alternatives", "is_one_way", "is_active", "note"]
    inspect_view_fields = form_fields
