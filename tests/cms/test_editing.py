"""What the admin does not let editors do to the portal by accident, and what it helps them find and keep."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from wagtail.blocks import StructBlockValidationError
from wagtail.models import Page

from cms.portal.blocks import LinkBlock, MaybeLinkBlock
from cms.portal.pages import GeneralPage, HomePage, NewsPage
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories.people import person, sign_in, staff

pytestmark = pytest.mark.django_db
KEPT = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def editor(client, site):
    set_up_groups()
    sign_in(client, staff(Role.EDITOR))
    return client


def text_form(**fields):
    """Return a whole form of a general page."""
    body = {"body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "text", "body-0-id": ""}
    words = (
        '{"blocks":[{"key":"a","text":"正文","type":"unstyled","depth":0,"inlineStyleRanges":[],"entityRanges":[]}],'
    )
    body["body-0-value"] = words + '"entityMap":{}}'
    comments = {"comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}
    return {"title": "新页面", "slug": "fresh", "summary": "", **body, **comments, **fields}


def about_page():
    return GeneralPage.objects.get(slug="about", locale__language_code="zh-hans")


@pytest.mark.parametrize(
    ("parent", "slug", "is_free"),
    [
        ("zh-hans", "outcomes", False),
        ("zh-hans", "board", False),
        ("zh-hans", "admin", False),
        ("zh-hans", "fresh", True),
        ("en", "outcomes", False),
        ("en", "admin", True),  # /en/admin/ is nobody's
    ],
)
def test_a_page_does_not_take_an_address_of_the_house(editor, parent, slug, is_free):
    home = HomePage.objects.get(locale__language_code=parent)
    answer = editor.post(reverse("wagtailadmin_pages:add", args=["cms", "generalpage", home.pk]), text_form(slug=slug))

    assert GeneralPage.objects.child_of(home).filter(slug=slug).exists() is is_free
    assert ("这个地址已由平台自身的栏目使用" in answer.content.decode()) is not is_free
    if not is_free:
        assert "新页面" in answer.content.decode()


def test_the_address_of_the_house_is_free_below_a_page(editor):
    address = reverse("wagtailadmin_pages:add", args=["cms", "generalpage", about_page().pk])

    editor.post(address, text_form(slug="outcomes"))

    assert GeneralPage.objects.get(slug="outcomes").get_url() == "/about/outcomes/"


def test_a_copy_does_not_take_an_address_of_the_house(editor, site):
    page = about_page()
    sent = {"new_title": "副本", "new_slug": "outcomes", "new_parent_page": site.pk}

    answer = editor.post(reverse("wagtailadmin_pages:copy", args=[page.pk]), sent)

    assert "这个地址已由平台自身的栏目使用" in answer.content.decode()
    assert not Page.objects.filter(slug="outcomes").exists()


@pytest.mark.parametrize(
    ("block", "words", "place", "wrong"),
    [
        (LinkBlock, "成果", "outcome-list", set()),
        (LinkBlock, "成果", "", {"page"}),
        (LinkBlock, "", "outcome-list", {"label"}),
        (MaybeLinkBlock, "", "", set()),
        (MaybeLinkBlock, "成果", "", {"page"}),
        (MaybeLinkBlock, "", "outcome-list", {"label"}),
        (MaybeLinkBlock, "成果", "outcome-list", set()),
    ],
)
def test_a_link_leads_somewhere(block, words, place, wrong):
    link, found = block(), set()
    try:
        link.clean(link.to_python({"label": words, "page": None, "place": place}))
    except StructBlockValidationError as problem:
        found = set(problem.block_errors)

    assert found == wrong


def test_what_the_house_delivers_can_be_saved_again(site):
    for kind in (HomePage, NewsPage, GeneralPage):
        for page in kind.objects.all():
            page.body.stream_block.clean(page.body)


def test_a_notice_without_a_link_is_saved_and_one_whose_link_leads_nowhere_is_not(editor):
    page = about_page()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    notice = {f"body-0-value-{name}": text for name, text in {"tone": "way", "strong": "", "text": "请注意"}.items()}
    notice |= {"body-0-type": "notice", "body-0-value-link-page": "", "body-0-value-link-place": ""}

    refused = editor.post(address, text_form(slug="about", **notice, **{"body-0-value-link-label": "去看"}))
    stood = page.revisions.count()
    editor.post(address, text_form(slug="about", **notice, **{"body-0-value-link-label": ""}))

    errors = unescape(refused.content.decode()).encode("ascii", "backslashreplace").decode("unicode_escape")
    assert "请选择页面或平台栏目" in errors
    assert (stood, page.revisions.count()) == (1, 2)


@pytest.mark.parametrize("deed", ["unpublish", "delete"])
def test_the_entrance_stays(editor, site, deed):
    address = reverse(f"wagtailadmin_pages:{deed}", args=[site.pk])
    editor.post(address, {"page_title": site.title})
    boss = Client()
    sign_in(boss, person(is_superuser=True))
    boss.post(address, {"page_title": site.title})
    boss.post(f"{reverse('wagtail_bulk_action', args=['wagtailcore', 'page', deed])}?id={site.pk}")

    site.refresh_from_db()
    assert site.live
    assert address not in editor.get(reverse("wagtailadmin_pages:edit", args=[site.pk])).content.decode()


@pytest.mark.parametrize("deed", ["unpublish", "delete"])
def test_a_page_of_the_foot_goes_after_its_title_was_typed_and_leaves_the_foot_at_once(
    editor, deed, django_capture_on_commit_callbacks
):
    page, visitor = about_page(), Client()
    address = reverse(f"wagtailadmin_pages:{deed}", args=[page.pk])
    shown = editor.get(address).content.decode()
    refused = editor.post(address, {"page_title": "别的"}).content.decode()
    before = visitor.get("/").content.decode()
    stood = GeneralPage.objects.live().filter(pk=page.pk).exists()

    with django_capture_on_commit_callbacks(execute=True):
        editor.post(address, {"page_title": page.title})

    assert "每个页面的页脚都链接到本页" in shown
    assert "被引用 0 次" not in shown
    assert "输入的内容与页面标题不一致" in refused
    assert stood
    assert 'href="/about/"' in before
    assert not GeneralPage.objects.live().filter(pk=page.pk).exists()
    assert 'href="/about/"' not in visitor.get("/").content.decode()


@pytest.mark.parametrize("deed", ["unpublish", "delete"])
def test_other_pages_go_as_wagtail_lets_them(editor, deed):
    news = NewsPage.objects.filter(locale__language_code="zh-hans").first()

    editor.post(reverse(f"wagtailadmin_pages:{deed}", args=[news.pk]))

    assert not NewsPage.objects.live().filter(pk=news.pk).exists()


@pytest.mark.parametrize("deed", ["unpublish", "delete"])
def test_pages_of_the_foot_do_not_go_together(editor, deed):
    page, news = about_page(), NewsPage.objects.filter(locale__language_code="zh-hans").first()
    address = reverse("wagtail_bulk_action", args=["wagtailcore", "page", deed])

    answer = editor.post(f"{address}?id={page.pk}&id={news.pk}&next=/admin/pages/", follow=True)

    assert GeneralPage.objects.live().filter(pk=page.pk).exists()
    assert NewsPage.objects.live().filter(pk=news.pk).exists()
    assert "请逐个取消发布或删除" in answer.content.decode()


def test_a_published_page_stands_in_the_foot_at_once(editor, site, django_capture_on_commit_callbacks):
    editor.get("/")
    with django_capture_on_commit_callbacks(execute=True):
        sent = text_form(**{"action-publish": "1"})
        editor.post(reverse("wagtailadmin_pages:add", args=["cms", "generalpage", site.pk]), sent)

    assert 'href="/fresh/"' in Client().get("/").content.decode()


@pytest.mark.parametrize("words", ["规则", "关于"])
def test_pages_are_found_by_any_part_of_their_title(editor, words):
    title = next(page.title for page in GeneralPage.objects.all() if words in page.title)

    for address in ("wagtailadmin_pages:search", "wagtailadmin_explore_root"):
        found = editor.get(reverse(address), {"q": words[-1:] if words in title else words, "search_all": "1"})
        assert title in found.content.decode()
    assert title not in editor.get(reverse("wagtailadmin_pages:search"), {"q": "没有这样的页面"}).content.decode()


def sent_back(answer):
    kept = {name: unescape(text) for name, text in KEPT.findall(answer.content.decode())}
    kept.pop("csrfmiddlewaretoken")
    return kept


def test_what_was_typed_comes_back_when_the_session_has_ended(site):
    set_up_groups()
    user, browser = staff(Role.EDITOR), Client(enforce_csrf_checks=True)
    sign_in(browser, user)
    page = about_page()
    address = reverse("wagtailadmin_pages:edit", args=[page.pk])
    browser.get(address)
    token = browser.cookies["csrftoken"].value
    typed = text_form(title='他说"好"<b>', slug="about", summary="一行\n两行")
    browser.cookies.pop("sessionid")

    asked = browser.post(address, typed | {"csrfmiddlewaretoken": token})
    kept = sent_back(asked)
    sign_in(browser, user)
    browser.cookies["csrftoken"] = "a" * 32  # signing in changes it
    own = {"Origin": "http://testserver"}
    again = browser.post(address, kept | {"csrfmiddlewaretoken": token}, headers=own)
    fresh = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', again.content.decode())[1]
    saved = browser.post(address, sent_back(again) | {"csrfmiddlewaretoken": fresh}, headers=own)

    assert (asked.status_code, again.status_code, saved.status_code) == (403, 403, 302)
    assert "登录已失效，您填写的内容还在" in asked.content.decode()
    assert kept == typed
    assert "您已登录，请再发送一次" in again.content.decode()
    draft = about_page().get_latest_revision_as_object()
    assert draft.title == typed["title"]
    assert draft.summary.split() == ["一行", "两行"]


def test_another_site_gets_no_page_with_its_words(site):
    set_up_groups()
    browser = Client(enforce_csrf_checks=True)
    sign_in(browser, staff(Role.EDITOR))
    address = reverse("wagtailadmin_pages:edit", args=[about_page().pk])

    for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null"}):
        answer = browser.post(address, text_form(title="骗来的标题"), headers=headers)
        assert answer.status_code == 403
        assert "骗来的标题" not in answer.content.decode()


def test_passwords_and_scripts_are_not_sent_back(client, site):
    typed = {"username": "wang", "password1": "celadon-bowl-2026"}
    form = client.post("/admin/users/new/", typed)
    script = client.post("/admin/users/new/", typed, headers={"X-Requested-With": "XMLHttpRequest"})
    door = client.post("/admin/login/", typed)

    assert sent_back(form) == {"username": "wang"}
    assert "celadon-bowl-2026" not in form.content.decode()
    assert script.status_code == 403
    assert "wang" not in script.content.decode()
    assert door.status_code == 302
