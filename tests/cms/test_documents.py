"""Documents of editors: who can open them, and what is taken."""

import zipfile
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.documents.models import Document
from wagtail.models import PageViewRestriction

from cms.portal.pages import NewsIndexPage, NewsPage
from cms.staff.document_kinds import ENDINGS, OLE2, refuse_unwanted
from marketplace.core.refusals import Refused
from marketplace.organisations.roles import Role
from marketplace.organisations.staff import set_up_groups
from tests.cms.test_editing import text_form
from tests.factories.people import person, sign_in, staff

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\n%%EOF\n"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def document(site):
    return Document.objects.create(title="办事指南", file=ContentFile(PDF, name="guide.pdf"))


def news_with(document, **facts):
    """Return a piece of news that leads to the document in its text."""
    index = NewsIndexPage.objects.get(locale__language_code="zh-hans")
    text = f'<p><a linktype="document" id="{document.pk}">指南</a></p>'
    return index.add_child(instance=NewsPage(title="新闻", slug="with-paper", body=[("text", text)], **facts))


def zipped(*names):
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name in names:
            archive.writestr(name, "<x/>")
    return kept.getvalue()


def compound(stream):
    return OLE2 + bytes(600) + f"{stream}\0".encode("utf-16-le") + bytes(40)


def test_a_document_that_no_page_leads_to_opens_for_editors_only(client, document):
    visitor = client.get(document.url).status_code
    sign_in(client, person())
    stranger = client.get(document.url).status_code
    set_up_groups()
    sign_in(client, staff(Role.EDITOR))

    assert (visitor, stranger, client.get(document.url).status_code) == (404, 404, 200)


def test_a_document_opens_for_visitors_as_long_as_its_page_is_published(client, document):
    page = news_with(document, live=False)
    answers = [client.get(document.url).status_code]
    for deed in ("publish", "unpublish", "publish", "delete"):
        page.save_revision().publish() if deed == "publish" else getattr(page, deed)()
        answers.append(client.get(document.url).status_code)
        page = NewsPage.objects.filter(pk=page.pk).first()

    assert answers == [404, 200, 404, 200, 404]


def test_a_document_in_a_draft_of_a_published_page_stays_with_editors(client, document):
    index = NewsIndexPage.objects.get(locale__language_code="zh-hans")
    page = index.get_children().live().first().specific
    page.body = [("documents", {"heading": "", "files": [document]})]
    page.save_revision()
    before = client.get(document.url).status_code

    page.latest_revision.publish()
    published = client.get(document.url).status_code
    page = NewsPage.objects.get(pk=page.pk)
    page.body = [("text", "<p>不再附文件。</p>")]
    page.save_revision()
    drafted = client.get(document.url).status_code
    page.latest_revision.publish()

    assert (before, published, drafted, client.get(document.url).status_code) == (404, 200, 200, 404)


def test_what_an_editor_publishes_opens_at_once_with_no_worker_running(client, document):
    set_up_groups()
    page, editor = news_with(document, live=False), Client()
    sign_in(editor, staff(Role.EDITOR))
    address, before = reverse("wagtailadmin_pages:edit", args=[page.pk]), client.get(document.url).status_code
    form = text_form(title="新闻", slug=page.slug, kind="news", published_on=str(timezone.localdate()), source="")
    linked = form["body-0-value"].replace('"entityRanges":[]', '"entityRanges":[{"key":0,"offset":0,"length":2}]')
    entity = f'"entityMap":{{"0":{{"type":"DOCUMENT","mutability":"MUTABLE","data":{{"id":"{document.pk}"}}}}}}'
    linked = linked.replace('"entityMap":{}', entity)

    answers = []
    for text in (linked, form["body-0-value"], linked):
        editor.post(address, form | {"body-0-value": text, "action-publish": "1"})
        answers.append(client.get(document.url).status_code)
    editor.post(reverse("wagtailadmin_pages:unpublish", args=[page.pk]))

    assert (before, answers, client.get(document.url).status_code) == (404, [200, 404, 200], 404)


def test_an_alias_lends_it_as_long_as_it_is_published(client, document):
    page = news_with(document)
    alias = page.create_alias(update_slug="same-again")
    NewsPage.objects.filter(pk=page.pk).update(live=False)
    lent = client.get(document.url).status_code

    NewsPage.objects.get(pk=alias.pk).unpublish()

    assert (lent, client.get(document.url).status_code) == (200, 404)


