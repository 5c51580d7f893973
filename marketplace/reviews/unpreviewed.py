"""What the admin shows of a record before it is public: nothing but the way to its review."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from wagtail.models import PreviewableMixin


class Unpreviewed(PreviewableMixin):
    """A record whose versions are read, compared and decided on its review page (`review_url`).

    Wagtail's workflows ask for the mixin, so the admin offers no preview, and a typed address of one leads there.
    """

    review_url: Any
    preview_modes: ClassVar[list[tuple[str, str]]] = []
    default_preview_mode = ""

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        return redirect(self.review_url)
