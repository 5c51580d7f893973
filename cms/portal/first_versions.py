"""The first version of pages that the house made, so that an edit of one can be compared and taken back."""

from wagtail.log_actions import log
from wagtail.models import Page

from cms.portal.pages import GeneralPage, HomePage, NewsIndexPage, NewsPage
from marketplace.core import clock

KINDS: tuple[type[Page], ...] = (HomePage, NewsIndexPage, NewsPage, GeneralPage)


def keep_first_versions() -> None:
    """Keep what stands on each page that was never edited as its first version, published when it was made."""
    for kind in KINDS:
        for page in kind.objects.filter(live=True, latest_revision=None, alias_of=None).order_by("path"):
            _keep(page)


def _keep(page: Page) -> None:
    now = clock.now()
    page.first_published_at = page.first_published_at or now
    page.last_published_at = page.last_published_at or now
    page.live_revision = page.save_revision(changed=False, clean=False)
    page.save(update_fields=["first_published_at", "last_published_at", "live_revision"], clean=False)
    # the history lists what was logged, and leads to a version from the entry that changed the content
    log(instance=page, action="wagtail.create", revision=page.live_revision, content_changed=True)
    log(instance=page, action="wagtail.publish", revision=page.live_revision)
