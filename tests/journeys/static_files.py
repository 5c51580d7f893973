"""Static files for the browsers of the journeys, out of memory: a run asks for them some six thousand times.

Django's handler looks for each in its folders, opens it and sends it through a thread, and every fresh browser asks for
all of them anew. Here each is read once per process, and browsers keep it as they keep it in production.

The stylesheets every page links to come as one, each in its place: two dozen requests of each page, told to the
browser, to Playwright and to Python, took a fifth of the time of a page.
"""

import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import Http404, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tests.accessibility import AXE_PLACE, AXE_SCRIPT

KEPT = "max-age=3600"
ALL_STYLES = "tests/all.css"
LINK = re.compile(r'<link rel="stylesheet" href="([^"]+)"(?: media="(\w+)")?>')
CSS, SCRIPT = "text/css; charset=utf-8", "text/javascript; charset=utf-8"


def one_link(_template: str) -> SafeString:
    """Return the link to all stylesheets, in the place of the links to each."""
    return format_html('<link rel="stylesheet" href="{}{}">', settings.STATIC_URL, ALL_STYLES)


def all_styles() -> bytes:
    """Return the stylesheets every page links to, in the order of the links."""
    found = []
    for address, medium in LINK.findall(render_to_string("components/shell/stylesheets.html")):
        content = read(address.removeprefix(settings.STATIC_URL))[0].decode()
        found.append(f"@media {medium} {{\n{content}}}" if medium else content)
    return "\n".join(found).encode()


@cache
def read(name: str) -> tuple[bytes, str]:
    """Return the content of a static file and its type; raise Http404 where there is none."""
    if name == AXE_PLACE:
        return AXE_SCRIPT.encode(), SCRIPT
    if name == ALL_STYLES:
        return all_styles(), CSS
    found = finders.find(name)
    if not found:
        raise Http404(name)
    kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Path(found).read_bytes(), f"{kind}; charset=utf-8" if kind.startswith("text/") else kind


def serve(handler: Any, request: Any) -> HttpResponse:
    """Answer in the place of Django's handler of static files."""
    content, kind = read(handler.file_path(request.path))
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": KEPT})


def answers(scope: Any) -> bool:
    """Tell whether a request is for a static file there is."""
    if scope["type"] != "http" or not scope["path"].startswith(settings.STATIC_URL):
        return False
    try:
        read(scope["path"].removeprefix(settings.STATIC_URL))
    except Http404:
        return False
    return True


async def send_file(scope: Any, send: Any) -> None:
    """Answer as an ASGI application."""
    content, kind = read(scope["path"].removeprefix(settings.STATIC_URL))
    headers = {"content-type": kind, "content-length": str(len(content)), "cache-control": KEPT}
    said = [(name.encode(), value.encode()) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": 200, "headers": said})
    await send({"type": "http.response.body", "body": content})
