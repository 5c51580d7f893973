"""A NUL byte, which PostgreSQL cannot keep: refused wherever a request may carry it, let through in files."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from cms.middleware import refuse_nul
from tests.factories.people import person, sign_in

pytestmark = pytest.mark.django_db
AS_FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize("address", ["/outcomes/?q=a%00b", "/outcomes/%00/", "/lots/OH%00/state", "/verify/%00/"])
def test_not_in_an_address(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize("body", ["organisation=a%00b", "organisation=a\x00b", "organisation%00=a"])
def test_not_in_a_form(client, body):
    sign_in(client, person())

    assert client.post("/account/acting/", body, content_type=AS_FORM).status_code == 400


def test_not_in_a_form_with_files(client):
    sign_in(client, person())

    assert client.post("/account/acting/", {"organisation": "a\x00b"}).status_code == 400


def test_not_in_a_cookie(client):
    # by hand: later Pythons write no such cookie, and read one still
    assert client.get("/desk/", headers={"cookie": 'sessionid="a\\000b"'}).status_code == 400


def test_files_hold_what_they_hold(client):
    sign_in(client, person())
    picture = SimpleUploadedFile("图.png", b"\x89PNG\x00\x00")

    assert client.post("/account/acting/", {"organisation": "", "picture": picture}).status_code == 302


def test_a_sender_who_went_away_is_no_error_of_this_house():
    class Gone:
        def read(self, *_size):
            raise OSError("gone")

        def close(self):
            pass

    request = RequestFactory().post("/", "a=b", content_type=AS_FORM)
    request.environ["wsgi.input"] = request._stream = Gone()

    assert refuse_nul(lambda request: "asked")(request) == "asked"
