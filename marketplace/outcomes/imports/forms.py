"""Forms of an import: the file, the columns, the cells of one row."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.forms.utils import ErrorDict, ErrorList
from django.utils.translation import gettext_lazy as _

from marketplace.core.forms import Drafted
from marketplace.core.languages import paragraph
from marketplace.outcomes.imports.checking import Problem
from marketplace.outcomes.imports.columns import BY_KEY, COLUMNS, is_repeated
from marketplace.outcomes.imports.models import ImportRow, OutcomeImport

LISTED = {"field", "trl", "evidence", "modes"}  # their words are offered in a list while one types
LONG = {"summary", "confidential", "summary_en"}


class SheetForm(forms.Form):
    """The file to read."""

    file = forms.FileField(
        label=_("Sheet"),
        help_text=_("XLSX, or CSV in UTF-8 or GB 18030; at most 5,000 rows and 10 MB. The order of columns is free."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.csv", "data-most": 10}),
    )


def _heading(headings: list[str], index: int) -> Any:
    """Return what a column is called here: by its heading, and by its place where that heading occurs twice."""
    heading = headings[index].rstrip("*＊ ") or _("(no heading)")
    if not is_repeated(headings, index):
        return heading
    return _("%(heading)s (this heading occurs twice; column %(place)s)") % {"heading": heading, "place": index + 1}


class MappingForm(forms.Form):
    """What each column of the sheet is read as."""

    def __init__(self, *args: Any, batch: OutcomeImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", _("not imported")), *((column.key, column.label) for column in COLUMNS)]
        for index, key in enumerate(batch.mapping):
            field = forms.ChoiceField(
                label=_heading(batch.headings, index), choices=choices, required=False, initial=key
            )
            field.is_asked_of_some = True  # type: ignore[attr-defined]  # "not imported" is an answer too
            self.fields[f"column_{index}"] = field

    def mapping(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]


class RowForm(Drafted, forms.Form):
    """The cells of one row, each with what stands in it now."""

    def __init__(self, *args: Any, row: ImportRow, batch: OutcomeImport, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cells = row.cells(batch.mapping)
        lacks = row.lacks or []
        shown = [each for each in COLUMNS if each.key in cells or each.key in lacks or each.is_required]
        for column in shown:
            attrs = {"list": f"known-{column.key}"} if column.key in LISTED else {}
            widget = forms.Textarea(attrs={"rows": 3}) if column.key in LONG else forms.TextInput(attrs=attrs)
            self.fields[column.key] = forms.CharField(
                label=column.label, required=False, widget=widget, initial=cells.get(column.key, "")
            )
        self.NEEDED = tuple(column.key for column in shown if column.is_required)
        self._mark(is_needed=True)

    def show_problems(self, problems: Mapping[str, Problem]) -> None:
        """Put what is wrong in the row beside its fields, but for those that say already what was typed wrong."""
        shown = self.errors if self.is_bound else ErrorDict()
        for key, problem in problems.items():
            if key in self.fields and key not in shown:
                shown[key] = ErrorList([problem.message])
        self._errors = shown

    def show_unread(self, unread: Mapping[str, Problem], stands: Mapping[str, str]) -> None:
        """Say at each cell that was typed and cannot be read why, and what the row keeps instead."""
        for key, problem in unread.items():
            kept = stands.get(key, "")
            keeps = _("Not saved: the row keeps “%(kept)s”.") % {"kept": kept} if kept else _("Not saved.")
            self.add_error(key, paragraph([problem.message, keeps]))

    def show_lacks(self, lacks: Mapping[str, Problem]) -> None:
        """Say at each field what the review will ask for; the row can be taken over without it."""
        for key, problem in lacks.items():
            if key in self.fields:
                self.fields[key].help_text = problem.message

    def cells(self) -> dict[str, str]:
        return {key: text for key, text in self.cleaned_data.items() if key in BY_KEY}
