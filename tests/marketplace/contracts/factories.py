"""Contracts and their people: valid by default, brought forward by the real actions only."""

from datetime import date, timedelta
from itertools import count

from django.core.files.uploadedfile import SimpleUploadedFile

from marketplace.brokers.actions import file_broker
from marketplace.contracts.actions import accept_contract, register_contract, submit_contract
from marketplace.contracts.amounts import Item
from marketplace.contracts.reviewing import begin_first_review, pass_to_second_review
from marketplace.contracts.writing import attach_signed_file, draft_contract
from marketplace.core import clock
from marketplace.core.classifications import TechnicalField
from marketplace.organisations.roles import MemberRole, Role
from tests.factories import people

serial = count(1)
WAN = 1_000_000
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def credit_code():
    return people.uscc()


def organisation(**facts):
    return people.organisation(**({"kind": "institute", "region": "330304"} | facts))


def person(*staff_roles, member_of=None, roles=(), **facts):
    """Return somebody with these platform roles, who belongs to `member_of` in these roles."""
    user = people.staff(*(Role(role) for role in staff_roles), **facts)
    if member_of is not None:
        people.join(user, member_of, *(MemberRole(role) for role in roles))
    return user


def technical_field():
    field, _ = TechnicalField.objects.get_or_create(code="TEST", defaults={"name": "先进制造", "name_en": "Making"})
    return field


def scan(name="合同.pdf", content=PDF):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


ITEMS = (Item("检测算法与软件开发", 480 * WAN, True), Item("检测工位设备", 120 * WAN, False))


def facts(**changed):
    today = clock.today()
    return {
        "buyer_name": "样例企业",
        "buyer_uscc": credit_code(),
        "buyer_region": "330304",
        "seller_region": "330304",
        "project_name": "智能锁装配线视觉检测开发合同",
        "contract_type": "KF",
        "sub_type": "KF-commissioned",
        "signed_on": today - timedelta(days=2),
        "begins_on": today,
        "ends_on": today + timedelta(days=365),
        "payment": "once",
        "field": technical_field(),
        "ip_kind": "none",
        "objective": "industry",
        "plan_source": "none",
        "is_related_party": False,
        **changed,
    }


def drafted(*, seller=None, by=None, items=ITEMS, with_file=True, **changed):
    seller = seller or organisation()
    by = by or person(member_of=seller, roles=["manager"])
    contract = draft_contract(by=by, organisation=seller, items=items, **facts(**changed))
    if with_file:
        attach_signed_file(contract, by=by, upload=scan())
    return contract, by


def submitted(**how):
    contract, by = drafted(**how)
    submit_contract(contract, by=by)
    return contract, by


def number_of(serial_number):
    """Return a number of the district and of this year."""
    return f"{clock.today().year}330304{serial_number:06d}"


def registered(*, number=None, **how):
    contract, by = submitted(**how)
    register_contract(contract, by=person("registrar"), number=number or number_of(next(serial)))
    return contract, by


def broker(*, by=None, **changed):
    number = next(serial)
    given = {
        "name": f"样例经纪人{number}",
        "certificate_no": f"样技经 2024-{number:04d}",
        "issuer": "样例协会",
        "level": "medium",
        "filing_number": f"瓯备 {number:04d}",
        "valid_from": date(2024, 10, 1),
        "valid_until": clock.today() + timedelta(days=400),
        "firm": None,
        "user": None,
        "introduction": "",
        **changed,
    }
    return file_broker(by=by or person("officer"), fields=[technical_field()], **given)


def second_review(contract, *, by=None):
    """Bring a submitted contract through its first review, made by one registrar."""
    by = by or person("registrar")
    accept_contract(contract, by=by)
    begin_first_review(contract, by=by)
    pass_to_second_review(contract, by=by)
    return by
