"""The portal's pages: both languages, live figures, and an empty database."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.core.management import call_command
from django.db import transaction
from django.urls import reverse
from django.utils import timezone, translation
from wagtail.models import Collection, Locale, Page, Site, Workflow

from cms.portal import figures, tiles
from cms.portal.pages import GeneralPage, HomePage, NewsPage
from cms.portal.site import ensure_site
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from marketplace.outcomes.models import ResearchOutcome
from tests import standing_site
from tests.emptying import empty_tables
from tests.factories.people import person, sign_in, staff
from tests.marketplace.auctions import making
from tests.marketplace.contracts import factories as contracts
from tests.marketplace.outcomes.making import Institute, set_up

pytestmark = pytest.mark.django_db


def test_a_new_installation_gets_both_trees_once(db):
    site = ensure_site()
    before = list(Page.objects.order_by("path").values_list("path", "title"))

    call_command("ensure_site", verbosity=0)

    assert list(Page.objects.order_by("path").values_list("path", "title")) == before
    assert HomePage.objects.count() == 2
    assert NewsPage.objects.count() == 6
    assert GeneralPage.objects.count() == 12
    assert Site.objects.get(is_default_site=True).root_page.specific == site
    assert {page.locale.language_code for page in site.get_translations(inclusive=True)} == {"zh-hans", "en"}


def test_the_root_of_the_tree_has_a_name_in_chinese_and_keeps_one_that_staff_gave(db):
    Page.objects.filter(depth=1).update(title="Root", draft_title="Root")
    ensure_site()
    made = Page.objects.get(depth=1)
    Page.objects.filter(depth=1).update(title="瓯海", draft_title="瓯海")
    ensure_site()

    assert (made.title, made.draft_title) == ("站点根页面", "站点根页面")
    assert Page.objects.get(depth=1).title == "瓯海"


def test_the_root_of_the_files_has_a_name_in_chinese_and_keeps_one_that_staff_gave(db):
    Collection.objects.filter(depth=1).update(name="Root")
    ensure_site()
    made = Collection.objects.get(depth=1).name
    Collection.objects.filter(depth=1).update(name="瓯海")
    ensure_site()

    assert made == "根"
    assert Collection.objects.get(depth=1).name == "瓯海"


def test_the_tree_is_made_where_every_row_was_emptied(db):
    Site.objects.all().delete()
    Page.objects.all().delete()
    Locale.objects.all().delete()

    ensure_site()

    assert HomePage.objects.live().count() == 2


def tree():
    """Return all that readers see of the page tree, and what staff see besides."""
    pages = [
        (page.depth, page.title, page.locale.language_code, page.live, page.get_url(), page.specific_class)
        for page in Page.objects.order_by("path")
    ]
    texts = [str(page.body) for kind in (HomePage, NewsPage, GeneralPage) for page in kind.objects.order_by("path")]
    sites = list(Site.objects.values_list("hostname", "port", "root_page__title", "is_default_site"))
    active = list(Workflow.objects.filter(active=True).values_list("name", flat=True))
    return pages, texts, sites, active, Collection.objects.count()


@pytest.mark.parametrize("is_emptied", [False, True])
def test_what_tests_put_in_place_is_what_the_house_makes(transactional_db, is_emptied):
    """In a database as it is found, with Wagtail's own pages as long as no test emptied it, and in an emptied one."""
    if is_emptied:
        empty_tables()
    with transaction.atomic():
        ensure_site()
        made = tree()
        transaction.set_rollback(True)
    cache.clear()

    standing_site.ensure_site()

    assert tree() == made


def test_what_editors_changed_stays(site):
    about = GeneralPage.objects.get(slug="about", locale=site.locale)
    about.title = "本平台"
    about.save()

    ensure_site()

    about.refresh_from_db()
    assert about.title == "本平台"


def test_pages_of_the_house_have_a_first_version_that_is_their_published_one(site):
    pages = [page.specific for page in Page.objects.filter(depth__gt=1).order_by("path")]

    assert len(pages) == 22
    for page in pages:
        assert page.revisions.count() == 1
        assert page.live_revision_id == page.latest_revision_id == page.revisions.get().pk
        assert page.first_published_at is not None
        assert not page.has_unpublished_changes


