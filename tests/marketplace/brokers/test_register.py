"""What officers do in the register, and who may not."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied

from marketplace.brokers import rules
from marketplace.brokers.actions import (
    AlreadyFiled,
    LongerThanScheme,
    NotLater,
    ReasonMissing,
    change_broker,
    file_broker,
    reinstate_broker,
    renew_broker,
    revoke_broker,
    suspend_broker,
)
from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.core.journal import Entry
from marketplace.core.refusals import WrongState
from marketplace.core.rules import why_not
from tests.factories.rules import verbs
from tests.marketplace.brokers.making import scheme
from tests.marketplace.contracts.factories import broker, organisation, person, technical_field

pytestmark = pytest.mark.django_db


DECISIONS = ("change_broker", "renew_broker", "suspend_broker", "reinstate_broker", "revoke_broker")
FREE = ("file_broker", "keep_broker_rule", "keep_broker_scheme")


def test_every_rule_has_its_table():
    assert {*DECISIONS, *FREE} == verbs(rules)


@pytest.mark.parametrize("name", FREE)
def test_who_may_file_a_broker(name):
    firm = organisation(kind="brokerage")
    people = {
        "visitor": AnonymousUser(),
        "stranger": person(),
        "a firm's manager": person(member_of=firm, roles=["manager"]),
        "officer": person("officer"),
        "registrar": person("registrar"),
        "second reviewer": person("second_reviewer"),
        "auditor": person("auditor"),
    }

    assert {who for who, user in people.items() if why_not(getattr(rules, name), user) is None} == {"officer"}


@pytest.mark.parametrize("name", DECISIONS)
def test_who_may(name):
    firm = organisation(kind="brokerage")
    holder = person("officer")
    filed = broker(firm=firm, user=holder, by=person("officer"))
    people = {
        "visitor": AnonymousUser(),
        "stranger": person(),
        "firm's manager": person(member_of=firm, roles=["manager"]),
        "holder, though officer": holder,
        "officer of the firm": person("officer", member_of=firm),
        "officer": person("officer"),
        "registrar": person("registrar"),
        "registrar of the firm": person("registrar", member_of=firm, roles=["manager"]),
        "second reviewer": person("second_reviewer"),
        "auditor": person("auditor"),
    }

    allowed = {who for who, user in people.items() if why_not(getattr(rules, name), user, filed) is None}

    assert allowed == {"officer"}


def test_the_register_is_public_ended_certificates_included():
    filed = broker()
    revoke_broker(filed, by=person("officer"), reason="出借证书")

    assert list(TechBroker.objects.visible_to(AnonymousUser())) == [filed]


def test_an_officer_does_not_file_their_own_certificate():
    officer = person("officer")

    with pytest.raises(PermissionDenied):
        broker(by=officer, user=officer)

    assert not TechBroker.objects.exists()


def test_a_certificate_is_filed_once():
    first = broker()

    with pytest.raises(AlreadyFiled):
        broker(certificate_no=first.certificate_no)

    assert list(TechBroker.objects.all()) == [first]


def test_suspended_reinstated_revoked_and_each_in_the_journal():
    filed, officer = broker(), person("officer")
    now = clock.now()

    suspend_broker(filed, by=officer, reason="投诉核查中")
    assert not filed.is_valid(now)
    reinstate_broker(filed, by=officer, reason="核查完毕")
    assert filed.is_valid(now)
    revoke_broker(filed, by=officer, reason="出借证书")
    with pytest.raises(WrongState):
        reinstate_broker(filed, by=officer, reason="改变主意")

    filed.refresh_from_db()
    assert (filed.state, filed.decision_reason, filed.decided_by) == ("revoked", "出借证书", officer)
    kinds = list(Entry.objects.about(filed).order_by("id").values_list("kind", flat=True))
    assert kinds == ["broker.filed", "broker.suspended", "broker.reinstated", "broker.revoked"]
    assert not Entry.objects.about(filed).filter(data__icontains="出借").exists()


@pytest.mark.parametrize("verb", [suspend_broker, revoke_broker])
def test_a_decision_needs_a_reason(verb):
    filed = broker()

    with pytest.raises(ReasonMissing):
        verb(filed, by=person("officer"), reason=" ")

    filed.refresh_from_db()
    assert filed.state == "filed"


def test_an_expired_certificate_is_renewed_to_a_later_day_only():
    today = clock.today()
    filed = broker(valid_until=today - timedelta(days=1))
    assert not filed.is_valid(today)
    with pytest.raises(NotLater):
        renew_broker(filed, by=person("officer"), valid_until=today)

    renew_broker(filed, by=person("officer"), valid_until=today + timedelta(days=365))

    assert filed.is_valid(today)
    assert list(TechBroker.objects.valid(today)) == [filed]


def test_a_renewal_is_no_longer_than_one_term_of_its_scheme():
    today, filed = clock.today(), broker()
    filed.scheme, filed.valid_until = scheme(months_valid=12), today + timedelta(days=30)
    filed.save(update_fields=["scheme", "valid_until"])
    with pytest.raises(LongerThanScheme):
        renew_broker(filed, by=person("officer"), valid_until=filed.valid_until + timedelta(days=367))

    renew_broker(filed, by=person("officer"), valid_until=today + timedelta(days=30 + 365))

    filed.refresh_from_db()
    assert filed.valid_until == today + timedelta(days=30 + 365)


def test_a_revoked_record_is_not_rewritten():
    filed, officer = broker(), person("officer")
    revoke_broker(filed, by=officer, reason="出借证书")
    names = ("name", "certificate_no", "issuer", "level", "filing_number", "valid_from", "valid_until", "firm", "user")
    facts = {name: getattr(filed, name) for name in names} | {"introduction": "改写"}

    with pytest.raises(WrongState):
        change_broker(filed, by=officer, fields=[technical_field()], **facts)

    filed.refresh_from_db()
    assert filed.introduction == ""


def test_only_valid_ones_are_valid():
    today = clock.today()
    good, endless = broker(), broker(valid_until=None)
    broker(valid_until=today - timedelta(days=1))
    broker(valid_from=today + timedelta(days=1))
    suspended = broker()
    suspend_broker(suspended, by=person("officer"), reason="核查")

    assert set(TechBroker.objects.valid(today)) == {good, endless}


def test_nobody_else_files(db):
    with pytest.raises(PermissionDenied):
        file_broker(
            by=person("registrar"),
            fields=[],
            name="样例",
            certificate_no="1",
            issuer="样例",
            level="junior",
            filing_number="1",
            valid_from=clock.today(),
            valid_until=None,
            firm=None,
            user=None,
            introduction="",
        )
