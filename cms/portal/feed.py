"""The newest news as an Atom feed, in the language of its address."""

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language, gettext

from cms.portal.figures import news_list
from cms.portal.pages import NewsPage

ENTRIES = 30


class NewsFeed(Feed):
    """News, newest first, each with its summary."""

    feed_type = Atom1Feed

    def title(self) -> str:
        return f"{gettext('Policy and news')} · {settings.WAGTAIL_SITE_NAME}"

    def subtitle(self) -> str:
        return gettext("Ouhai Technology Transfer Marketplace")

    def link(self) -> str:
        return news_list() or reverse("news-feed")

    def items(self) -> Iterable[NewsPage]:
        news = NewsPage.objects.live().public().filter(locale__language_code=get_language())
        return news.order_by("-published_on", "-pk")[:ENTRIES]

    def item_title(self, item: NewsPage) -> str:
        return item.title

    def item_description(self, item: NewsPage) -> str:
        return item.description

    def item_link(self, item: NewsPage) -> str:
        return item.get_url() or "/"

    def item_pubdate(self, item: NewsPage) -> datetime:
        return timezone.make_aware(datetime.combine(item.published_on, time.min))

    def item_updateddate(self, item: NewsPage) -> datetime:
        return item.last_published_at or self.item_pubdate(item)

    def item_categories(self, item: NewsPage) -> list[str]:
        return [str(item.get_kind_display())]

    def item_author_name(self, item: NewsPage) -> Any:
        return item.source or None
