"""What a reader is told when something cannot be done: in the design, in both languages, with the way on."""

import json

import psycopg
import pytest
import redis
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.http import HttpResponse, HttpResponseNotAllowed
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path, reverse
from psycopg_pool import PoolTimeout

from cms import errors
from cms.urls import *  # noqa: F403  # the house's own addresses, and a few that fail
from cms.urls import urlpatterns as of_the_house
from marketplace.organisations.roles import MemberRole
from search.engine import EngineDown
from tests.factories.people import join, organisation, person, sign_in
from tests.marketplace.deals.factories import from_match
from tests.marketplace.matching.factories import outcome as published

pytestmark = pytest.mark.django_db


def fail_with(error):
    def view(request):
        raise error

    return view


def read_form(request):
    return HttpResponse(str(len(request.POST)))


def no_connection(request):
    raise OperationalError from PoolTimeout("no connection within 10 s")


def database_gone(request):
    raise OperationalError from psycopg.OperationalError("the server closed the connection")


FAILING = [
    path("broken/", fail_with(RuntimeError("a secret of the house"))),
    path("forbidden/", fail_with(PermissionDenied("Registrars do not register contracts of their own organisation."))),
    path("no-right/", fail_with(PermissionDenied())),
    path("form/", read_form),
    path("full/", no_connection),
    path("no-database/", database_gone),
    path("no-redis/", fail_with(redis.ConnectionError("refused"))),
    path("no-engine/", fail_with(EngineDown("gone"))),
    path("htmx-only/", lambda request: HttpResponseNotAllowed(["POST", "PUT"])),
]
urlpatterns = [*FAILING, path("api/v1/", include(FAILING)), path("en/", include(FAILING)), *of_the_house]


@pytest.fixture(autouse=True)
def _these_addresses():
    with override_settings(ROOT_URLCONF=__name__, DEBUG=False):
        yield


@pytest.fixture
def reader():
    """A browser that gets error pages as readers do."""
    return Client(raise_request_exception=False)


def words(answer):
    return answer.content.decode()


def test_a_wrong_address_in_both_languages(reader, site):
    chinese, english = reader.get("/nowhere/at/all/"), reader.get("/en/nowhere/at/all/")

    assert (chinese.status_code, english.status_code) == (404, 404)
    assert "没有这一页，或您不能查看" in words(chinese)
    assert "There is no such page, or you may not see it." in words(english)
    assert '<a class="btn btn--primary" href="/en/">' in words(english)


def test_the_reason_of_a_rule_is_shown_with_the_way_on(reader, site):
    sign_in(reader, person())

    answer = reader.get("/en/forbidden/")

    assert answer.status_code == 403
    assert "Registrars do not register contracts of their own organisation." in words(answer)
    assert '<a class="btn btn--primary" href="/en/desk/">' in words(answer)
    assert '<a class="btn" href="/en/">' in words(answer)


def test_a_visitor_without_the_right_is_asked_to_sign_in(reader, site):
    answer = reader.get("/no-right/")

    assert answer.status_code == 403
    assert "您的账号没有打开这一页或办理这一步的权限" in words(answer)
    assert '<a class="btn btn--primary" href="/accounts/login/?next=/no-right/">' in words(answer)


@pytest.mark.parametrize(
    ("address", "title", "wanted"),
    [
        ("/htmx-only/", "这个地址不能这样打开", "POST, PUT"),
        ("/en/htmx-only/", "This address does not open", "POST, PUT"),
    ],
)
def test_a_wrong_method_is_no_blank_page(reader, site, address, title, wanted):
    answer = reader.get(address)

    assert (answer.status_code, answer.headers["Allow"]) == (405, wanted)
    assert title in words(answer)


WORDS = {"": "只接收表单", "/en": "only takes a form"}


@pytest.mark.parametrize("language", ["", "/en"])
def test_who_opens_the_address_of_a_form_comes_to_the_page_above(client, language):
    deal, seller, _buyer = from_match()
    page = deal.get_absolute_url()
    sign_in(client, seller.manager)

    for form in ("nda/", "price/X/accept/"):  # above the second stands another that only takes a form
        answer = client.get(f"{language}{page}{form}", follow=True)

        assert answer.redirect_chain[-1] == (f"{language}{page}", 302)
        assert words(answer).count(WORDS[language]) == 1


@pytest.mark.parametrize(
    ("form", "there"),
    [
        ("contracts/from-deal/ABCDEFGHJKMN/", "/contracts/"),  # “from-deal” is no code of a contract
        ("publicity/objections/ABCDEFGHJKMN/answer/", "/publicity/"),
        ("searches/ABCDEFGHJKMN/delete/", "/searches/"),  # opening the search would note it as seen
    ],
)
def test_what_stands_above_is_about_the_same(client, form, there):
    assert sign_in(client, person()).get(f"/{form}").url == there


def test_a_file_of_a_draft_is_added_on_the_page_it_is_written_on(client):
    outcome = published()

    answer = sign_in(client, person()).get(f"{outcome.get_absolute_url()}files/")

    assert answer.url == reverse("outcome-edit", args=[outcome.number])


def test_an_address_of_the_admin_that_takes_a_form_says_so(client, site):
    sign_in(client, person(is_superuser=True), factor=True)

    assert client.get(reverse("search-index:rebuild", args=["need"])).status_code == 405


