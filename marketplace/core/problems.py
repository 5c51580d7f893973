"""Errors as programs read them under /api/: one shape (RFC 9457), a stable code for each, explained in one table.

`type` is an address of this site that opens the code's row of the page about the interface.
"""

import json
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _

KIND = "application/problem+json"
TYPES = "/api/problems/"
PAGE = "/api/"


@dataclass(frozen=True)
class Meaning:
    """What one code means: its HTTP status, its title, and what the caller does about it."""

    status: int
    title: Any
    advice: Any


GENERAL: dict[str, Meaning] = {
    "bad_request": Meaning(400, _("Request not readable"), _("Correct the address, the header or the NUL byte.")),
    "malformed": Meaning(400, _("Body is not JSON"), _("Send one JSON object in UTF-8.")),
    "key_missing": Meaning(
        400,
        _("Idempotency-Key missing or wrong"),
        _("Send 1 to 64 visible ASCII characters, new for each bid you mean, the same for its repetition."),
    ),
    "unauthenticated": Meaning(
        401, _("Not signed in"), _("Send a token as “Authorization: Bearer …”, or the cookie of a session.")
    ),
    "token_refused": Meaning(
        401,
        _("Token does not work"),
        _("The detail says why. Make a new one under “Access tokens”."),
    ),
    "forbidden": Meaning(403, _("Not allowed"), _("The detail says which rule; repeating does not help.")),
    "csrf": Meaning(403, _("CSRF token missing"), _("With a session cookie, send the header X-CSRFToken as well.")),
    "consent": Meaning(
        403, _("Privacy notice not accepted"), _("Read the privacy notice on the site and consent to it first.")
    ),
    "mfa_reauthenticate": Meaning(403, _("Second factor not passed"), _("Pass it on the site in the same session.")),
    "mfa_activate_totp": Meaning(403, _("Second factor not set up"), _("Set it up on the site.")),
    "not_found": Meaning(404, _("Not found"), _("It does not exist, or you may not see it.")),
    "method_not_allowed": Meaning(405, _("Method not allowed"), _("The header Allow names those that work.")),
    "length_required": Meaning(411, _("Length required"), _("Send Content-Length instead of chunks.")),
    "body_too_large": Meaning(413, _("Body too large"), _("The detail names the limit.")),
    "unsupported_media_type": Meaning(415, _("Body of another kind"), _("Send Content-Type: application/json.")),
    "invalid": Meaning(422, _("Values not as described"), _("“errors” names each place and what is wrong there.")),
    "too_many": Meaning(429, _("Too many requests"), _("Wait as many seconds as Retry-After says.")),
    "error": Meaning(500, _("Fault of ours"), _("It has been recorded. A bid may be repeated with the same key.")),
    "unavailable": Meaning(
        503, _("Not available for a moment"), _("Wait as many seconds as Retry-After says; repeat with the same key.")
    ),
}


class Problem(Exception):
    """Ends a request of a program with a problem."""

    def __init__(
        self, code: str, meaning: Meaning, detail: Any, *, headers: dict[str, str] | None = None, **facts: Any
    ) -> None:
        super().__init__(code)
        self.code, self.meaning, self.detail = code, meaning, detail
        self.headers, self.facts = headers or {}, facts

    def answer(self) -> HttpResponse:
        """Return it as programs read it, in the language of this request."""
        return problem(self.code, self.meaning, self.detail, headers=self.headers, **self.facts)


def problem(
    code: str, meaning: Meaning, detail: Any, *, headers: dict[str, str] | None = None, **facts: Any
) -> HttpResponse:
    """Return a problem: the code to branch on, the sentence to show, and facts that help to go on."""
    content = {
        "type": TYPES + code,
        "title": str(meaning.title),
        "status": meaning.status,
        "detail": str(detail),
        "code": code,
    } | facts
    # half a surrogate pair from somebody's body has no UTF-8; its escape is JSON all the same
    body = json.dumps(content, ensure_ascii=False).encode("utf-8", "backslashreplace")
    headers = {"Cache-Control": "no-store"} | (headers or {})
    return HttpResponse(body, status=meaning.status, content_type=KIND, headers=headers)


def asks_the_api(path: str) -> bool:
    """Tell whether an address is one for programs; the page about the interface is for people."""
    return path.startswith(PAGE) and path != PAGE
