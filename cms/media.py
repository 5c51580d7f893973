"""Editors' pictures, sent by the web itself: no server in front has to know where they lie."""

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe
from django.views.static import serve

# documents are not among them: Wagtail's own view asks who may read one
FOLDERS = "images|original_images|avatar_images"


@require_safe
def picture(request: HttpRequest, path: str) -> HttpResponseBase:
    """Send one picture; for an hour a reader need not ask again (a name may come back with another picture)."""
    answer = serve(request, path, document_root=str(settings.MEDIA_ROOT))
    answer["Cache-Control"] = "public, max-age=3600"
    return answer
