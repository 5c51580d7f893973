"""Pages of applications, continuing hours, firms, schemes and rules."""

from datetime import timedelta

import pytest

from marketplace.brokers.actions import remind_broker, suspend_broker
from marketplace.brokers.applications.actions import apply_for_renewal
from marketplace.brokers.applications.deciding import return_application
from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.models import TechBroker
from marketplace.brokers.training.actions import (
    CourseProofMissing,
    EnteredAlready,
    NotHeldYet,
    confirm_training,
    decline_training,
    enter_training,
)
from marketplace.brokers.training.models import TrainingRecord
from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.core.journal import Entry, Kind
from tests.factories.asking import queries_of
from tests.factories.people import sign_in
from tests.marketplace.brokers.making import applied, checked, scheme, trained
from tests.marketplace.contracts.factories import broker, organisation, person, scan, technical_field

pytestmark = pytest.mark.django_db


def filled(**changed):
    today = clock.today()
    return {
        "name": "林晓岚",
        "scheme": scheme().pk,
        "certificate_no": "样技经 2026-0001",
        "valid_from": today.isoformat(),
        "valid_until": (today + timedelta(days=700)).isoformat(),
        "firm": "",
        "fields": [technical_field().code],
        "introduction": "",
        "proof": scan("证书.pdf"),
        **changed,
    }


def test_from_the_form_to_the_register(client):
    applicant, officer = person(), person("officer")
    sign_in(client, applicant)
    sent = client.post("/brokers/apply/", filled())
    application = BrokerApplication.objects.get()
    address = application.get_absolute_url()
    assert sent["Location"] == address
    sign_in(client, officer)
    client.post(f"{address}check/")

    answer = client.post(f"{address}file/", {"filing_number": "瓯备 0001"})

    filed = TechBroker.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, filed.get_absolute_url())
    assert client.get(filed.get_absolute_url()).status_code == 200


def test_a_wrong_form_says_why_beside_the_field_in_both_languages(client):
    sign_in(client, person())
    yesterday = (clock.today() - timedelta(days=1)).isoformat()
    wrong = {"valid_from": "2020-01-01", "valid_until": yesterday}

    chinese = client.post("/brokers/apply/", filled(**wrong))
    english = client.post("/en/brokers/apply/", filled(**wrong))

    assert chinese.status_code == english.status_code == 200
    assert "不能备案" in chinese.content.decode()
    assert "cannot be filed" in english.content.decode()
    assert list(english.context["form"].errors) == ["valid_until"]
    assert not BrokerApplication.objects.exists()


def test_the_proof_is_read_by_applicant_and_supervisors_only(client):
    application = applied()
    file = files_of(application).get()
    answers = {}
    for who, user in {
        "applicant": application.applicant,
        "stranger": person(),
        "officer": person("officer"),
        "registrar": person("registrar"),
    }.items():
        sign_in(client, user)
        answers[who] = (
            client.get(f"/files/{file.code}/").status_code,
            client.get(application.get_absolute_url()).status_code,
        )

    assert answers == {
        "applicant": (200, 200), "stranger": (404, 404), "officer": (200, 200), "registrar": (404, 404),
    }  # fmt: skip


def test_an_application_of_a_broker_is_not_one_for_a_lot(client):
    application, filed = checked(), broker(user=person())
    sign_in(client, person("officer"))
    pages = [client.get(f"{application.get_absolute_url()}{verb}") for verb in ("", "refuse/", "file/")]
    sign_in(client, filed.user)
    renewal = client.get(f"/brokers/{filed.code}/renewal/").content.decode()

    assert f"<title>备案申请 {application.name}" in pages[0].content.decode()
    for page in pages[1:]:
        said = page.content.decode()
        assert "<dt>申请人</dt>" in said
        assert ">备案申请</a>" in said
        assert "报名" not in said.partition("<main")[2].partition("</main>")[0]
    assert ">提交申请</button>" in renewal
    assert "提交报名" not in renewal


def test_a_taken_number_is_told_on_the_page(client):
    broker(filing_number="瓯备 0007")
    application = checked()
    sign_in(client, person("officer"))

    answer = client.post(f"{application.get_absolute_url()}file/", {"filing_number": "瓯备 0007"})

    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert TechBroker.objects.count() == 1


def test_a_form_whose_step_is_not_due_is_refused_on_opening(client):
    officer = person("officer")
    returned, sent = applied(), applied()
    return_application(returned, by=officer, reason="请补充扫描件。")
    opened = {}

    for who, application, verb in (
        (officer, returned, "file"), (officer, returned, "return"), (officer, sent, "file"), (officer, sent, "refuse"),
        (sent.applicant, sent, "complete"), (returned.applicant, returned, "complete"),
    ):  # fmt: skip
        sign_in(client, who)
        answer = client.get(f"{application.get_absolute_url()}{verb}/", follow=True)
        said = [str(each) for each in answer.context["messages"]]
        opened[application.state, verb] = (said, [each for each, _status in answer.redirect_chain])

    def refused(application, state):
        return [f"当前状态是“{state}”，不能办理。"], [application.get_absolute_url()]

    assert opened == {
        ("returned", "file"): refused(returned, "待补正"),
        ("returned", "return"): refused(returned, "待补正"),
        ("applied", "file"): refused(sent, "材料待核对"),
        ("applied", "refuse"): ([], []),
        ("applied", "complete"): refused(sent, "材料待核对"),
        ("returned", "complete"): ([], []),
    }


def test_the_list_asks_no_more_with_more_applications(client):
    applied()
    sign_in(client, person("officer"))
    few = queries_of(client, "/brokers/applications/")

    for _ in range(3):
        applied(firm=None)

    assert queries_of(client, "/brokers/applications/") <= few


