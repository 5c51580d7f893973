"""The OpenAPI document is whole, says what is answered, and every code of a problem stands in it and on the page."""

import ast
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator

from cms.api import MEANINGS
from marketplace.auctions.ladder import WAN
from marketplace.auctions.saying_no import REFUSALS
from tests.factories.people import sign_in
from tests.marketplace.auctions.calling import JSON, bearer, placed, send
from tests.marketplace.auctions.making import announced_lot, bidder
from tests.marketplace.contracts.factories import broker, registered

pytestmark = pytest.mark.django_db
ROOT = Path(__file__).resolve().parents[2]
READ = ("contracts", "pool", "publicities", "brokers", "figures")
BIDS, STATE = "/api/v1/lots/{number}/bids", "/api/v1/lots/{number}/state"


@pytest.fixture
def document(client):
    answer = client.get("/api/v1/openapi.json")
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/json")
    return answer.json()


def operations(document):
    return {(path, name): each for path, methods in document["paths"].items() for name, each in methods.items()}


def schema(document, part):
    """Return a part of the document as a schema of its own, so that its references are found."""
    return Draft202012Validator({"components": document["components"], **part})


def references(part):
    if isinstance(part, dict):
        for name, value in part.items():
            if name == "$ref":
                yield value
            else:
                yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


def test_the_document_names_every_address(document):
    assert document["openapi"].startswith("3.1")
    assert set(operations(document)) == {
        (BIDS, "post"),
        (f"{BIDS}/withdrawal", "post"),
        (STATE, "get"),
        ("/lots/{number}/events/", "get"),
        ("/lots/{number}/record.jsonl", "get"),
        *((f"/api/v1/{path}", "get") for path in (*READ, "contracts/{code}/registration")),
    }
    assert set(document["components"]["securitySchemes"]) == {"ByToken", "BySession"}
    assert document["components"]["securitySchemes"]["ByToken"]["scheme"] == "bearer"


def test_the_document_is_whole(document):
    ids = [each["operationId"] for each in operations(document).values()]
    assert len(ids) == len(set(ids))
    for reference in references(document):
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step.replace("~1", "/")]
    for each in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(each)
    for (path, _name), each in operations(document).items():
        given = {one["name"] for one in each["parameters"] if one["in"] == "path"}
        assert given == set(re.findall(r"{(\w+)}", path))
        assert all(answer["description"] for answer in each["responses"].values())
        assert all(one.get("description") or one["in"] == "header" for one in each["parameters"])


def test_the_key_is_described_as_it_is_needed(document):
    (key,) = [one for one in operations(document)[BIDS, "post"]["parameters"] if one["in"] == "header"]

    assert (key["name"], key["required"]) == ("Idempotency-Key", True)
    assert re.fullmatch(key["schema"]["pattern"].strip("^$"), "x" * 64)


def test_who_signs_in_is_described(document):
    assert operations(document)[BIDS, "post"]["security"] == [{"ByToken": []}, {"BySession": []}]
    assert operations(document)[STATE, "get"]["security"] == [{"ByToken": []}, {"BySession": []}, {}]
    assert operations(document)["/api/v1/contracts", "get"]["security"] == [{"ByToken": []}, {"BySession": []}]
    for path in READ[1:]:
        assert {} in operations(document)[f"/api/v1/{path}", "get"]["security"]


def documented(document):
    found = set()
    for each in operations(document).values():
        for answer in each["responses"].values():
            for content in answer.get("content", {}).values():
                found |= set(content["schema"].get("properties", {}).get("code", {}).get("enum", []))
    return found


