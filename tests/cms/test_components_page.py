"""The page that shows every component, and who may see it."""

import pytest
from django.template.loader import render_to_string

pytestmark = pytest.mark.django_db


def test_shows_every_component_in_the_demonstration(client, settings):
    settings.DEMO = True

    page = client.get("/components/")

    assert page.status_code == 200
    assert page.content.count(b"<h1") == 1
    assert b"style=" not in page.content


def test_is_not_there_for_the_public(client):
    assert client.get("/components/").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/accounts/login/", "/accounts/signup/", "/accounts/password/reset/", "/en/accounts/login/", "/nothing/"],
)
def test_every_entrance_wears_the_shell(client, address):
    page = client.get(address)

    html = page.content.decode()
    assert 'class="top"' in html
    assert html.count("<h1") == 1
    assert 'id="main"' in html


@pytest.mark.parametrize(("path", "lang"), [("/accounts/login/", "zh-Hans"), ("/en/accounts/login/", "en")])
def test_pages_name_their_language_and_the_other(client, path, lang):
    html = client.get(path).content.decode()

    assert f'<html lang="{lang}"' in html
    assert ('hreflang="en"' in html) == (lang == "zh-Hans")


def test_a_chosen_theme_is_written_by_the_server(client):
    client.cookies["theme"] = "dark"
    assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()

    client.cookies["theme"] = '"><script>'
    assert "data-theme=" not in client.get("/accounts/login/").content.decode().split("<head>")[0]


@pytest.mark.parametrize("name", ["400.html", "403_csrf.html", "500.html", "503.html"])
def test_pages_of_last_resort_need_no_context(name, django_assert_num_queries):
    with django_assert_num_queries(0):
        html = render_to_string(name)

    assert html.count("<h1") == 1
    assert "{%" not in html
