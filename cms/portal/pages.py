"""Pages that editors write, one tree per language."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageLogEntry

from cms.portal.blocks import HomeBody, TextBody
from cms.portal.figures import news_list
from cms.portal.foot import EntranceRights
from cms.portal.news_list import beside, listed
from cms.portal.page_forms import CopyPageForm, PageForm

LONGEST_TITLE = 120
DESCRIBED_IN = 150  # characters of a description for search engines and shared links


class Written(Page):
    """What every page with words of its own has: a title that fits, and a description also where nobody wrote one."""

    base_form_class, copy_form_class = PageForm, CopyPageForm

    class Meta:
        abstract = True

    def clean(self) -> None:
        """Refuse a title too long for a heading, a list and a link."""
        super().clean()
        if len(self.title) > LONGEST_TITLE:
            problem = _("At most %(most)s characters; it has %(length)s.")
            details = {"most": LONGEST_TITLE, "length": len(self.title)}
            raise ValidationError({"title": ValidationError(problem, params=details)})

    @property
    def description(self) -> str:
        """Return what the page is about in a sentence or two: as it was written, else how its text begins."""
        written = self.search_description or getattr(self, "summary", "")
        return written or Truncator(" ".join(self.words.split())).chars(DESCRIBED_IN)

    @property
    def words(self) -> str:
        """Return the words of the text without their markup."""
        body = self._meta.get_field("body")
        return "\n".join(body.get_searchable_content(self.body))


class HomePage(Page):
    """The first page: entrances, what happens now, and live figures."""

    body = StreamField(HomeBody(), blank=True, verbose_name=_("content"))

    template = "cms/home_page.html"
    base_form_class, copy_form_class = PageForm, CopyPageForm
    parent_page_types: ClassVar[list[str]] = ["wagtailcore.Page"]
    subpage_types: ClassVar[list[str]] = ["cms.NewsIndexPage", "cms.GeneralPage"]
    content_panels = [*Page.content_panels, FieldPanel("body")]

    class Meta:
        verbose_name = _("home page")
        verbose_name_plural = _("home pages")

    def permissions_for_user(self, user: Any) -> EntranceRights:
        return EntranceRights(user, self)


class NewsIndexPage(Page):
    """The list of news, newest first."""

    introduction = models.CharField(_("introduction"), max_length=200, blank=True)

    template = "cms/news_index_page.html"
    base_form_class, copy_form_class = PageForm, CopyPageForm
    max_count_per_parent = 1
    parent_page_types: ClassVar[list[str]] = ["cms.HomePage"]
    subpage_types: ClassVar[list[str]] = ["cms.NewsPage"]
    content_panels = [*Page.content_panels, FieldPanel("introduction")]

    class Meta:
        verbose_name = _("list of news")
        verbose_name_plural = _("lists of news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | listed(NewsPage.objects.child_of(self).live().public(), request.GET)


class NewsPage(Written):
    """One piece of news or policy."""

    class Kind(models.TextChoices):
        POLICY = "policy", _("Policy")
        NOTICE = "notice", pgettext_lazy("kind of news", "Notice")
        NEWS = "news", pgettext_lazy("kind of news", "News")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices, default=Kind.NEWS)
    published_on = models.DateField(_("date"), default=timezone.localdate)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)
    body = StreamField(TextBody(), verbose_name=_("content"))

    template = "cms/news_page.html"
    parent_page_types: ClassVar[list[str]] = ["cms.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("published_on"),
        FieldPanel("summary"),
        FieldPanel("source"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        return context | beside(NewsPage.objects.sibling_of(self, inclusive=False).live().public(), self)

    def clean(self) -> None:
        """Refuse a day to come, which would lead the home page at once, unless the page goes live by then.

        Wagtail keeps the moment a page was to go live after it did: then today counts.
        """
        super().clean()
        today = timezone.localdate()
        day = max(today, timezone.localdate(self.go_live_at)) if self.go_live_at else today
        if self.published_on and self.published_on > day:
            problem = _("This day is still to come. To publish the page later, set its schedule.")
            raise ValidationError({"published_on": problem})


class GeneralPage(Written):
    """A text that stays: rules, help, statements."""

    summary = models.CharField(_("summary"), max_length=200, blank=True)
    body = StreamField(TextBody(), verbose_name=_("content"))

    template = "cms/general_page.html"
    parent_page_types: ClassVar[list[str]] = ["cms.HomePage", "cms.GeneralPage"]
    subpage_types: ClassVar[list[str]] = ["cms.GeneralPage"]
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]

    class Meta:
        verbose_name = _("general page")
        verbose_name_plural = _("general pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["siblings"] = self.get_siblings().type(GeneralPage).live()
        context["news_href"] = news_list()
        return context | self.edition()

    def edition(self) -> dict[str, Any]:
        """Return which version is public and since when; the text an installation began with is the first."""
        deeds = ("wagtail.publish", "wagtail.publish.scheduled")
        published = PageLogEntry.objects.filter(page=self.pk, action__in=deeds)
        days = list(published.values_list("timestamp", flat=True))
        return {"version": len(days), "changed_at": max(days)} if days else {}
