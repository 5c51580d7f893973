"""From application to filing: materials check, return, refusal, renewal; who may do what."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError

from marketplace.brokers.actions import AlreadyFiled, EndMissing, LongerThanScheme, ReasonMissing, suspend_broker
from marketplace.brokers.applications import rules
from marketplace.brokers.applications.actions import (
    AppliedAlready,
    CertificateKnown,
    EndBeforeBeginning,
    NotLonger,
    NotOfFirm,
    OverAlready,
    ProofMissing,
    _insert,
    apply_for_renewal,
    complete_application,
    complete_renewal,
    withdraw_application,
)
from marketplace.brokers.applications.deciding import (
    check_application,
    file_application,
    next_filing_number,
    refuse_application,
    return_application,
)
from marketplace.brokers.applications.models import BrokerApplication
from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.core.files import files_of
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from tests.factories.rules import verbs
from tests.marketplace.brokers.making import applied, checked, scheme, stated
from tests.marketplace.contracts.factories import broker, organisation, person, scan, technical_field

pytestmark = pytest.mark.django_db

DECISIONS = ("check_application", "return_application", "refuse_application", "file_application")
OWN = ("complete_application", "withdraw_application")


def test_every_rule_has_its_table():
    assert {*DECISIONS, *OWN, "apply_for_filing", "apply_for_renewal"} == verbs(rules)


@pytest.mark.parametrize("name", [*DECISIONS, *OWN])
def test_who_may(name):
    firm, applicant = organisation(kind="brokerage"), None
    applicant = person("officer", member_of=firm)
    application = applied(by=applicant, firm=firm)
    people = {
        "visitor": AnonymousUser(),
        "stranger": person(),
        "applicant, though officer": applicant,
        "officer of the firm": person("officer", member_of=firm),
        "officer": person("officer"),
        "registrar": person("registrar"),
        "auditor": person("auditor"),
    }

    allowed = {who for who, user in people.items() if why_not(getattr(rules, name), user, application) is None}

    assert allowed == ({"officer"} if name in DECISIONS else {"applicant, though officer"})


def test_who_may_apply():
    filed = broker(user=person())
    people = {"visitor": AnonymousUser(), "stranger": person(), "broker": filed.user, "auditor": person("auditor")}

    assert {who for who, user in people.items() if why_not(rules.apply_for_filing, user) is None} == {"stranger"}
    assert {who for who, user in people.items() if why_not(rules.apply_for_renewal, user, filed) is None} == {"broker"}


def test_applied_checked_filed_and_valid():
    applicant, officer = person(), person("officer")
    application = applied(by=applicant)
    check_application(application, by=officer)

    filed = file_application(application, by=officer, filing_number=" 瓯备 0101 ")

    application.refresh_from_db()
    assert (application.state, application.broker) == ("filed", filed)
    assert (filed.user, filed.filing_number, filed.level, filed.scheme) == (
        applicant, "瓯备 0101", "medium", application.scheme,
    )  # fmt: skip
    assert filed.is_valid(clock.today())
    assert list(filed.fields.all()) == [technical_field()]
    kinds = list(Entry.objects.about(application).order_by("id").values_list("kind", flat=True))
    assert kinds == ["application.sent", "application.checked", "application.filed"]


def test_nothing_is_filed_before_the_materials_are_checked():
    application = applied()

    with pytest.raises(WrongState):
        file_application(application, by=person("officer"), filing_number="瓯备 0101")

    application.refresh_from_db()
    assert application.state == "applied"
    assert not TechBroker.objects.exists()


def test_more_is_asked_for_with_a_reason_and_the_completed_application_waits_again():
    application, officer = applied(), person("officer")
    with pytest.raises(ReasonMissing):
        return_application(application, by=officer, reason=" ")
    return_application(application, by=officer, reason="扫描件看不清")
    changed = stated(scheme=application.scheme, name="林晓岚", certificate_no="样技经 2026-9999")

    complete_application(
        application, by=application.applicant, fields=[technical_field()], proof=[scan("清晰.pdf")], **changed
    )

    application.refresh_from_db()
    assert (application.state, application.certificate_no) == ("applied", "样技经 2026-9999")
    assert [file.name for file in files_of(application)] == ["证书.pdf", "清晰.pdf"]


def test_a_refused_application_is_over_and_says_why():
    application, officer = applied(), person("officer")
    refuse_application(application, by=officer, reason="证书系伪造")

    with pytest.raises(WrongState):
        check_application(application, by=officer)

    application.refresh_from_db()
    assert (application.state, application.reason) == ("refused", "证书系伪造")
    assert not Entry.objects.about(application).filter(data__icontains="伪造").exists()
    assert applied(by=application.applicant).state == "applied"


def test_one_application_at_a_time_until_withdrawn():
    first = applied()
    with pytest.raises(AppliedAlready):
        applied(by=first.applicant)

    withdraw_application(first, by=first.applicant)

    assert applied(by=first.applicant).state == "applied"


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"proof": []}, ProofMissing),
        ({"valid_until": None}, EndMissing),
        ({"valid_from": "past", "valid_until": "yesterday"}, OverAlready),
        ({"valid_from": "later", "valid_until": "sooner"}, EndBeforeBeginning),
        ({"firm": "foreign"}, NotOfFirm),
        ({"certificate_no": "known"}, CertificateKnown),
    ],
)
def test_what_is_not_accepted(changed, refusal):
    today = clock.today()
    given = {
        "past": today - timedelta(days=900),
        "later": today + timedelta(days=10),
        "sooner": today + timedelta(days=9),
        "yesterday": today - timedelta(days=1),
        "foreign": organisation(kind="brokerage"),
        "known": broker().certificate_no,
    }
    changed = {name: given[value] if isinstance(value, str) else value for name, value in changed.items()}

    with pytest.raises(refusal):
        applied(**changed)

    assert not BrokerApplication.objects.exists()


def test_the_number_of_a_certificate_is_kept_as_it_is_compared():
    application = applied(certificate_no=" ｚj-2026-x ")
    assert application.certificate_no == "ZJ-2026-X"
    return_application(application, by=person("officer"), reason="扫描件看不清")

    facts = stated(scheme=application.scheme, certificate_no="zj-2026-y")
    complete_application(application, by=application.applicant, fields=[technical_field()], proof=[], **facts)

    application.refresh_from_db()
    assert application.certificate_no == "ZJ-2026-Y"


def test_a_certificate_longer_than_its_scheme_is_refused_at_once_and_taken_from_the_day_of_its_renewal():
    today, of_scheme = clock.today(), scheme(months_valid=36)
    renewed = {"scheme": of_scheme, "valid_until": today + timedelta(days=1000)}
    with pytest.raises(LongerThanScheme, match=r"续期|renewal"):
        applied(valid_from=today - timedelta(days=1000), **renewed)
    application, officer = applied(valid_from=today - timedelta(days=30), **renewed), person("officer")
    return_application(application, by=officer, reason="请核对日期")
    longer = stated(valid_from=today - timedelta(days=1000), **renewed)
    with pytest.raises(LongerThanScheme):
        complete_application(application, by=application.applicant, fields=[technical_field()], proof=[], **longer)
    again = stated(valid_from=today - timedelta(days=20), **renewed)
    complete_application(application, by=application.applicant, fields=[technical_field()], proof=[], **again)
    check_application(application, by=officer)

    assert file_application(application, by=officer, filing_number="瓯备 0102").valid_until == renewed["valid_until"]


def test_a_scheme_without_end_needs_none():
    application = applied(scheme=scheme(months_valid=None), valid_until=None)

    assert application.valid_until is None


def test_the_same_filing_number_is_refused_and_the_application_still_waits():
    broker(filing_number="瓯备 0007")
    application = checked()

    with pytest.raises(AlreadyFiled):
        file_application(application, by=person("officer"), filing_number="瓯备 0007")

    application.refresh_from_db()
    assert (application.state, application.broker) == ("checked", None)
    assert next_filing_number() == "瓯备 0008"


def test_renewal_goes_the_same_way_and_keeps_number_and_record():
    today = clock.today()
    filed = broker(user=person(), valid_until=today - timedelta(days=1))
    later, officer = today + timedelta(days=800), person("officer")
    with pytest.raises(NotLonger):
        apply_for_renewal(filed, by=filed.user, valid_until=filed.valid_until, proof=[scan()])
    with pytest.raises(ProofMissing):
        apply_for_renewal(filed, by=filed.user, valid_until=later, proof=[])
    application = apply_for_renewal(filed, by=filed.user, valid_until=today + timedelta(days=700), proof=[scan()])
    return_application(application, by=officer, reason="请补验证记录")
    complete_renewal(application, by=filed.user, valid_until=later, proof=[])
    check_application(application, by=officer)
    assert not filed.is_valid(today)

    file_application(application, by=officer)

    filed.refresh_from_db()
    assert filed.valid_until == later
    assert filed.is_valid(today)
    assert TechBroker.objects.count() == 1


def test_what_the_database_refuses_for_another_reason_is_not_called_an_application_that_waits():
    with pytest.raises(IntegrityError, match="answered_with_reason"):
        _insert(BrokerApplication(**unanswered()))


def unanswered():
    """What no action writes: an application refused without a reason."""
    facts = stated() | {"applicant": person(), "kind": "first", "sent_at": clock.now(), "state": "refused"}
    return facts | {"issuer": facts["scheme"].issuer, "level": facts["scheme"].level}


def test_a_suspended_certificate_is_not_renewed():
    filed = broker(user=person())
    suspend_broker(filed, by=person("officer"), reason="投诉核查中")

    with pytest.raises(PermissionDenied, match=r"不予续期|not renewed"):
        apply_for_renewal(filed, by=filed.user, valid_until=clock.today() + timedelta(days=900), proof=[scan()])

    assert not BrokerApplication.objects.exists()
