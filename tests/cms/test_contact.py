"""How the house is reached: kept by editors in one place, and never claimed where it is not filled in."""

import pytest
from django.core.cache import cache
from django.urls import reverse

from cms.portal.contact import ContactFacts
from cms.portal.pages import GeneralPage
from cms.staff.other_language import is_mostly_chinese
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories.people import sign_in, staff

pytestmark = pytest.mark.django_db
FORM = reverse("wagtailsettings:edit", args=["cms", "contactfacts", 1])
TYPED = {
    "telephone": "0577-0000 0000", "email": "a@example.cn", "address": "样例路 0 号",
    "address_en": "0 Sample Road", "hours": "", "hours_en": "",
}  # fmt: skip


def page_of(client, address):
    return client.get(address).content.decode()


def test_nothing_claims_a_contact_that_is_not_there(client, site):
    contact, privacy = page_of(client, "/contact/"), page_of(client, "/privacy/")

    assert "电话、邮箱和地址尚未填写。" in contact
    assert "联系方式在每页页脚" not in privacy
    assert "工作日 8:30–12:00" in contact


def test_an_editor_enters_it_once_and_every_page_shows_it(client, site):
    set_up_groups()
    sign_in(client, staff(Role.EDITOR))
    ContactFacts.load()

    saved = client.post(FORM, TYPED)
    client.logout()
    cache.clear()

    assert saved.status_code == 302
    for address in ("/", "/contact/", "/help/"):
        assert "0577-0000 0000" in page_of(client, address)
    assert "0 Sample Road" in page_of(client, "/en/contact/")
    assert "样例路" not in page_of(client, "/en/contact/")
    assert "尚未填写" not in page_of(client, "/contact/")
    assert "联系方式在每页页脚" in page_of(client, "/privacy/")


def test_other_staff_do_not_enter_it(client, site):
    set_up_groups()
    sign_in(client, staff(Role.REGISTRAR))
    ContactFacts.load()

    client.post(FORM, TYPED)

    assert ContactFacts.objects.get().telephone == ""


def test_a_text_says_its_version_and_since_when(client, site):
    set_up_groups()
    rules = GeneralPage.objects.get(slug="rules", locale__language_code="zh-hans")
    first = page_of(client, "/rules/")
    rules.save_revision(user=staff(Role.EDITOR)).publish()

    assert "第 1 版，最后修改于" in first
    assert "第 2 版，最后修改于" in page_of(client, "/rules/")


def publish(client, page):
    """Publish a page as the admin does, with nothing changed."""
    from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

    given = {
        "title": page.title, "slug": page.slug, "summary": page.summary, "action-publish": "1",
        "body": streamfield([("text", rich_text("<p>" + page.words.split(chr(10))[0] + "</p>"))]),
        "comments": {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0},
    }  # fmt: skip
    return client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), nested_form_data(given), follow=True)


def test_an_editor_is_told_of_chinese_among_the_english_pages(client, site):
    set_up_groups()
    sign_in(client, staff(Role.EDITOR))
    page = GeneralPage.objects.get(slug="about", locale__language_code="en")

    quiet = publish(client, page).content.decode()
    page.title = "关于平台"
    told = publish(client, page).content.decode()

    assert "标题或正文大部分是中文" not in quiet
    assert "标题或正文大部分是中文" in told


def test_names_in_chinese_make_no_chinese_text():
    assert not is_mostly_chinese("The rules of Ou Auction (瓯来拍) are these")
    assert is_mostly_chinese("瓯来拍 rules 在这里")
    assert not is_mostly_chinese("")


def test_a_title_fits_a_heading(site):
    page = GeneralPage(title="长" * 121, slug="long", path=f"{site.path}0099", depth=site.depth + 1)

    with pytest.raises(Exception, match="121"):
        page.clean()


@pytest.mark.parametrize(
    ("wanted", "words"),
    [("/needs/new/", "登录后继续办理：提出需求。"), ("/outcomes/new/", "登录后继续办理：发布成果。")],
)
def test_the_sign_in_says_what_it_is_for(client, site, wanted, words):
    refused = client.get(wanted)

    assert words in page_of(client, refused["Location"])


@pytest.mark.parametrize("wanted", ["", "/no-such/", "//[", "https://elsewhere.example/"])
def test_the_sign_in_says_nothing_of_a_place_without_a_name(client, site, wanted):
    answer = client.get("/accounts/login/", {"next": wanted})

    assert answer.status_code == 200
    assert "登录后继续办理" not in answer.content.decode()
