"""Public checks of certificates and registrations, and the only way out of the private file root."""

from typing import Any

from allauth.core import ratelimit
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from marketplace.core import clock
from marketplace.core.actions import read_file
from marketplace.core.files import PICTURES, File
from marketplace.core.verification import find_verdict, printed_code


@require_safe
@never_cache
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """Answer in one word what a code is worth now; `?lang=en` answers in English."""
    language = "en" if request.GET.get("lang") == "en" else "zh-hans"
    with translation.override(language):
        asked = code or request.GET.get("code", "").strip()
        if not asked:
            return render(request, "marketplace/core/verify.html", {"language": language})
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


def is_visible_to(file: File, user: Any) -> bool:
    """Ask the record a file belongs to; a file without one is seen by whoever added it.

    The record's class answers by `file_visible_to(user, file)`.
    """
    if file.subject is None:
        return bool(user.is_authenticated and file.added_by_id == user.pk)
    return bool(file.subject.file_visible_to(user, file))


def file_download(request: Any, code: str) -> FileResponse:
    """One file, for those who may see it; a confidential one is entered in the journal first."""
    file = get_object_or_404(File.objects.select_related("added_by"), code=code, withdrawn_at=None)
    if not is_visible_to(file, request.user) or (file.is_confidential and not request.user.is_authenticated):
        raise Http404
    if file.is_confidential:
        read_file(file, by=request.user, organisation=request.organisation)
    return sent(file)


def sent(file: File) -> FileResponse:
    """Return a file as it is sent to whoever was found entitled to it."""
    response = FileResponse(
        file.content.open("rb"),
        as_attachment=file.media_type not in PICTURES,
        filename=file.name,
        content_type=file.media_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
