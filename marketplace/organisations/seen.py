"""When and from where a session was last used, for the person's list of devices."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.usersessions.middleware import UserSessionsMiddleware
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

KEY = "seen"
EVERY = timedelta(minutes=5)


class SeenSessions(UserSessionsMiddleware):
    """Note that a session is in use: at its first request, when its client changes, and else every five minutes.

    allauth writes the row with each request, which is a write to disk for each page that is read and each bid.
    """

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated or not request.session.session_key:
            return self.get_response(request)
        now, client = timezone.now(), _client(request)
        noted = request.session.get(KEY)
        if noted and noted["client"] == client and now - datetime.fromisoformat(noted["at"]) < EVERY:
            return self.get_response(request)
        request.session[KEY] = {"client": client, "at": now.isoformat()}
        return super().__call__(request)


def _client(request: HttpRequest) -> list[Any]:
    """Return what tells one session and client from another."""
    agent = request.META.get("HTTP_USER_AGENT", "")
    return [request.session.session_key, get_adapter().get_client_ip(request), agent]