def test_a_fragment_asked_by_the_wrong_method_brings_no_whole_page(reader, site):
    assert reader.get("/htmx-only/", headers={"HX-Request": "true"}).content == b""


def test_what_is_too_large_is_told_with_the_limit(reader, settings):
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

    answer = reader.post("/form/", {"text": "瓯" * 1024 * 1024})

    assert answer.status_code == 413
    assert "2 MB" in words(answer)
    assert "The form is too large" in words(answer)


def test_a_request_that_makes_no_sense(reader, settings):
    settings.DATA_UPLOAD_MAX_NUMBER_FIELDS = 3

    answer = reader.post("/form/", {f"field{number}": "" for number in range(5)})

    assert answer.status_code == 400
    assert "这个请求无法处理" in words(answer)
    assert "The request could not be read" in words(answer)


def test_a_foreign_name_of_the_host(reader, settings):
    settings.ALLOWED_HOSTS = ["market.example.cn"]

    assert reader.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_a_form_without_its_token():
    careful = Client(enforce_csrf_checks=True)

    answer = careful.post("/accounts/login/", {"login": "wang", "password": "x"})

    assert answer.status_code == 403
    assert "页面已过期" in words(answer)
    assert "This page was open too long" in words(answer)


def test_the_fault_of_the_house_tells_nothing_of_the_inside(reader):
    answer = reader.get("/broken/")

    assert answer.status_code == 500
    assert "问题在平台" in words(answer)
    assert "the fault is ours" in words(answer)
    assert "secret" not in words(answer)


def test_the_page_of_a_fault_asks_neither_database_nor_cache_nor_request(django_assert_num_queries, settings):
    broken = {"context_processors": ["nowhere.to.be.found"]}
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "OPTIONS": broken}]
    settings.CACHES = {"default": {"BACKEND": "nowhere.to.be.found"}}
    request = RequestFactory().get("/")

    with django_assert_num_queries(0, connection=connection):
        try:
            raise RuntimeError
        except RuntimeError:
            answer = errors.server_error(request)

    assert answer.status_code == 500
    assert "问题在平台" in words(answer)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("/full/", "现在访问的人较多"),
        ("/no-database/", "平台的一部分暂时没有响应"),
        ("/no-redis/", "平台的一部分暂时没有响应"),
        ("/no-engine/", "平台的一部分暂时没有响应"),
    ],
)
def test_what_will_pass_is_503_with_the_time_to_come_again(reader, address, told):
    answer = reader.get(address)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert told in words(answer)
    assert '<html lang="zh-Hans">' in words(answer)
    assert '<p lang="en"' in words(answer)


def test_a_form_that_met_no_connection_is_not_loaded_again_by_itself(reader):
    read, sent = reader.get("/full/"), reader.post("/full/", {"amount": "220"})

    assert 'http-equiv="refresh"' in words(read)
    assert 'http-equiv="refresh"' not in words(sent)
    assert "没有办成" in words(sent)


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("nowhere/", 404, "not_found"),
        ("forbidden/", 403, "forbidden"),
        ("htmx-only/", 405, "method_not_allowed"),
        ("full/", 503, "unavailable"),
        ("no-engine/", 503, "unavailable"),
        ("broken/", 500, "error"),
        ("nowhere/%00", 400, "bad_request"),
    ],
)
def test_programs_get_a_problem(reader, site, address, status, code):
    answer = reader.get(f"/api/v1/{address}")

    problem = json.loads(answer.content)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")
    assert (problem["type"], problem["code"], problem["status"]) == (f"/api/problems/{code}", code, status)
    assert problem["title"]
    assert problem["detail"]
    assert "secret" not in words(answer)


def test_programs_are_told_the_reason_of_a_rule(reader):
    answer = reader.get("/api/v1/forbidden/")

    assert answer.json()["detail"] == "Registrars do not register contracts of their own organisation."


def test_programs_are_told_of_a_missing_token_and_of_too_much(settings):
    careful, reader = Client(enforce_csrf_checks=True), Client(raise_request_exception=False)
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1024

    without, large = careful.post("/api/v1/form/"), reader.post("/api/v1/form/", {"text": "x" * 4096})

    assert (without.status_code, without.json()["code"]) == (403, "csrf")
    assert (large.status_code, large.json()["code"]) == (413, "body_too_large")


def test_too_many_questions_are_told_with_the_way_on(reader, site):
    for _ in range(40):
        answer = reader.get("/verify/", {"code": "nothing"})

    assert answer.status_code == 429
    assert "短时间内" in words(answer)
    assert '<a class="btn btn--primary" href="/">' in words(answer)
    assert int(answer.headers["Retry-After"]) == 60


@pytest.mark.parametrize(("houses", "choice"), [(0, False), (1, False), (2, True)])
def test_a_refusal_speaks_of_choosing_an_organisation_only_where_there_is_a_choice(client, houses, choice):
    user = person()
    for _each in range(houses):
        join(user, organisation(), MemberRole.MANAGER)
    sign_in(client, user)

    page = client.get(reverse("staff-list"))

    assert page.status_code == 403
    text = page.content.decode()
    assert ("您的姓名下" in text) is choice
    assert "登录后也许就能办理" not in text
