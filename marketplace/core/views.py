"""Public checks of certificates and registrations, and the only way out of the private file root."""

import re
from io import BytesIO
from typing import IO, Any

from allauth.core import ratelimit
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.core import clock
from marketplace.core.actions import read_file
from marketplace.core.files import PDF, PICTURES, File
from marketplace.core.refusals import Refused
from marketplace.core.verification import find_verdict, printed_code
from marketplace.core.watermark import with_mark

NUMBER = re.compile(r"[0-9A-Z\-]{6,30}")  # of a contract, as a link of ours names it


@require_safe
@never_cache
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Answer in one word what a code is worth now; `?lang=en` answers in English.

    `?number=` repeats the contract a search led here from: its code, not its number, opens the register.
    """
    language = "en" if request.GET.get("lang") == "en" else "zh-hans"
    with translation.override(language):
        asked = code or request.GET.get("code", "").strip()
        if not asked:
            number = NUMBER.fullmatch(request.GET.get("number", ""))
            unasked = {"language": language, "number": number[0] if number else ""}
            return render(request, "marketplace/core/verify.html", unasked)
        limited = ratelimit.consume_or_429(request, action="verify", limit_get=True)
        if limited is not None:
            return limited
        now = clock.now()
        verdict = find_verdict(asked[:80], at=now)
        if verdict is not None and verdict.code != code:
            answer = redirect("verify-code", verdict.code)
            answer["Location"] += f"?lang={language}" if language == "en" else ""
            return answer
        context = {"verdict": verdict, "asked": asked[:80], "checked_at": now, "language": language}
        if verdict is not None:
            here = request.build_absolute_uri(request.path)
            context |= {"address": here, "printed_code": printed_code(verdict.code)}
        return render(request, "marketplace/core/verify.html", context, status=200 if verdict else 404)


def is_visible_to(file: File, user: Any, organisation: Any = None) -> bool:
    """Ask the record a file belongs to; a file without one is seen by whoever added it.

    The record's class answers by `file_visible_to(user, file)`; one whose files are of one party only, by
    `file_open_to(user, organisation)`, because it matters for whom its reader acts.
    """
    if file.subject is None:
        return bool(user.is_authenticated and file.added_by_id == user.pk)
    if hasattr(file.subject, "file_open_to"):
        return bool(file.subject.file_open_to(user, organisation))
    return bool(file.subject.file_visible_to(user, file))


@transaction.atomic
def _given(file: File, request: Any) -> IO[bytes]:
    """Record the reading of a confidential file and return what is sent.

    A PDF whose record says so by `marks_readers(file)` carries the reader and the number of the journal's entry; one
    that cannot be marked is not given.
    """
    if not file.is_confidential:
        return file.content.open("rb")
    entry = read_file(file, by=request.user, organisation=request.organisation)
    content = file.content.open("rb")
    if file.media_type != PDF or not hasattr(file.subject, "marks_readers") or not file.subject.marks_readers(file):
        return content
    reader = " · ".join(str(who) for who in (entry.actor, entry.on_behalf_of) if who is not None)
    day = timezone.localtime(entry.recorded_at).strftime("%Y-%m-%d %H:%M")
    return BytesIO(with_mark(content.read(), f"{reader} · {day} · #{entry.pk}"))


def file_download(request: Any, code: str) -> FileResponse:
    """One file, for those who may see it; a confidential one is entered in the journal first."""
    file = get_object_or_404(File.objects.select_related("added_by"), code=code, withdrawn_at=None)
    known = request.user.is_authenticated
    if not is_visible_to(file, request.user, request.organisation) or (file.is_confidential and not known):
        raise Http404
    try:
        content = _given(file, request)
    except Refused as refusal:
        raise PermissionDenied(str(refusal)) from refusal
    return sent(file, content)


def sent(file: File, content: IO[bytes] | None = None) -> FileResponse:
    """Return a file, or what of it is given, as it is sent to whoever was found entitled to it."""
    response = FileResponse(
        content or file.content.open("rb"),
        as_attachment=file.media_type not in PICTURES,
        filename=file.name,
        content_type=file.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