def test_an_edit_of_a_page_of_the_house_can_be_taken_back(client, site):
    set_up_groups()
    sign_in(client, staff(Role.EDITOR))
    about = GeneralPage.objects.get(slug="about", locale=site.locale)
    title, original, text = about.title, about.latest_revision, str(about.body)
    about.title, about.body = "本平台", []
    about.save_revision(log_action=True).publish()

    history = client.get(reverse("wagtailadmin_pages:history", args=[about.pk])).content.decode()
    review = reverse("wagtailadmin_pages:revisions_revert", args=[about.pk, original.pk])
    opened = client.get(review)
    original.publish()

    about.refresh_from_db()
    assert review in history
    assert opened.status_code == 200
    assert (about.title, str(about.body)) == (title, text)


def test_pages_made_before_versions_were_kept_get_their_first_one_and_edited_ones_no_other(site):
    old = GeneralPage.objects.get(slug="about", locale=site.locale)
    Page.objects.filter(pk=old.pk).update(latest_revision=None, live_revision=None, first_published_at=None)
    old.revisions.all().delete()

    ensure_site()
    ensure_site()

    old.refresh_from_db()
    assert old.revisions.get() == old.live_revision == old.latest_revision
    assert old.first_published_at is not None


def test_pages_wait_for_no_moderator_where_nobody_is_one(site):
    assert site.get_workflow() is None
    assert not Workflow.objects.filter(active=True, name="Moderators approval").exists()


def test_pages_are_still_moderated_where_somebody_is_appointed(db):
    workflow = Workflow.objects.create(name="Moderators approval", active=True)
    moderators, _made = Group.objects.get_or_create(name="Moderators")
    person().groups.add(moderators)

    ensure_site()

    workflow.refresh_from_db()
    assert workflow.active


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", ["实验室的成果", "找技术", "瓯来拍", "现在没有已公告的场次", "还没有成果"]),
        ("/en/", ["From the laboratory", "I need technology", "No session is announced now"]),
    ],
)
def test_an_empty_platform_has_a_home_page(client, site, address, words):
    page = client.get(address)

    html = page.content.decode()
    assert page.status_code == 200
    assert [word for word in words if word not in html] == []
    assert "style=" not in html
    assert html.count("<h1") == 1


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_every_page_below_opens_and_is_named_in_the_foot(client, site, prefix):
    home = client.get(f"{prefix}/").content.decode()

    for slug in ("about", "rules", "trial-first", "help", "contact", "accessibility"):
        assert client.get(f"{prefix}/{slug}/").status_code == 200
        assert f'href="{prefix}/{slug}/"' in home
    assert client.get(f"{prefix}/news/").content.decode().count('class="result"') == 3
    assert client.get(f"{prefix}/news/marketplace-opens/").status_code == 200


@pytest.mark.parametrize(("prefix", "step"), [("", "申请试用"), ("/en", "asks for a trial")])
def test_the_page_about_trials_leads_to_what_can_be_tried_and_tells_the_way(client, site, prefix, step):
    page = client.get(f"{prefix}/trial-first/").content.decode()

    assert f'href="{prefix}/outcomes/?trial_first=yes"' in page
    assert step in page


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_help_leads_through_bidding_to_pages_that_open(client, site, prefix):
    page = " ".join(client.get(f"{prefix}/help/").content.decode().split())
    sign_in(client, person())

    for place in ("/rules/", "/auctions/", "/auctions/registrations/", "/publicity/"):
        assert f'<a href="{prefix}{place}">' in page, place
        assert client.get(f"{prefix}{place}").status_code == 200, place


def test_a_page_leads_to_its_other_language(client, site):
    assert 'href="/en/about/"' in client.get("/about/").content.decode()
    assert 'href="/about/"' in client.get("/en/about/").content.decode()


@pytest.mark.parametrize(
    ("prefix", "other", "home", "words"),
    [("", "en", "/en/", "本页没有英文版"), ("/en", "zh-hans", "/", "This page is not there in Chinese")],
)
def test_a_page_without_the_other_language_says_that_it_leads_home(client, site, prefix, other, home, words):
    path = f"{prefix}/news/marketplace-opens/"
    with_both = client.get(path).content.decode()
    NewsPage.objects.filter(locale__language_code=other, slug="marketplace-opens").delete()

    alone = client.get(path).content.decode()

    assert words not in with_both
    assert with_both.count('<link rel="alternate"') == 1
    assert alone.count(f'title="{words}') == 2  # in the bar and in the folded menu
    assert f'<a class="tool" href="{home}"' in alone
    assert '<link rel="alternate"' not in alone


