"""In front of Django, which keeps a whole request on disk before it asks anybody: requests beyond every limit."""

from typing import Any

from django.conf import settings
from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest

from cms import errors

SIZE_UNTOLD = "请求须注明长度（Content-Length）。The request must tell its length (Content-Length)."


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
        await _send(send, 411, b"text/plain; charset=utf-8", SIZE_UNTOLD.encode())
        return
    message = await receive()
    while message["type"] == "http.request" and message.get("more_body"):
        message = await receive()
    if message["type"] == "http.disconnect":
        return
    request: HttpRequest = ASGIRequest({**scope, "headers": []}, None)  # type: ignore[arg-type]
    answer = errors.too_large(request, settings.LARGEST_REQUEST)
    await _send(send, 413, answer.headers["Content-Type"].encode(), answer.content)


async def _send(send: Any, status: int, kind: bytes, body: bytes) -> None:
    headers = [(b"content-type", kind), (b"content-length", str(len(body)).encode()), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
