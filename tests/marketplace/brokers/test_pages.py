"""Pages of the register and the public check."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache

from marketplace.brokers.actions import revoke_broker, suspend_broker
from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from search.broker_list import validity
from tests.factories.people import sign_in
from tests.marketplace.brokers.making import scheme
from tests.marketplace.contracts.factories import broker, person, registered, submitted, technical_field

pytestmark = pytest.mark.django_db


def filled(**changed):
    today = clock.today()
    return {
        "name": "林晓岚",
        "level": "medium",
        "certificate_no": "浙技经 2024-0317",
        "issuer": "样例协会",
        "filing_number": "瓯备 0001",
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=700)).isoformat(),
        "firm": "",
        "fields": [technical_field().code],
        "introduction": "",
        "user": "",
        **changed,
    }


def test_an_officer_files_a_broker(client):
    sign_in(client, person("officer"))

    answer = client.post("/brokers/new/", filled())

    filed = TechBroker.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/brokers/{filed.code}/")
    assert list(filed.fields.all()) == [technical_field()]


def test_a_wrong_form_loses_nothing_typed(client):
    sign_in(client, person("officer"))
    today = clock.today()

    answer = client.post(
        "/brokers/new/", filled(valid_until=(today - timedelta(days=1)).isoformat(), user="nobody-here")
    )

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "浙技经 2024-0317" in page
    assert "nobody-here" in page
    assert set(answer.context["form"].errors) == {"valid_until", "user"}
    assert not TechBroker.objects.exists()


def test_the_same_certificate_is_told_beside_the_field(client):
    broker(certificate_no="浙技经 2024-0317")
    sign_in(client, person("officer"))

    for typed in ("浙技经 2024-0317", " 浙技经 ２０２４-0317"):
        answer = client.post("/brokers/new/", filled(certificate_no=typed))

        assert "已登记在" in answer.context["form"].errors["certificate_no"][0]
    assert TechBroker.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"level": "senior"}, "level"),
        ({"issuer": "另一家协会"}, "level"),
        ({"valid_until": ""}, "valid_until"),
        ({"valid_from": "2024-02-29", "valid_until": "2027-03-01"}, "valid_until"),
    ],
)
def test_a_certificate_its_scheme_does_not_know_is_not_filed(client, changed, field):
    facts = filled(scheme=str(scheme(months_valid=36).pk), valid_from="2024-02-29", valid_until="2027-02-28")
    sign_in(client, person("officer"))

    refused = client.post("/brokers/new/", facts | changed)
    assert set(refused.context["form"].errors) == {field}

    client.post("/brokers/new/", facts)
    assert TechBroker.objects.get().scheme.months_valid == 36


def test_the_list_does_not_call_a_revoked_certificate_valid_without_end():
    endless = broker(valid_until=None)
    assert str(validity(endless)) == "长期有效"

    revoke_broker(endless, by=person("officer"), reason="核查属实")
    assert validity(endless) == ""


@pytest.mark.parametrize("verb", ["change", "renew", "suspend", "revoke"])
def test_others_do_not_enter_the_officers_pages(client, verb):
    filed = broker()
    address = f"/brokers/{filed.code}/{verb}/"

    assert client.get(address).status_code == 302
    sign_in(client, person("registrar"))
    assert client.get(address).status_code == 403


def test_a_suspension_by_page(client):
    filed = broker()
    sign_in(client, person("officer"))

    empty = client.post(f"/brokers/{filed.code}/suspend/", {"reason": ""})
    client.post(f"/brokers/{filed.code}/suspend/", {"reason": "投诉核查中"})

    filed.refresh_from_db()
    assert empty.status_code == 200
    assert (filed.state, filed.decision_reason) == ("suspended", "投诉核查中")
    assert "投诉核查中" in client.get(f"/brokers/{filed.code}/").content.decode()


def test_the_page_of_an_unknown_broker_is_absent(client):
    assert client.get("/brokers/AAAABBBBCCCC/").status_code == 404


def tone(client, code):
    answer = client.get(f"/verify/{code}/")
    verdict = answer.context["verdict"]
    return answer.status_code, verdict.tone if verdict else None


def test_the_check_answers_for_every_standing(client):
    today, officer = clock.today(), person("officer")
    valid, expired = broker(), broker(valid_until=today - timedelta(days=18))
    suspended, revoked = broker(), broker(issuer="只在有效时显示的机构")
    suspend_broker(suspended, by=officer, reason="核查")
    revoke_broker(revoked, by=officer, reason="出借证书")

    assert tone(client, valid.code) == (200, "go")
    assert tone(client, expired.code) == (200, "stop")
    assert tone(client, suspended.code) == (200, "stop")
    assert tone(client, revoked.code) == (200, "stop")
    page = client.get(f"/verify/{revoked.code}/").content.decode()
    assert "出借证书" in page
    assert "只在有效时显示的机构" not in page
    assert client.get("/verify/AAAABBBBCCCC/").status_code == 404


def test_a_code_is_found_however_it_is_typed(client):
    filed = broker(certificate_no="浙技经 2024-0317")
    spaced = "-".join(filed.code[place : place + 4].lower() for place in (0, 4, 8))

    for typed in (spaced, "浙技经 2024-0317"):
        answer = client.get("/verify/", {"code": typed})
        assert (answer.status_code, answer["Location"]) == (302, f"/verify/{filed.code}/")


def test_the_check_speaks_english_on_demand(client):
    filed = broker()

    chinese = client.get(f"/verify/{filed.code}/").content.decode()
    english = client.get(f"/verify/{filed.code}/?lang=en").content.decode()

    assert 'lang="zh-Hans"' in chinese.split("<head>")[0]
    assert "Certificate valid" in english


def test_a_registered_contract_is_confirmed_without_its_amount(client):
    contract, _ = registered()

    page = client.get(f"/verify/{contract.code}/").content.decode()

    assert contract.number in page
    assert contract.seller.name in page
    said = re.sub(r'datetime="[^"]*"', "", page.replace(contract.number, ""))  # microseconds hold any figure
    assert "600" not in said
    assert contract.project_name not in page


def test_a_contract_under_review_is_not_confirmed(client):
    contract, _ = submitted()

    assert client.get(f"/verify/{contract.code}/").status_code == 404


def test_questions_from_one_address_are_limited(client):
    cache.clear()

    codes = [client.get("/verify/AAAABBBBCCCC/").status_code for _ in range(31)]

    assert codes == [404] * 30 + [429]


@pytest.mark.parametrize("typed", ["yl-jjr-000001", "  YL-JJR-000001 ", "ＹＬ－ＪＪＲ－０００００１"])
def test_a_certificate_number_is_found_however_it_is_typed(client, typed):
    filed = broker(certificate_no="YL-JJR-000001")

    answer = client.get("/verify/", {"code": typed})

    assert answer["location"] == f"/verify/{filed.code}/"