def test_a_page_for_few_lends_its_document_to_those(client, document):
    page = news_with(document)
    PageViewRestriction.objects.create(page=page, restriction_type=PageViewRestriction.LOGIN)
    visitor = client.get(document.url).status_code
    sign_in(client, person())

    assert (visitor, client.get(document.url).status_code) == (404, 200)


def test_what_is_sent_says_no_nonsense_of_its_encoding(client, document):
    news_with(document)

    answer = client.get(document.url)

    assert b"".join(answer.streaming_content) == PDF
    assert "Content-Encoding" not in answer.headers
    assert (answer.headers["Content-Type"], answer.headers["Cache-Control"]) == ("application/pdf", "no-cache, private")
    assert client.get(document.url, headers={"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert client.get(document.url.replace("guide", "other")).status_code == 404


GOOD = {
    "a.pdf": PDF,
    "a.PDF": PDF,
    "a.doc": compound("WordDocument"),
    "a.wps": compound("WordDocument"),
    "a.xls": compound("Workbook"),
    "a.et": compound("Book"),
    "a.ppt": compound("PowerPoint Document"),
    "a.dps": compound("PowerPoint Document"),
    "a.docx": zipped("[Content_Types].xml", "word/document.xml"),
    "a.xlsx": zipped("xl/workbook.xml"),
    "a.pptx": zipped("ppt/presentation.xml"),
    "a.ofd": zipped("OFD.xml"),
    "a.zip": zipped("whatever.txt"),
    "a.csv": "名称,金额\n锁,1\n".encode("gb18030"),
    "a.txt": "您好".encode(),
}
BAD = {
    "page.pdf": b"<html><script>alert(1)</script></html>",
    "cut.pdf": b"%PDF-1.4\n1 0 obj\n",
    "empty.txt": b"",
    "installer.doc": compound("Property"),
    "table.doc": compound("Workbook"),
    "page.xls": b"<html>",
    "archive.docx": zipped("a.txt"),
    "archive.ofd": zipped("a.txt"),
    "words.zip": b"PK nothing of the kind",
    "picture.txt": b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0d\xff\xff\x00",
    "tool.exe": b"MZ",
    "noending": PDF,
}


@pytest.mark.parametrize("name", GOOD)
def test_what_offices_write_is_taken(name):
    refuse_unwanted(SimpleUploadedFile(name, GOOD[name]))


def test_every_ending_is_tried_and_allowed(settings):
    assert {name.rpartition(".")[2].lower() for name in GOOD} == set(ENDINGS) == set(settings.WAGTAILDOCS_EXTENSIONS)


@pytest.mark.parametrize("name", BAD)
def test_what_only_bears_the_name_is_not(name):
    with pytest.raises(Refused):
        refuse_unwanted(SimpleUploadedFile(name, BAD[name]))


@pytest.fixture
def editor(client, site):
    set_up_groups()
    sign_in(client, staff(Role.EDITOR))
    return client


def test_the_form_says_what_is_taken_and_refuses_beside_the_field(editor):
    address = reverse("wagtaildocs:add")
    shown = editor.get(address).content.decode()
    several = editor.get(reverse("wagtaildocs:add_multiple")).content.decode()

    sent = {"title": "指南", "file": SimpleUploadedFile("page.pdf", b"<html></html>"), "collection": "", "tags": ""}
    refused = editor.post(address, sent).content.decode()

    for page in (shown, several):
        assert "可上传的格式：PDF, DOC" in page
        assert "有已发布的页面链接到文档时，访客才能打开" in page
    assert "内容" in refused
    assert "PDF" in refused
    assert not Document.objects.exists()


def test_several_at_once_are_looked_at_too(editor):
    sent = {"title": "指南", "files[]": SimpleUploadedFile("page.pdf", b"<html></html>")}
    answer = editor.post(reverse("wagtaildocs:add_multiple"), sent, headers={"X-Requested-With": "XMLHttpRequest"})

    assert answer.json()["success"] is False
    assert not Document.objects.exists()


def test_the_form_of_a_document_says_who_can_open_it(editor, document):
    address = reverse("wagtaildocs:edit", args=[document.pk])
    before = editor.get(address).content.decode()
    news_with(document)

    assert "访客目前不能打开此文档" in before
    assert "访客可以打开此文档：有 1 个已发布的页面链接到它（如“新闻”）" in editor.get(address).content.decode()