def raised():
    """Return every code that a call in the source names: Problem("code", …), problem("code", …), told(request, …)."""
    found = set()
    for path in [*(ROOT / "marketplace").rglob("*.py"), *(ROOT / "cms").glob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("Problem", "problem", "told"):
                words = [each.value for each in node.args[:2] if isinstance(each, ast.Constant)]
                found |= {word for word in words if isinstance(word, str)}
    return found


def test_every_code_that_is_raised_is_documented_and_every_documented_code_exists(document):
    assert raised() <= set(MEANINGS)
    assert set(REFUSALS) <= set(MEANINGS)
    assert documented(document) == set(MEANINGS) == set(document["x-problems"])


def test_a_code_stands_under_its_status(document):
    for each in operations(document).values():
        for status, answer in each["responses"].items():
            for content in answer.get("content", {}).values():
                codes = content["schema"].get("properties", {}).get("code", {}).get("enum", [])
                assert {str(MEANINGS[code].status) for code in codes} <= {status}


def test_answers_are_as_described(document):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1))
    one, rival = bidder(lot), bidder(lot)
    placed(rival, 160 * WAN)
    headers = bearer(one)
    bid, read = operations(document)[BIDS, "post"], operations(document)[STATE, "get"]

    answers = [
        (bid, send(lot, 161 * WAN, headers=headers)),
        (bid, send(lot, 165 * WAN, headers=headers, confirmed=False)),
        (bid, send(lot, 165 * WAN, headers=headers)),
        (bid, send(lot, 0, headers=headers)),
        (bid, send(lot, 165 * WAN)),
        (bid, send(lot, 165 * WAN, headers=headers, key="")),
        (read, Client().get(f"/api/v1/lots/{lot.number}/state")),
        (read, Client().get(f"/api/v1/lots/{lot.number}/state", {"since": "x"})),
        (read, Client().get("/api/v1/lots/none/state")),
    ]

    assert [answer.status_code for _operation, answer in answers] == [409, 409, 201, 422, 401, 400, 200, 422, 404]
    for operation, answer in answers:
        content = operation["responses"][str(answer.status_code)]["content"]
        described = content[answer.headers["Content-Type"].split(";")[0]]["schema"]
        assert list(schema(document, described).iter_errors(json.loads(answer.content))) == []


def test_answers_about_sealed_bids_are_as_described(document):
    lot = announced_lot(starts_at=timezone.now() - timedelta(minutes=1), format="sealed")
    one = bidder(lot)
    headers, path = bearer(one), f"/api/v1/lots/{lot.number}/bids/withdrawal"
    bid, back = operations(document)[BIDS, "post"], operations(document)[f"{BIDS}/withdrawal", "post"]
    read = operations(document)[STATE, "get"]

    def withdraw(body="{}", **key):
        return Client().post(path, body, content_type=JSON, headers=headers | key)

    answers = [
        (bid, send(lot, 165 * WAN, headers=headers, confirmed=False)),
        (bid, send(lot, 165 * WAN, headers=headers)),
        (read, Client().get(f"/api/v1/lots/{lot.number}/state")),
        (back, withdraw(**{"Idempotency-Key": "w"})),
        (back, withdraw(**{"Idempotency-Key": "x"})),
        (back, withdraw()),
        (back, withdraw('{"amount": 1}', **{"Idempotency-Key": "y"})),
        (back, Client().post(path, headers=headers)),
    ]

    assert [answer.status_code for _operation, answer in answers] == [409, 201, 200, 201, 409, 400, 422, 415]
    for operation, answer in answers:
        content = operation["responses"][str(answer.status_code)]["content"]
        described = content[answer.headers["Content-Type"].split(";")[0]]["schema"]
        assert list(schema(document, described).iter_errors(json.loads(answer.content))) == []


def test_answers_of_what_is_read_are_as_described(document, sign_in_as):
    contract, manager = registered()
    reader = sign_in_as(manager)
    addresses = {f"/api/v1/{path}": f"/api/v1/{path}" for path in READ}
    addresses["/api/v1/contracts/{code}/registration"] = f"/api/v1/contracts/{contract.code}/registration"
    broker()

    for path, address in addresses.items():
        read = operations(document)[path, "get"]
        for answer in (reader.get(address), reader.get(address, {"page": 0, "period": "x"}), Client().get(address)):
            content = read["responses"][str(answer.status_code)]["content"]
            described = content[answer.headers["Content-Type"].split(";")[0]]["schema"]
            assert list(schema(document, described).iter_errors(json.loads(answer.content))) == []


@pytest.fixture
def sign_in_as():
    return lambda user: sign_in(Client(), user)


@pytest.mark.parametrize(("address", "title"), [("/api/", "程序接口"), ("/en/api/", "Interface for programs")])
def test_the_page_explains_every_code(client, address, title):
    page = client.get(address).content.decode()

    assert f"<h1>{title}</h1>" in page
    assert {code for code in MEANINGS if f'<tr id="{code}">' not in page} == set()
    assert "<script src=" not in page.replace('<script src="/static/', "")


@pytest.mark.parametrize(("language", "page"), [("zh", "/api/"), ("en-GB,en;q=0.5", "/en/api/")])
def test_the_type_of_a_problem_leads_to_its_row(client, language, page):
    answer = client.get("/api/problems/too_low", headers={"Accept-Language": language})

    assert (answer.status_code, answer["Location"]) == (302, f"{page}#too_low")


def test_the_page_is_for_people_and_all_below_it_for_programs(client):
    page, below = client.post("/api/"), client.post("/api/v1/openapi.json")

    assert (page.status_code, page.headers["Content-Type"]) == (405, "text/html; charset=utf-8")
    assert (below.status_code, below.headers["Content-Type"]) == (405, "application/problem+json")
