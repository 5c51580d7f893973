"""What follows at once when an editor brings a page out, takes it back or moves it.

What no hook tells of (a schedule, a closed section, a deleted page, a lost message), the sweep of the pages finds.
"""

from typing import Any

from django.db import transaction
from wagtail import hooks
from wagtail.models import Page

from tasks.index import index_pages


@hooks.register("after_publish_page")
@hooks.register("after_unpublish_page")
@hooks.register("after_move_page")
def index_page(request: Any, page: Page) -> None:
    """Have the search agree with this page."""
    key = page.pk
    transaction.on_commit(lambda: index_pages.delay([key]), robust=True)
