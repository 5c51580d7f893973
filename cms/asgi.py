"""The web's entry: live streams first, then Django."""

import os

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import get_resolver
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings")

django = get_asgi_application()


def _fill_addresses() -> None:
    """Import every page, and make the table of addresses of each language, before anybody asks for one.

    Django makes it in every thread that needs it while there is none: of two hundred first visitors each waited for
    forty threads that made the same table.
    """
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            _ = get_resolver().reverse_dict


_fill_addresses()

# Path prefixes answered in front of Django by small ASGI functions (architecture.md §5: live pages).
# Each is asked in turn `answers(scope) -> bool`, then called as an ASGI application.
from cms import kept_threads, too_large  # noqa: E402  # needs Django's settings
from marketplace.auctions import live  # noqa: E402

IN_FRONT: list = [(too_large.answers, too_large.refuse), (live.answers, live.stream)]


async def application(scope, receive, send) -> None:
    """Hand a request to whoever answers it."""
    if scope["type"] == "lifespan":
        await _lifespan(receive, send)
        return
    for answers, app in IN_FRONT:
        if answers(scope):
            await app(scope, receive, send)
            return
    async with kept_threads.one_for_a_request():
        await django(scope, receive, send)


async def _lifespan(receive, send) -> None:
    """Answer the server's start and stop, which Django does not know."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
