"""The demonstration's sign-ins: one person per role, made by the real actions, listed on the sign-in page.

Their second factors are fixed and public, so everything here is refused unless DEMO is on.
"""

import base64
import hashlib
import time
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.identifiers import uscc_check_digit
from marketplace.core.regions import district_code
from marketplace.organisations.accounts import sign_up
from marketplace.organisations.actions import register_organisation, verify_organisation
from marketplace.organisations.joining import accept_member, request_membership
from marketplace.organisations.models import Membership, Organisation, User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import appoint_staff, set_up_groups

PASSWORD = "Demo-Ouhai-2026"  # noqa: S105  public on purpose: the sign-in page shows it


@dataclass(frozen=True)
class House:
    """An invented organisation; region 000000 in its code, so that it cannot be real."""

    key: str
    kind: str
    name: str
    body: str
    introduction: str = ""

    @property
    def uscc(self) -> str:
        return self.body + uscc_check_digit(self.body)


@dataclass(frozen=True)
class SignIn:
    """One account of the demonstration."""

    username: str
    name: str
    role: Any  # in words
    waits: Any  # what this account can do first
    staff: Role | None = None
    house: str = ""
    member: MemberRole | None = None

    @property
    def email(self) -> str:
        return f"{self.username}@example.cn"

    @property
    def secret(self) -> str:
        """Return the fixed TOTP secret of a staff account."""
        _demo_only()
        return base64.b32encode(hashlib.sha256(f"demo:{self.username}".encode()).digest()[:20]).decode()

    @property
    def code(self) -> str:
        """Return the code that the second step accepts now; "" where none is asked."""
        if self.staff is None:
            return ""
        return str(format_hotp_value(hotp_value(self.secret, int(time.time()) // 30)))


HOUSES = (
    House("institute", "institute", "仙岩数字安防实验室", "12000000MB1000001", "样例院所：智能锁、门禁与指静脉识别。"),
    House("institute2", "institute", "大罗山新材料研究院", "12000000MB1000002", "样例院所：量子点、触头与轻合金材料。"),
    House("enterprise", "enterprise", "瑞锁智能科技有限公司", "91000000MA1000003", "样例企业：智能锁整机。"),
    House("bidder", "enterprise", "梧田电器股份有限公司", "91000000MA1000004", "样例企业：继电器与触头。"),
    House("bidder2", "enterprise", "仙岩流体装备有限公司", "91000000MA1000005", "样例企业：泵与阀门。"),
    House("brokerage", "brokerage", "瓯越技术转移服务有限公司", "91000000MA1000006", "样例经纪机构。"),
)
M = MemberRole
SIGN_INS = (
    SignIn(
        "institute", "张雯", _("institute, manager"), _("drafts, one returned"), house="institute", member=M.MANAGER
    ),
    SignIn(
        "publisher",
        "沈一鸣",
        _("institute, publisher"),
        _("outcomes to publish"),
        house="institute2",
        member=M.PUBLISHER,
    ),
    SignIn(
        "institute2",
        "周敏",
        _("institute, manager"),
        _("reviews of the own institute"),
        house="institute2",
        member=M.MANAGER,
    ),
    SignIn(
        "inventor",
        "陆行简",
        _("institute, inventor"),
        _("a statement of shared income"),
        house="institute2",
        member=M.PUBLISHER,
    ),
    SignIn(
        "enterprise", "吴越", _("enterprise, manager"), _("matches to answer"), house="enterprise", member=M.MANAGER
    ),
    SignIn("bidder", "郑可", _("enterprise, bidder's agent"), _("a lot is open"), house="bidder", member=M.BIDDER),
    SignIn("bidder2", "叶蓁", _("enterprise, bidder's agent"), _("a lot is open"), house="bidder2", member=M.BIDDER),
    SignIn("broker", "林晓岚", _("technology broker"), _("deals and leads"), house="brokerage", member=M.MANAGER),
    SignIn("officer", "陈默", _("officer"), _("reviews and organisations to verify"), staff=Role.OFFICER),
    SignIn("registrar", "陈立", _("registrar"), _("contracts to review"), staff=Role.REGISTRAR),
    SignIn("reviewer", "王敏", _("second reviewer"), _("contracts of large amounts"), staff=Role.SECOND_REVIEWER),
    SignIn("organiser", "潘宁", _("auction organiser"), _("sessions and bidders to admit"), staff=Role.ORGANISER),
    SignIn("auctioneer", "方一帆", _("auctioneer"), _("the session that is running"), staff=Role.AUCTIONEER),
    SignIn("finance", "何蕾", _("platform finance"), _("deposits to record"), staff=Role.FINANCE),
    SignIn("editor", "许可", _("editor"), _("pages and news"), staff=Role.EDITOR),
    SignIn("liaison", "金鑫", _("liaison"), _("needs to check"), staff=Role.LIAISON),
    SignIn("auditor", "孙远", _("auditor"), _("reads everything, changes nothing"), staff=Role.AUDITOR),
)
CHIEF = "chief"  # appoints the first officer; has no password


class NotDemo(RuntimeError):
    """Something of the demonstration was asked for while DEMO is off."""


def _demo_only() -> None:
    if not settings.DEMO:
        raise NotDemo("Demonstration accounts are refused unless DEMO is on.")


def demo_signins(request: Any) -> dict[str, Any]:
    """Give the sign-in page the accounts with their current codes; nothing unless DEMO is on (context processor)."""
    if not settings.DEMO:
        return {}
    return {"demo_signins": SimpleLazyObject(lambda: [as_shown(one) for one in SIGN_INS])}


def as_shown(one: SignIn) -> dict[str, Any]:
    """Return one account as the page lists it."""
    return {
        "username": one.username,
        "name": one.name,
        "role": one.role,
        "password": PASSWORD,
        "totp_code": one.code,
        "waiting": one.waits,
    }


def make_demo_people() -> dict[str, User]:
    """Make all accounts and their organisations by the real actions; return {user name: person}. May be repeated."""
    _demo_only()
    set_up_groups()
    hashed = make_password(PASSWORD)  # once: on one core it takes a third of a second, and the password is public
    there = {one.username: User.objects.filter(username=one.username).first() for one in SIGN_INS}
    people = {one.username: there[one.username] or _make(one, hashed) for one in SIGN_INS}
    chief = User.objects.filter(username=CHIEF).first() or User.objects.create_superuser(
        CHIEF, email=None, password=None, name="平台", is_active=True
    )
    for one in SIGN_INS:
        if one.staff is not None:
            appoint_staff(people[one.username], by=chief, roles=[one.staff])
            people[one.username].forget_roles()
    for house in HOUSES:
        _make_house(house, people)
    return people


def _make(one: SignIn, hashed: str) -> User:
    user = sign_up(
        username=one.username, email=one.email, password=None, name=one.name, language=settings.LANGUAGE_CODE
    )
    user.password = hashed
    user.save(update_fields=["password"])
    EmailAddress.objects.filter(user=user).update(verified=True)
    if one.staff is not None:
        Authenticator.objects.create(
            user=user, type=Authenticator.Type.TOTP, data={"secret": get_adapter().encrypt(one.secret)}
        )
    return user


def _make_house(house: House, people: dict[str, User]) -> None:
    """Register and verify one organisation and let its people in."""
    inside = [one for one in SIGN_INS if one.house == house.key]
    first = next((one for one in inside if one.member == MemberRole.MANAGER), inside[0])
    manager = people[first.username]
    organisation = Organisation.objects.filter(uscc=house.uscc).first()
    if organisation is None:
        organisation = register_organisation(
            by=manager,
            kind=house.kind,
            name=house.name,
            uscc=house.uscc,
            region=district_code(clock.today()),
            introduction=house.introduction,
        )
        verify_organisation(organisation, by=people["officer"])
    for one in inside:
        person = people[one.username]
        if one.member is None or person.acts_for(organisation):
            continue
        membership: Membership = request_membership(organisation, by=person)
        accept_member(membership, by=manager, roles=[one.member])
        person.forget_roles()
