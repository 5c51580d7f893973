"""Pages that editors write, one tree per language."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from cms.portal.blocks import HomeBody, TextBody
from cms.portal.foot import EntranceRights
from cms.portal.page_forms import CopyPageForm, PageForm

NEWS_PER_PAGE = 20


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
        news = NewsPage.objects.child_of(self).live().order_by("-published_on", "-pk")
        context["page_obj"] = Paginator(news, NEWS_PER_PAGE).get_page(request.GET.get("page"))
        return context


class NewsPage(Page):
    """One piece of news or policy."""

    published_on = models.DateField(_("date"), default=timezone.localdate)
    summary = models.CharField(_("summary"), max_length=200, blank=True)
    source = models.CharField(_("source"), max_length=80, blank=True)
    body = StreamField(TextBody(), verbose_name=_("content"))

    template = "cms/news_page.html"
    parent_page_types: ClassVar[list[str]] = ["cms.NewsIndexPage"]
    subpage_types: ClassVar[list[str]] = []
    content_panels = [
        *Page.content_panels,
        FieldPanel("published_on"),
        FieldPanel("summary"),
        FieldPanel("source"),
        FieldPanel("body"),
    ]

    class Meta:
        verbose_name = _("news")
        verbose_name_plural = _("news")

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


class GeneralPage(Page):
    """A text that stays: rules, help, statements."""

    summary = models.CharField(_("summary"), max_length=200, blank=True)
    body = StreamField(TextBody(), verbose_name=_("content"))

    template = "cms/general_page.html"
    base_form_class, copy_form_class = PageForm, CopyPageForm
    parent_page_types: ClassVar[list[str]] = ["cms.HomePage", "cms.GeneralPage"]
    subpage_types: ClassVar[list[str]] = ["cms.GeneralPage"]
    content_panels = [*Page.content_panels, FieldPanel("summary"), FieldPanel("body")]

    class Meta:
        verbose_name = _("general page")
        verbose_name_plural = _("general pages")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        context["siblings"] = self.get_siblings().type(GeneralPage).live()
        return context
