"""Listings of what may be a rehearsal: nobody looks for those, unless the filter asks for them."""

from typing import Any

from django.db.models import QuerySet
from django.forms import RadioSelect
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter
from wagtail.admin.filters import WagtailFilterSet

WITH, ONLY = "with", "only"


class RehearsalsHidden(WagtailFilterSet):
    """Filters that leave rehearsals out unless asked; `path` leads from a row to the session its session rehearses."""

    path = ""

    rehearsals = ChoiceFilter(
        label=_("Rehearsals"),
        choices=[(WITH, _("Shown too")), (ONLY, _("Nothing else"))],
        empty_label=_("Hidden"),
        widget=RadioSelect,
        method="as_they_are",
    )

    def as_they_are(self, rows: QuerySet[Any], _name: str, _choice: str) -> QuerySet[Any]:
        """Leave it to filter_queryset, which is asked also when nothing was chosen."""
        return rows

    def filter_queryset(self, rows: QuerySet[Any]) -> QuerySet[Any]:
        choice = self.form.cleaned_data.get("rehearsals")
        if choice != WITH:
            rows = rows.filter(**{f"{self.path}__isnull": choice != ONLY})
        return super().filter_queryset(rows)


def without_rehearsals(model: Any, path: str, fields: list[str]) -> type[RehearsalsHidden]:
    """Return the filters of a listing of `model` by `fields`."""
    meta = type("Meta", (), {"model": model, "fields": fields})
    return type(f"{model.__name__}Filters", (RehearsalsHidden,), {"Meta": meta, "path": path})
