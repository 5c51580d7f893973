"""What listings of the admin hand out: words for codes, yuan for fen, local times, CSV that any spreadsheet opens."""

from codecs import BOM_UTF8
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from wagtail.coreutils import multigetattr

from cms.staff.columns import FEN
from marketplace.core.tables import cell


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
        return cell(value)

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
