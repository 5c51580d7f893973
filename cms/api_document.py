"""What the OpenAPI document says beside ninja's part: problems, headers, and the addresses ninja does not answer."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.conf import settings

from marketplace.core.problems import KIND, TYPES, Meaning

WORDS = """Bid on lots and follow them; read contracts, trials, publicity, brokers and figures.

**Signing in.** A token (`Authorization: Bearer …`), made by a bidder's agent under “Access tokens” of the account;
it acts for one organisation. Or the session cookie of a browser, then with `X-CSRFToken` for what changes something.
What is public needs neither; the list of contracts shows whoever reads what the pages show them.

**Lists** come in pages of 50: `?page=2`. `count` and `pages` tell how many there are.

**Amounts** are integer fen (1 yuan = 100 fen). **Instants** are UTC with microseconds. **Languages**: sentences follow
`Accept-Language` (`zh-Hans`, `en`); codes never change.

**Problems** are `application/problem+json` (RFC 9457); branch on `code`.

**Limits** are told in `RateLimit-Policy` and `RateLimit`. Reads: 300 a minute for each token, person or address.
Bids: only refused and repeated ones count, 20 a minute for each bidder and lot; beyond it those that cannot be
accepted wait. A bid that can be accepted is never refused by a limit."""

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "An error (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference", "description": "Opens the explanation of the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence to show, in the language of Accept-Language."},
        "code": {"type": "string", "description": "Stable; branch on it."},
        "least": {"type": "integer", "description": "Fen: the least that was accepted at that moment."},
        "price": {"type": ["integer", "null"], "description": "Fen: the price at that moment."},
        "seq": {"type": "integer", "description": "Number of the lot's last event then."},
        "arrived_at": {"type": "string", "format": "date-time", "description": "When the bid entered the platform."},
        "starts_at": {"type": "string", "format": "date-time"},
        "ends_at": {"type": "string", "format": "date-time"},
        "because": {
            "type": "array",
            "items": {"enum": ["first", "replaces", "far"]},
            "description": "Why a bid is to be confirmed: the first of its organisation, one that takes the place of a "
            "sealed one, or far above the price.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["where", "problem"],
                "properties": {"where": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
    "additionalProperties": False,
}


def _text(words: str) -> dict[str, Any]:
    return {"description": words, "schema": {"type": "string"}}


HEADERS = {
    "RateLimit-Policy": _text("The limit: times (q) in seconds (w)."),
    "RateLimit": _text("What is left of it: times (r), and seconds until it begins anew (t)."),
    "RetryAfter": {"description": "Seconds to wait.", "schema": {"type": "integer"}},
    "ETag": _text("For If-None-Match."),
}
RATES = {name: {"$ref": f"#/components/headers/{name}"} for name in ("RateLimit-Policy", "RateLimit")}
RETRY = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
NUMBER = {
    "in": "path",
    "name": "number",
    "required": True,
    "schema": {"type": "string"},
    "description": "Number of the lot, such as OH-2026-07.",
}


def _query(name: str, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "schema": schema, "description": words}


STREAM = {
    "operationId": "lotEvents",
    "tags": ["lots"],
    "summary": "Follow a lot",
    "security": [],
    "description": "Server-sent events: a frame at once, then one with each change, and `event: beat` meanwhile. "
    "`id:` is the number of the last event; a reader resumes with Last-Event-ID. Keep one stream per lot.",
    "parameters": [
        NUMBER,
        _query("after", {"type": "integer", "minimum": 0}, "As Last-Event-ID, at the first connection."),
        _query("lang", {"enum": ["zh-hans", "en"]}, "Language of amounts in words."),
        {"in": "header", "name": "Last-Event-ID", "schema": {"type": "integer", "minimum": 0}},
    ],
    "responses": {
        "200": {
            "description": "`event: lot` with a Frame as its data, for as long as the reader stays.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
        "404": {"description": "No such lot is public; without a body."},
    },
}
RECORD = {
    "operationId": "lotRecord",
    "tags": ["lots"],
    "summary": "Download the public record of a lot",
    "security": [],
    "description": "Every event in canonical JSON, one a line, each with the hash of the one before. "
    "/lots/verifier.py checks it with Python alone.",
    "parameters": [NUMBER],
    "responses": {
        "200": {
            "description": "The record so far; of sealed bids no event before the close.",
            "headers": {"X-Receipt-Key": _text("Public key of receipts (Ed25519, base64).")},
            "content": {"application/jsonl": {"schema": {"type": "string"}}},
        },
        "404": {"description": "No such lot is public; a page says so."},
    },
}


def complete(made: Mapping[str, Any], meanings: dict[str, Meaning]) -> dict[str, Any]:
    """Return ninja's document with every problem, header and address it does not know of."""
    paths = {path: _operations(methods, meanings) for path, methods in made["paths"].items()}
    paths |= {"/lots/{number}/events/": {"get": STREAM}, "/lots/{number}/record.jsonl": {"get": RECORD}}
    components = made["components"] | {"headers": HEADERS}
    components["schemas"] = components["schemas"] | {"Problem": PROBLEM}
    codes = {
        code: {"status": each.status, "title": str(each.title), "advice": str(each.advice)}
        for code, each in meanings.items()
    }
    return dict(made) | {
        "paths": paths,
        "components": components,
        "servers": [{"url": settings.SITE_URL}],
        "externalDocs": {"url": "/api/", "description": "The same for people, with examples."},
        "x-problems": codes,
    }


def _operations(methods: dict[str, Any], meanings: dict[str, Meaning]) -> dict[str, Any]:
    return {name: _operation(each, meanings) for name, each in methods.items() if name != "head"}


def _operation(made: dict[str, Any], meanings: dict[str, Meaning]) -> dict[str, Any]:
    """Return one operation with the problems its x-problems name, grouped by status."""
    operation = dict(made)
    by_status: dict[int, list[str]] = defaultdict(list)
    for code in operation.pop("x-problems"):
        by_status[meanings[code].status].append(code)
    answers = {str(status): each for status, each in operation["responses"].items()}
    for status in ("200", "201", "304"):
        if status in answers:
            etag = {} if status == "201" else {"ETag": {"$ref": "#/components/headers/ETag"}}
            answers[status] = answers[status] | {"headers": RATES | etag}
    answers |= {str(status): _problems(status, codes, meanings) for status, codes in sorted(by_status.items())}
    return operation | {"responses": answers}


def _problems(status: int, codes: list[str], meanings: dict[str, Meaning]) -> dict[str, Any]:
    """Return the answer of one status: what each code means, and the shape."""
    words = "\n".join(f"- `{code}` — {meanings[code].title}. {meanings[code].advice}" for code in codes)
    schema = {
        "allOf": [{"$ref": "#/components/schemas/Problem"}],
        "properties": {
            "status": {"const": status},
            "code": {"enum": codes},
            "type": {"enum": [TYPES + code for code in codes]},
        },
    }
    answer: dict[str, Any] = {"description": words, "content": {KIND: {"schema": schema}}}
    return answer | ({"headers": RETRY} if status in (429, 503) else {})