def test_figures_are_those_of_the_database(client, site):
    set_up()
    institute = Institute()
    shown, gone, converted = (institute.published(title=title) for title in ("锁用模组", "撤回的成果", "转化的成果"))
    institute.draft("尚未发布的成果")
    ResearchOutcome.objects.filter(pk=gone.pk).update(state="withdrawn")
    ResearchOutcome.objects.filter(pk=converted.pk).update(state="converted")
    contracts.registered(seller=institute.organisation, outcome=converted)

    html = client.get("/").content.decode()

    assert [stage["count"] for stage in figures.stream()] == [3, 1, 1, 1, 1]
    assert tiles.tiles()[0]["fen"] is None  # that of one contract is not shown
    assert shown.title in html
    assert "撤回的成果" not in html
    assert "尚未发布的成果" not in html


def test_titles_are_english_where_the_owner_gave_them(client, site):
    making.outcome(title="锁用模组", title_en="Lock module", published_at=timezone.now())

    with translation.override("en"):
        assert figures.newest_outcomes(5)[0]["title"] == "Lock module"
    assert "Lock module" in client.get("/en/").content.decode()
    assert "锁用模组" in client.get("/").content.decode()


def test_one_of_a_thing_is_counted_in_the_singular(client, site):
    set_up()
    institute = Institute()
    contracts.registered(seller=institute.organisation, outcome=institute.published(title="转化的成果"))

    with translation.override("en"):
        labels = [stage["label"] for stage in figures.stream()]
        first = tiles.tiles()[0]["delta"]

    assert labels == ["published", "found a partner", "came to a deal", "handed in a contract", "registered a contract"]
    assert first == "1 contract; fewer than 3 contracts, amount not shown alone"
    assert "All 1 outcome<" in client.get("/en/").content.decode()


def test_several_things_are_counted_in_the_plural(client, site):
    set_up()
    institute = Institute()
    for title in ("一项成果", "又一项成果", "第三项成果"):
        contracts.registered(seller=institute.organisation, outcome=institute.published(title=title))

    with translation.override("en"):
        first = tiles.tiles()[0]["delta"]

    assert first == "3 contracts"
    assert "All 3 outcomes<" in client.get("/en/").content.decode()


def test_the_words_to_try_are_words_of_the_page(client, site):
    english, chinese = client.get("/en/").content.decode(), client.get("/").content.decode()

    assert "/en/search/?q=low%20power" in english
    assert "无氰电镀" in chinese
    assert "低功耗" not in english


def test_figures_are_asked_once_in_half_a_minute(site, django_assert_num_queries):
    tiles.tiles()
    with django_assert_num_queries(0):
        tiles.tiles()
    cache.clear()
    registered = [contracts.registered()[0] for _ in range(3)]

    assert tiles.tiles()[0]["fen"] == sum(contract.total_amount for contract in registered)


def test_the_home_page_asks_no_more_for_more(client, site, django_assert_max_num_queries):
    for number in range(5):
        making.outcome(title=f"成果{number}", published_at=timezone.now() - timedelta(days=number))

    with django_assert_max_num_queries(55):
        client.get("/")


def test_a_session_stands_on_the_home_page(client, site):
    lot = making.announced_lot()

    band = figures.auction_band()

    assert (band["title"], band["count"], band["sum"]) == (lot.session.title, 1, lot.start_price)


def test_only_what_is_live_glows_on_the_home_page(client, site):
    making.announced_lot(starts_at=timezone.now() + timedelta(days=2))
    assert 'class="band__now"' in client.get("/").content.decode()
    cache.clear()
    making.announced_lot(starts_at=timezone.now() - timedelta(minutes=1))

    assert 'class="band__now band__now--live"' in client.get("/").content.decode()


def test_an_editor_begins_the_other_language_from_a_page(client, site):
    set_up_groups()
    sign_in(client, staff(Role.EDITOR))
    news = NewsPage.objects.filter(locale__language_code="zh-hans").first()
    fresh = news.copy(update_attrs={"title": "样例新闻", "slug": "sample"}, reset_translation_key=True)
    english = Locale.objects.get(language_code="en")
    page = reverse("simple_translation:submit_page_translation", args=[fresh.pk])

    assert client.get(page).status_code == 200
    client.post(page, {"locales": [english.pk], "include_subtree": ""})

    assert NewsPage.objects.filter(translation_key=fresh.translation_key, locale=english, live=False).count() == 1
