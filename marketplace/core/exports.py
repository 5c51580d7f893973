"""What a listing of the admin is called when it is handed out: its name in the reader's language, and the day."""

from typing import Any

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import capfirst, get_valid_filename

from marketplace.core import clock


class NamedByDay:
    """Mixin of a listing: 技术合同-2026-11-28.xlsx, where Wagtail says marketplace_technologycontract.xlsx."""

    model: Any

    def get_export_title(self) -> Any:
        return capfirst(self.model._meta.verbose_name_plural)

    def get_filename(self) -> str:
        return f"{get_valid_filename(self.get_export_title())}-{clock.today().isoformat()}"

    def write_csv_response(self, queryset: Any) -> StreamingHttpResponse:
        """Answer as Wagtail, whose header only holds Latin letters."""
        response: StreamingHttpResponse = super().write_csv_response(queryset)  # type: ignore[misc]  # of the view
        named = content_disposition_header(as_attachment=True, filename=f"{self.get_filename()}.csv")
        response["Content-Disposition"] = named or "attachment"
        return response
