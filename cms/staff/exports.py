"""What listings of the admin hand out: words for codes, yuan for fen, local times, CSV that any spreadsheet opens."""

from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db.models import DateField, DateTimeField, QuerySet
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from wagtail.coreutils import multigetattr

from cms.staff.columns import FEN
from marketplace.core.tables import FORMATS_OF, WIDTHS, cell, reckoned


def _kind_of(queryset: QuerySet[Any], name: str) -> type:
    """Return what a column holds, so far as it decides how wide the column has to be."""
    try:
        field = queryset.model._meta.get_field(name)
    except FieldDoesNotExist:
        return str
    if isinstance(field, DateTimeField):
        return datetime
    return date if isinstance(field, DateField) else Decimal if name in FEN else str


class InWords:
    """Exports a listing as its readers know it. What Wagtail exports are the values the database keeps."""

    viewset: Any
    list_export: list[str]

    def to_row_dict(self, item: Any) -> dict[str, Any]:
        return {name: self._printed(item, name) for name in self.list_export}

    def _printed(self, item: Any, name: str) -> Any:
        in_words = self.viewset.in_words.get(name) or getattr(item, f"get_{name}_display", None)
        if in_words is not None:
            return in_words(item) if name in self.viewset.in_words else in_words()
        value = multigetattr(item, name)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if name in FEN and isinstance(value, int):
            return Decimal(value) / 100
        return value.name if isinstance(value, ContentType) else value

    def get_heading(self, queryset: QuerySet[Any], field: str) -> str:
        heading = super().get_heading(queryset, field)  # type: ignore[misc]  # the view this is mixed into has it
        return _("%(heading)s (yuan)") % {"heading": heading} if field in FEN else heading

    def preprocess_field_value(self, field: str, value: Any, export_format: str) -> Any:
        return reckoned(value) if export_format == "xlsx" else cell(value)

    def write_xlsx(self, queryset: QuerySet[Any], output: Any) -> None:
        """Write a sheet whose times are times, to sort and reckon with; row by row, as the journal is long."""
        from openpyxl import Workbook  # here: 180 modules, for few who need them
        from openpyxl.utils import get_column_letter

        book = Workbook(write_only=True)
        sheet = book.create_sheet()
        for place, name in enumerate(self.list_export, start=1):
            if width := WIDTHS.get(_kind_of(queryset, name)):
                sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.append([cell(self.get_heading(queryset, name)) for name in self.list_export])
        for item in queryset:
            sheet.append(self.generate_xlsx_row(sheet, self.to_row_dict(item)))
        book.save(output)

    def generate_xlsx_row(
        self, worksheet: Any, row_dict: Mapping[str, Any], date_format: str | None = None
    ) -> Iterator[Any]:
        for each in super().generate_xlsx_row(worksheet, row_dict):  # type: ignore[misc]  # as above
            each.number_format = FORMATS_OF.get(type(each.value), each.number_format)
            yield each

    def stream_csv(self, queryset: QuerySet[Any]) -> Iterator[Any]:
        """Return the rows in the language of the request, though they are written after it was answered."""
        language, rows = get_language() or "zh-hans", self._rows(queryset)

        def spoken() -> Iterator[Any]:
            while True:
                with override(language):
                    row = next(rows, None)
                if row is None:
                    return
                yield row

        return spoken()

    def _rows(self, queryset: QuerySet[Any]) -> Iterator[Any]:
        """Begin with the mark by which a spreadsheet knows UTF-8; without it Chinese words are rubbish."""
        yield BOM_UTF8
        yield from super().stream_csv(queryset)  # type: ignore[misc]  # as above
