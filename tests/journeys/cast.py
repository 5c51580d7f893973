"""Who takes part in the journey of one deal: people and organisations only; what they do is the story."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from playwright.sync_api import Browser

from marketplace.organisations.models import User
from marketplace.organisations.roles import MemberRole, Role
from marketplace.organisations.staff import set_up_groups
from tests.factories import people
from tests.journeys.people import Walker
from tests.marketplace.deals.factories import broker
from tests.marketplace.outcomes.making import set_up
from tests.standing_site import ensure_site

STAFF = (Role.OFFICER, Role.LIAISON, Role.ORGANISER, Role.FINANCE, Role.REGISTRAR)


def set_the_stage() -> SimpleNamespace:
    """Return the `people` of the story by their part, and the organisations they act for."""
    set_up()
    set_up_groups()
    ensure_site()
    institute = people.organisation(kind="institute", name="瓯江样例研究院", region="330304")
    enterprise = people.organisation(name="鹿城样例锁业", region="330302")
    other = people.organisation(name="龙湾样例智能", region="330303")
    people.organisation(kind="government", name="瓯海样例科技局", region="330304")
    played = SimpleNamespace(
        publisher=people.member(institute, MemberRole.PUBLISHER, username="publisher", name="沈一鸣"),
        manager=people.member(institute, MemberRole.MANAGER, username="manager", name="周文博"),
        buyer=people.member(enterprise, MemberRole.MANAGER, username="buyer", name="林晓岚"),
        agent=people.member(enterprise, MemberRole.BIDDER, username="agent", name="陈立"),
        rival=people.member(other, MemberRole.BIDDER, username="rival", name="郑凯"),
        broker=people.person(username="broker", name="叶青"),
    )
    broker(user=played.broker, name=played.broker.name)
    for role in STAFF:
        setattr(played, role.value, people.staff(role, username=role.value, name=f"样例{role.label}"))
    return SimpleNamespace(people=played, institute=institute, enterprise=enterprise, other=other)


@contextmanager
def company(
    browser: Browser, address: str, *, comes_in: Callable[[Walker], Walker] = Walker.sign_in
) -> Iterator[Callable[[User], Walker]]:
    """Give a function that seats a signed-in person at a browser, and see them all off."""
    seated: list[Walker] = []

    def at_browser(user: User) -> Walker:
        seated.append(Walker(browser, address, user))
        return comes_in(seated[-1])

    yield at_browser
    for walker in seated:
        walker.leave()
