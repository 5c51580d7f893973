"""A request beyond every limit is refused before anything of it is kept."""

import asyncio
import json
import re

import pytest

from cms.asgi import application
from cms.environment import ROOT

MEBIBYTE = 1024 * 1024


def ask(path, *, headers, chunks=1):
    """Send a form in `chunks` pieces; return the status and body of the answer, and how much of the form was taken."""
    sent, taken = [], 0

    async def receive():
        nonlocal taken
        if taken == chunks:
            await asyncio.Event().wait()  # the reader stays
        taken += 1
        return {"type": "http.request", "body": b"x" * 1024, "more_body": taken < chunks}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("testserver", 80),
        "headers": headers,
    }
    asyncio.run(application(scope, receive, send))
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:]).decode(), taken


def test_is_told_the_limit_after_it_was_let_pass_by(settings):
    settings.LARGEST_REQUEST = 64 * MEBIBYTE

    status, page, taken = ask("/outcomes/", headers=[(b"content-length", str(65 * MEBIBYTE).encode())], chunks=5)

    assert (status, taken) == (413, 5)
    assert "一次最多 64 MB" in page
    assert "the limit is 64 MB" in page


def test_the_browser_sends_no_form_that_would_be_refused(settings):
    script = (ROOT / "cms/static/js/file-input.js").read_text()
    most = int(re.search(r"const MOST = (\d+) \* MEGABYTE;", script)[1])

    assert most == settings.LARGEST_REQUEST // MEBIBYTE - 1


def test_programs_are_told_in_json(settings):
    settings.LARGEST_REQUEST = MEBIBYTE

    sent = [(b"content-length", str(2 * MEBIBYTE).encode()), (b"accept-language", b"en")]
    status, body, _taken = ask("/api/v1/outcomes", headers=sent)

    problem = json.loads(body)
    assert (status, problem["code"], problem["title"]) == (413, "body_too_large", "Body too large")


@pytest.mark.parametrize("headers", [[(b"transfer-encoding", b"chunked")], [(b"content-length", b"many")]])
def test_a_size_untold_is_refused_at_once(headers):
    status, _words, taken = ask("/outcomes/", headers=headers)

    assert (status, taken) == (411, 0)


def test_programs_are_told_of_a_size_untold():
    status, body, _taken = ask("/api/v1/lots/x/bids", headers=[(b"transfer-encoding", b"chunked")])

    assert (status, json.loads(body)["code"]) == (411, "length_required")


def test_the_limit_itself_passes(settings, db):
    settings.LARGEST_REQUEST = 1024

    status, _page, _taken = ask("/healthz", headers=[(b"content-length", b"1024"), (b"host", b"testserver")])

    assert status == 403  # Django was asked, and misses the token of a form
