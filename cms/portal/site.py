"""The page tree of a new installation: made once, never overwritten."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from wagtail.models import Collection, Locale, Page, Site, Task, Workflow

from cms.portal.first_versions import keep_first_versions
from cms.portal.pages import GeneralPage, HomePage, NewsIndexPage, NewsPage
from cms.portal.texts import Text, Words
from cms.portal.texts.chinese import CHINESE
from cms.portal.texts.english import ENGLISH
from marketplace.core import clock

MODERATORS, MODERATION = "Moderators", "Moderators approval"  # of Wagtail's own set-up
# A name is kept, not translated: all staff read the same one
WAGTAILS_ROOT, ROOT, FILES_ROOT = "Root", "站点根页面", "根"
TREES = {"zh-hans": ("home", CHINESE), "en": ("home-en", ENGLISH)}


@transaction.atomic
def ensure_site() -> HomePage:
    """Make what is missing of root, site and both languages' pages; return the Chinese home page. Repeatable."""
    for language in TREES:
        Locale.objects.get_or_create(language_code=language)
    files = Collection.get_first_root_node() or Collection.add_root(name=FILES_ROOT)
    Collection.objects.filter(pk=files.pk, name=WAGTAILS_ROOT).update(name=FILES_ROOT)
    chinese = Locale.objects.get(language_code="zh-hans")
    root = Page.get_first_root_node() or Page.add_root(title=ROOT, slug="root", locale=chinese)
    Page.objects.filter(pk=root.pk, title=WAGTAILS_ROOT).update(title=ROOT, draft_title=ROOT)
    homes: dict[str, HomePage] = {}
    for language, (slug, words) in TREES.items():
        homes[language] = _home(root, language, slug, words, original=homes.get("zh-hans"))
    _site(homes["zh-hans"])
    _forget_welcome(root)
    forget_moderators()
    keep_first_versions()
    return homes["zh-hans"]


def _home(root: Page, language: str, slug: str, words: Words, *, original: HomePage | None) -> HomePage:
    """Return the language's home page, made with everything below it where it does not exist."""
    there = HomePage.objects.filter(locale__language_code=language).order_by("path").first()
    if there is not None:
        return there
    if Page.objects.child_of(root).filter(slug=slug).exists():  # Wagtail's welcome page has the name
        slug = f"{slug}-{language}"
    locale = Locale.objects.get(language_code=language)
    home = HomePage(title=words.home_title, slug=slug, locale=locale, show_in_menus=False)
    if original is not None:
        home.translation_key = original.translation_key
    home.body = home._meta.get_field("body").stream_block.to_python(
        [{"type": name, "value": value} for name, value in words.home]
    )
    Page.objects.get(pk=root.pk).add_child(instance=home)
    _fill(home, words, original=original)
    return home


def _fill(home: HomePage, words: Words, *, original: HomePage | None) -> None:
    """Write the language's news and texts below its home page."""
    index = NewsIndexPage(title=words.news_title, slug="news", introduction=words.news_introduction)
    _add(home, index, original)
    today = timezone.localdate(clock.now())
    for item in words.news:
        page = NewsPage(
            title=item.title,
            slug=item.slug,
            summary=item.summary,
            source=item.source,
            kind=item.kind,
            published_on=today - timedelta(days=item.days_ago),
            body=_text(item),
        )
        _add(index, page, original)
    for text in words.pages:
        page = GeneralPage(title=text.title, slug=text.slug, summary=text.summary, body=_text(text))
        _add(home, page, original)


def _text(text: Text) -> list[tuple[str, str]]:
    return [("text", text.html.strip())]


def _add(parent: Page, page: Page, original: HomePage | None) -> None:
    """Add a page in its parent's language, tied to the original page of the same name."""
    page.locale = parent.locale
    if original is not None:
        page.translation_key = original.get_descendants().get(slug=page.slug).translation_key
    parent.add_child(instance=page)


def _site(home: HomePage) -> None:
    """Let the default site begin at our home page; a site that staff changed stays as it is."""
    address = urlsplit(settings.SITE_URL)
    facts = {
        "hostname": address.hostname or "localhost",
        "port": address.port or (443 if address.scheme == "https" else 80),
        "site_name": str(settings.WAGTAIL_SITE_NAME),
    }
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        Site.objects.create(root_page=home, is_default_site=True, **facts)
    elif not isinstance(site.root_page.specific, HomePage):
        for name, value in {**facts, "root_page": home}.items():
            setattr(site, name, value)
        site.save()


def _forget_welcome(root: Page) -> None:
    """Remove the page that Wagtail's own set-up made, where it stands there as it was made."""
    for page in Page.objects.child_of(root).filter(slug="home", numchild=0):
        if page.specific_class is Page and not page.revisions.exists():
            page.delete()


def forget_moderators() -> None:
    """Take the approval by Wagtail's moderators off the pages while nobody is one: who should decide?"""
    if Group.objects.filter(name=MODERATORS, user__isnull=False).exists():
        return
    for kind in (Workflow, Task):
        for made in kind.objects.filter(name=MODERATION, active=True):
            made.deactivate()
