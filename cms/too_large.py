"""In front of Django, which keeps a whole request on disk before it asks anybody: requests beyond every limit."""

from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, HttpResponse

from cms import errors


def answers(scope: dict[str, Any]) -> bool:
    """Tell whether a request says it is larger than any upload may be, or does not say how large it is."""
    if scope["type"] != "http":
        return False
    headers = dict(scope["headers"])
    length = headers.get(b"content-length", b"0")
    return b"transfer-encoding" in headers or not length.isdigit() or int(length) > settings.LARGEST_REQUEST


async def refuse(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Let what is sent pass by, so that a browser reads the answer; then say 413, or 411 to a size untold."""
    if not dict(scope["headers"]).get(b"content-length", b"").isdigit():
        await _answer(send, errors.size_untold(_request(scope)))
        return
    message = await receive()
    while message["type"] == "http.request" and message.get("more_body"):
        message = await receive()
    if message["type"] == "http.disconnect":
        return
    await _answer(send, errors.too_large(_request(scope), settings.LARGEST_REQUEST))


def _request(scope: dict[str, Any]) -> HttpRequest:
    """Return the request as the pages of errors read it: its address, and in which language it asks."""
    asked = [(name, value) for name, value in scope["headers"] if name == b"accept-language"]
    return ASGIRequest({**scope, "headers": asked}, None)  # type: ignore[arg-type]


async def _answer(send: Any, answer: HttpResponse) -> None:
    kind, body = answer.headers["Content-Type"].encode(), answer.content
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": answer.status_code, "headers": headers})
    await send({"type": "http.response.body", "body": body})
