"""What editors upload is served whatever the web server in front; nothing else of the data folder is."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    for name in ("media/images/a.png", "media/original_images/b.png", "media/documents/c.pdf", "private/aa/secret"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"content of " + name.encode())
    return settings.MEDIA_ROOT


def test_pictures_are_served(client, media):
    answer = client.get("/media/images/a.png")

    assert answer.status_code == 200
    assert b"".join(answer.streaming_content) == b"content of media/images/a.png"
    assert (answer.headers["Content-Type"], answer.headers["X-Content-Type-Options"]) == ("image/png", "nosniff")
    assert answer.headers["Cache-Control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "address",
    [
        "/media/documents/c.pdf",  # Wagtail's own view asks who may read
        "/media/",
        "/media/images/",
        "/media/images/none.png",
        "/media/images/../documents/c.pdf",
        "/media/images/../../private/aa/secret",
        "/media/images/%2e%2e/%2e%2e/private/aa/secret",
        "/media/../private/aa/secret",
        "/private/aa/secret",
    ],
)
def test_nothing_else_is(client, media, address):
    assert client.get(address, follow=True).status_code == 404
