"""How many notices wait for the reader of a page."""

from typing import Any

from django.utils.functional import SimpleLazyObject

from marketplace.notices.models import Notice


def unread(request: Any) -> dict[str, Any]:
    """Give pages `unread_notices`; counted only where a page shows it (context processor)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    return {"unread_notices": SimpleLazyObject(lambda: Notice.objects.visible_to(user).unread().count())}
