"""However an editor brings a page to an address of the house, it is refused with a reason, and nothing is moved."""

import pytest
from django.urls import reverse

from cms.portal.pages import GeneralPage, HomePage
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.cms.test_editing import about_page, text_form
from tests.factories.people import sign_in, staff

pytestmark = pytest.mark.django_db

TAKEN = "已由平台自身的栏目使用"


@pytest.fixture
def editor(client, site):
    set_up_groups()
    sign_in(client, staff(Role.EDITOR))
    return client


def page_below(parent, slug, title="一页"):
    page = parent.add_child(instance=GeneralPage(title=title, slug=slug, locale=parent.locale))
    page.save_revision().publish()
    return GeneralPage.objects.get(pk=page.pk)


def stands_below(page):
    return GeneralPage.objects.get(pk=page.pk).get_parent().pk


def ways_to_move(page):
    """Return the three addresses by which a page is moved, without the destination of the second."""
    bulk = f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', 'move'])}?id={page.pk}"
    return reverse("wagtailadmin_pages:move", args=[page.pk]), bulk


def confirmation(page, parent):
    return reverse("wagtailadmin_pages:move_confirm", args=[page.pk, parent.pk])


def test_a_page_is_not_moved_to_an_address_of_the_house(editor, site):
    page = page_below(about_page(), "outcomes")

    answer = editor.post(ways_to_move(page)[0], {"new_parent_page": site.pk}).content.decode()

    assert "“一页”不能移到该处：/outcomes/ 已由平台自身的栏目使用" in answer
    assert f'value="{site.pk}"' in answer  # what was chosen stays
    assert stands_below(page) == about_page().pk


def test_it_is_not_moved_by_the_address_of_the_last_question(editor, site):
    page = page_below(about_page(), "search")

    for ask in (editor.get, editor.post):
        assert TAKEN in ask(confirmation(page, site), follow=True).content.decode()
    assert stands_below(page) == about_page().pk


def test_pages_are_not_moved_together_where_one_would_stand_there(editor, site):
    taken, free = page_below(about_page(), "board", "看板"), page_below(about_page(), "fresh", "新页")

    address = f"{ways_to_move(taken)[1]}&id={free.pk}"
    answer = editor.post(address, {"chooser": site.pk}).content.decode()

    assert "“看板”不能移到该处" in answer
    assert "“新页”不能移到该处" not in answer
    assert f'value="{site.pk}"' in answer
    assert {stands_below(page) for page in (taken, free)} == {about_page().pk}


def test_where_the_address_is_free_pages_move(editor, site):
    first, second = page_below(about_page(), "fresh"), page_below(about_page(), "other")

    chosen = editor.post(ways_to_move(first)[0], {"new_parent_page": site.pk})
    editor.post(chosen["Location"])
    editor.post(ways_to_move(second)[1], {"chooser": site.pk})

    assert [stands_below(page) for page in (first, second)] == [site.pk, site.pk]


def test_pages_below_and_drafts_count_when_a_page_is_moved(editor, site):
    accounts = page_below(about_page(), "accounts")
    page_below(accounts, "login")
    drafted = page_below(about_page(), "fresh")
    drafted.slug = "needs"
    drafted.save_revision()

    for page, address in ((accounts, "/accounts/login/"), (drafted, "/needs/")):
        answer = editor.post(ways_to_move(page)[0], {"new_parent_page": site.pk}).content.decode()
        assert f"{address} {TAKEN}" in answer
        assert stands_below(page) == about_page().pk


@pytest.mark.parametrize("alias", [{}, {"alias": "1"}])
def test_neither_a_copy_nor_an_alias_brings_a_page_below_to_one(editor, site, alias):
    page = page_below(about_page(), "fresh")
    page_below(page, "login")
    sent = {"new_title": "副本", "new_slug": "accounts", "new_parent_page": site.pk} | alias
    address = reverse("wagtailadmin_pages:copy", args=[page.pk])

    answer = editor.post(address, sent | {"copy_subpages": "1"}).content.decode()
    refused = not site.get_children().filter(slug="accounts").exists()
    editor.post(address, sent)

    assert "/accounts/login/，该地址已由平台自身的栏目使用" in answer
    assert 'value="副本"' in answer
    assert refused
    assert site.get_children().filter(slug="accounts").exists()  # alone it stands in nobody's way


@pytest.mark.parametrize("slug", ["outcomes", "accounts"])
def test_a_page_is_not_renamed_to_one(editor, site, slug):
    page = page_below(site, "fresh")
    page_below(page, "login")

    answer = editor.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), text_form(title="新名", slug=slug))

    assert TAKEN in answer.content.decode()
    assert 'value="新名"' in answer.content.decode()
    assert page.revisions.count() == 1


def test_a_page_does_not_hide_behind_the_other_language(editor, site):
    address = reverse("wagtailadmin_pages:add", args=["cms", "generalpage", site.pk])

    for slug in ("en", "en-us"):
        assert TAKEN in editor.post(address, text_form(slug=slug)).content.decode()
    english = HomePage.objects.get(locale__language_code="en")
    editor.post(reverse("wagtailadmin_pages:add", args=["cms", "generalpage", english.pk]), text_form(slug="en"))

    assert GeneralPage.objects.get(slug="en").get_url() == "/en/en/"


@pytest.mark.parametrize(("slug", "is_free"), [("admin", False), ("fresh", True)])
def test_a_page_is_not_copied_into_a_language_where_its_address_is_taken(editor, site, slug, is_free):
    english = HomePage.objects.get(locale__language_code="en")
    page = page_below(english, slug)
    address = reverse("simple_translation:submit_page_translation", args=[page.pk])

    editor.get(address)
    answer = editor.post(address, {"locales": [site.locale_id], "include_subtree": ""}, follow=True)

    assert (f"/{slug}/ {TAKEN}" in answer.content.decode()) is not is_free
    assert site.get_children().filter(slug=slug).exists() is is_free
