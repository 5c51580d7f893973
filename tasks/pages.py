"""Pages of the portal in the background: what was scheduled becomes public, or stops being so, at its time.

Wagtail has a command for it, for cron; it takes records with a review of their own as well, and one page that fails
keeps all behind it waiting.
"""

from collections.abc import Callable, Iterable
from typing import Any

import structlog
from django.db import transaction
from django.utils import timezone
from wagtail.models import Page, Revision

from tasks.app import app

log = structlog.get_logger(__name__)


@app.task
def keep_page_times() -> None:
    """Take pages offline whose term is over, then publish the versions whose time has come."""
    now = timezone.now()
    over = Page.objects.filter(live=True, expire_at__lte=now).order_by("expire_at")
    _each(over, lambda page: page.unpublish(set_expired=True, log_action="wagtail.unpublish.scheduled"))
    due = Revision.page_revisions.filter(approved_go_live_at__lte=now).order_by("approved_go_live_at")
    _each(due, lambda revision: revision.publish(log_action="wagtail.publish.scheduled"))


def _each(rows: Iterable[Any], act: Callable[[Any], object]) -> None:
    """Act on each row by itself: one that fails is logged, and tried again the next time."""
    for row in list(rows):
        try:
            with transaction.atomic():
                act(row)
        except Exception:
            log.exception("A page could not be changed at its time.", row=row.pk, kind=type(row).__name__)
