"""What search engines and browsers ask for at the root: which pages there are, which not to visit, the mark."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.http import require_safe
from wagtail.models import Page

from marketplace.auctions.models import Lot
from marketplace.brokers.models import TechBroker
from marketplace.needs.models import TechnologyNeed
from marketplace.outcomes.models import ResearchOutcome

REMEMBERED = 600  # seconds a list of addresses is kept
ROWS = 1000  # addresses in one file, in both languages each
ENTRANCES = (
    "outcome-list", "need-list", "broker-list", "lot-list", "session-list", "publicity-list", "board", "privacy-notice",
)  # fmt: skip

# What asks for a sign-in, takes forms, or answers anew to each word typed
IN_BOTH_LANGUAGES = (
    "account/", "accounts/", "auctions/registrations/", "contracts/", "deals/", "desk/", "evaluations/", "interests/",
    "invitations/", "matches/", "notices/", "payments/", "reviews/", "rewards/", "search/", "searches/", "sharing/",
    "staff/", "trials/",
)  # fmt: skip
ONCE = ("admin/", "api/v1/", "files/", "language/", "readyz", "healthz")


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Let crawlers read what everybody may, and tell them where it is listed."""
    languages = ("", *(f"{code}/" for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE))
    closed = [*ONCE, *(f"{prefix}{path}" for prefix in languages for path in IN_BOTH_LANGUAGES)]
    lines = ["User-agent: *", *(f"Disallow: /{path}" for path in closed)]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """Lead browsers that ask without reading the page to the mark of the house."""
    return HttpResponseRedirect(static("img/mark.svg"))


class InBothLanguages(Sitemap):
    """Addresses that exist in each language; each names its other one."""

    i18n = True
    alternates = True
    limit = ROWS


class Entrances(InBothLanguages):
    """The lists, by the names of their routes."""

    def items(self) -> Iterable[str]:
        return ENTRANCES

    def location(self, item: str) -> str:
        return reverse(item)


class Records(InBothLanguages):
    """Records of one kind that everybody may find."""

    def __init__(self, found: QuerySet[Any]) -> None:
        self.found = found

    def items(self) -> QuerySet[Any]:
        return self.found.all()


class Texts(InBothLanguages):
    """Pages of editors: {language: page} of those that are translations of one another."""

    def items(self) -> list[dict[str, Page]]:
        written: dict[Any, dict[str, Page]] = {}
        found = Page.objects.live().public().filter(depth__gt=1).select_related("locale").order_by("path")
        for page in found:
            if page.get_url_parts():  # Wagtail's root has none
                written.setdefault(page.translation_key, {})[page.locale.language_code] = page
        return list(written.values())

    def get_languages_for_item(self, item: dict[str, Page]) -> list[str]:
        return list(item)

    def location(self, item: dict[str, Page]) -> str:
        return urlsplit(item[get_language() or settings.LANGUAGE_CODE].full_url).path

    def lastmod(self, item: dict[str, Page]) -> datetime | None:
        return max((page.last_published_at for page in item.values() if page.last_published_at), default=None)


SITEMAPS: dict[str, Sitemap] = {
    "texts": Texts(),
    "entrances": Entrances(),
    "outcomes": Records(ResearchOutcome.objects.listed().order_by("pk")),
    "needs": Records(TechnologyNeed.objects.listed().order_by("pk")),
    "brokers": Records(TechBroker.objects.order_by("pk")),
    "lots": Records(Lot.objects.listed().in_earnest().order_by("pk")),
}
