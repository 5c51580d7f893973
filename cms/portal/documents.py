"""Who may read an editor's document: everybody while a page they may open leads to it, editors always."""

from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404
from wagtail.documents.models import Document
from wagtail.documents.views.serve import serve
from wagtail.models import Page, ReferenceIndex
from wagtail.permissions import policy_registry

WORK_WITH_THEM = ("add", "change", "choose")


def pages_with(document: Document) -> list[Page]:
    """Return the published pages that lead to the document.

    Wagtail's index of references is made from what stands on a page, not from its drafts, in the transaction that
    publishes it (`tasks/wagtail_jobs.py`).
    """
    pages = ReferenceIndex.get_references_to(document).filter(base_content_type=ContentType.objects.get_for_model(Page))
    keys = {int(key) for key in pages.values_list("object_id", flat=True)}
    return list(Page.objects.live().filter(pk__in=keys).order_by("path"))


def may_read(request: Any, document: Document) -> bool:
    """Tell whether the document may be sent to who asks."""
    if policy_registry.get_by_type(Document).user_has_any_permission(request.user, WORK_WITH_THEM):
        return True
    return any(
        all(restriction.accept_request(request) for restriction in page.get_view_restrictions())
        for page in pages_with(document)
    )


def send(request: HttpRequest, key: str, name: str) -> HttpResponseBase:
    """Send a document as Wagtail does; absent to who may not read it. A browser asks again before it shows its copy."""
    if not may_read(request, get_object_or_404(Document, pk=key)):
        raise Http404
    answer: HttpResponseBase = serve(request, key, name)
    if answer.get("Content-Encoding") == "None":  # Wagtail writes the word where a file has no encoding
        del answer["Content-Encoding"]
    answer["Cache-Control"] = "no-cache, private"
    return answer