def test_hours_count_once_confirmed():
    filed = broker(user=person())
    first, second = trained(filed), trained(filed, course="成果评价", hours=6)
    assert TrainingRecord.objects.counted(first.held_on.year).hours() == 0

    confirm_training(first, by=person("officer"))
    decline_training(second, by=person("officer"), reason="与证明不符")

    assert TrainingRecord.objects.counted(first.held_on.year).hours() == 8
    assert trained(filed, course="成果评价", hours=5).state == "entered"


def test_hours_that_are_not_accepted():
    filed = broker(user=person())
    trained(filed)

    with pytest.raises(EnteredAlready):
        trained(filed)
    with pytest.raises(NotHeldYet):
        trained(filed, course="明日课程", held_on=clock.today() + timedelta(days=1))
    with pytest.raises(CourseProofMissing):
        enter_training(filed, by=filed.user, held_on=clock.today(), hours=2, course="无证明", provider="样例", proof=[])

    assert TrainingRecord.objects.count() == 1


def test_a_file_that_is_compulsory_is_not_called_optional(client):
    filed = broker(user=person())
    today = clock.today().isoformat()
    later = (filed.valid_until + timedelta(days=700)).isoformat()
    asked = {
        f"/brokers/{filed.code}/renewal/": ({"valid_until": later}, "请附证书扫描件"),
        f"/brokers/{filed.code}/training/new/": (
            {"held_on": today, "hours": "8", "course": "合同登记实务", "provider": "样例协会"}, "请附证明",
        ),
    }  # fmt: skip
    sign_in(client, filed.user)
    for address, (typed, said) in asked.items():
        shown, refused = client.get(address), client.post(address, typed)
        assert "选填" not in shown.content.decode()
        assert list(refused.context["form"].errors) == ["proof"]
        assert said in refused.context["form"].errors["proof"][0]
    sign_in(client, person())
    first = client.get("/brokers/apply/").context["form"]

    assert first.fields["proof"].required
    assert not BrokerApplication.objects.exists()
    assert not TrainingRecord.objects.exists()


def test_a_scan_sent_before_need_not_be_sent_again(client):
    application, filed = applied(), broker(user=person())
    later = filed.valid_until + timedelta(days=700)
    renewal = apply_for_renewal(filed, by=filed.user, valid_until=later, proof=[scan("新证.pdf")])
    for one in (application, renewal):
        return_application(one, by=person("officer"), reason="请核对终止日期")
    sign_in(client, filed.user)

    shown = client.get(f"{renewal.get_absolute_url()}complete/")
    sent = client.post(f"{renewal.get_absolute_url()}complete/", {"valid_until": later.isoformat()})
    sign_in(client, application.applicant)
    first = client.get(f"{application.get_absolute_url()}complete/").context["form"]

    assert "选填" in shown.content.decode()
    assert sent["Location"] == renewal.get_absolute_url()
    assert not first.fields["proof"].required


def test_the_proof_of_a_course_is_asked_for_by_its_name(client):
    filed, officer = broker(user=person()), person("officer")
    record = trained(filed)
    sign_in(client, filed.user)
    form = client.get(f"/brokers/{filed.code}/training/new/").context["form"]
    sign_in(client, officer)
    declining = client.get(f"/brokers/training/{record.code}/decline/").content.decode()

    assert form["proof"].label == "证明材料"
    assert "经纪人和区级工作人员可见。" in declining


def test_who_reads_the_hours(client):
    filed = broker(user=person())
    record = trained(filed)
    pages = {}
    for who, user in {
        "broker": filed.user, "stranger": person(), "officer": person("officer"), "auditor": person("auditor"),
    }.items():  # fmt: skip
        sign_in(client, user)
        pages[who] = client.get(record.get_absolute_url()).status_code

    assert pages == {"broker": 200, "stranger": 403, "officer": 200, "auditor": 200}


def test_reminders_at_90_30_and_7_days_once_each():
    today = clock.today()
    told = []
    for days in (91, 90, 60, 30, 29, 7, 3, 0):
        filed = TechBroker.objects.first() or broker(valid_until=today + timedelta(days=days))
        filed.valid_until = today + timedelta(days=120)
        filed.save()
        with clock.moved_to(clock.now() + timedelta(days=120 - days)):
            told.append((days, remind_broker(filed), remind_broker(filed)))

    assert [days for days, first, again in told if first] == [90, 30, 7]
    assert not any(again for _days, _first, again in told)
    entries = Entry.objects.filter(kind=Kind.BROKER_REMINDED).order_by("pk")
    assert [entry.data["days"] for entry in entries] == [90, 30, 7]


def test_a_late_sweep_sends_the_nearest_reminder_only():
    filed = broker(valid_until=clock.today() + timedelta(days=5))

    assert (remind_broker(filed), remind_broker(filed)) == (True, False)

    assert Entry.objects.get(kind=Kind.BROKER_REMINDED).data["days"] == 7


def test_firms_show_their_people_and_how_their_certificates_stand(client):
    firm = organisation(kind="brokerage", name="样例经纪机构")
    broker(firm=firm, name="有效者")
    suspended = broker(firm=firm, name="暂停者")
    suspend_broker(suspended, by=person("officer"), reason="核查")
    broker(firm=firm, name="到期者", valid_until=clock.today() - timedelta(days=1))

    rows = client.get("/brokers/firms/").context["rows"]

    shown = {one.name: standing["standing"].value for one, standing in rows[0][1]}
    assert shown == {"有效者": "valid", "暂停者": "suspended", "到期者": "expired"}
