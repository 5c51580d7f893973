"""Words of Wagtail on the pages staff open: Chinese, and one word for an account."""

import json
import re
from itertools import chain

import pytest
from django import forms
from django.core.files.base import ContentFile
from django.core.files.images import ImageFile
from wagtail.admin.forms import choosers
from wagtail.documents.models import Document
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import Page, PageLogEntry

from cms.portal.pages import GeneralPage
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]
UNSEEN = re.compile(r"<(script|style|noscript|template)\b.*?</\1>|<[^>]*>", re.DOTALL)
SCRIPT = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
SENTENCE = re.compile(r"[A-Za-z]+(?: [A-Za-z]+){2,}")


def opened(client, path):
    set_up_groups()
    people.sign_in(client, people.staff(Role.OFFICER, is_staff=True))
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_account_page_has_no_english_sentence(client):
    words = UNSEEN.sub("\n", opened(client, "/admin/account/"))

    assert SENTENCE.findall(words) == []
    assert "账号" in words
    assert "帐号" not in words


def test_the_first_page_says_that_the_handbook_is_english(client):
    assert re.search(r"编辑手册（Wagtail [\d.]+，英文）", opened(client, "/admin/"))


def shown(answer):
    """Return what an answer says, now or in its templates: a page, or the piece of one that a dialog is filled with."""
    is_dialog = answer.headers["Content-Type"].startswith("application/json")
    words = SCRIPT.sub("\n", json.loads(answer.content)["html"] if is_dialog else answer.content.decode())
    titles = (rows.values_list(name, flat=True) for rows, name in TITLES)
    for title in chain.from_iterable(titles):
        words = words.replace(title, "")
    return words


TITLES = [(Page.objects.all(), "title"), (PageLogEntry.objects.all(), "label")]
PAGES = [
    "pages/{page}/", "pages/{page}/edit/", "pages/{page}/history/", "pages/{page}/copy/", "pages/{page}/move/",
    "pages/{page}/usage/", "pages/{page}/delete/", "pages/{page}/unpublish/", "pages/{page}/workflow_history/",
    "pages/{page}/privacy/", "pages/add/cms/generalpage/{page}/", "pages/search/?q=规",
    "bulk/wagtailcore/page/move/?id={page}", "bulk/wagtailcore/page/publish/?id={page}",
    "bulk/wagtailcore/page/delete/?id={page}", "translation/submit/page/{page}/",
    "choose-page/", "choose-external-link/", "choose-email-link/", "choose-phone-link/", "choose-anchor-link/",
    "images/", "images/add/", "images/multiple/add/", "images/{image}/", "images/{image}/delete/",
    "images/usage/{image}/", "images/chooser/", "bulk/wagtailimages/image/add_tags/?id={image}",
    "documents/", "documents/add/", "documents/multiple/add/", "documents/edit/{document}/",
    "documents/delete/{document}/", "documents/usage/{document}/", "documents/chooser/",
    "reports/site-history/", "reports/aging-pages/", "reports/locked/", "reports/workflow/", "reports/workflow_tasks/",
    "reports/page-types-usage/", "account/",
]  # fmt: skip


@pytest.fixture
def editor(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    set_up_groups()
    people.sign_in(client, people.staff(Role.EDITOR))
    return client


def test_editors_find_no_english_sentence_on_their_pages_and_in_their_dialogs(editor):
    page = GeneralPage.objects.filter(locale__language_code="zh-hans").first()
    page.save_revision()
    picture = get_test_image_file()
    given = {
        "page": page.pk,
        "image": Image.objects.create(title="图", file=ImageFile(picture.file, name="picture.png")).pk,
        "document": Document.objects.create(title="文", file=ContentFile(b"x", name="a.txt")).pk,
    }

    answers = {path: editor.get(f"/admin/{path.format(**given)}") for path in PAGES}
    found = {path: SENTENCE.findall(shown(answer)) for path, answer in answers.items() if answer.status_code == 200}

    assert {path: answer.status_code for path, answer in answers.items() if path not in found} == {}
    assert {path: words for path, words in found.items() if words} == {}


def test_every_field_of_a_link_has_a_name_in_chinese(editor):
    kinds = [each for each in vars(choosers).values() if isinstance(each, type) and issubclass(each, forms.Form)]
    named = [(each, str(field.label)) for kind in kinds for each, field in kind.base_fields.items()]

    assert {"link_text", "email_address", "phone_number", "body"} <= {each for each, _label in named}
    assert [each for each, label in named if not re.search("[\u4e00-\u9fff]", label) and label != "URL"] == []


def test_the_buttons_of_a_page_are_a_region_with_a_name_in_chinese(editor):
    assert '<nav aria-label="操作" id="w-slim-header-buttons"' in editor.get("/admin/images/").content.decode()
