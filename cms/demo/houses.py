"""The other organisations of the demonstration; their people are invented and cannot sign in."""

from dataclasses import dataclass, field, fields
from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone
from wagtail.models import TaskState

from cms.demo.signins import HOUSES, House, make_demo_people
from cms.demo.tables import rows
from marketplace.brokers.models import TechBroker
from marketplace.core import clock
from marketplace.core.regions import district_code
from marketplace.needs.models import TechnologyNeed
from marketplace.organisations.accounts import sign_up
from marketplace.organisations.actions import register_organisation, verify_organisation
from marketplace.organisations.inviting import invite_members
from marketplace.organisations.models import Organisation, User
from marketplace.organisations.roles import MemberRole
from marketplace.outcomes.models import ResearchOutcome
from marketplace.reviews.refusals import NotInReview
from marketplace.reviews.revised import Revised

BEGAN = 420  # days ago
INVITED = "he.weiran@example.cn"
WAITS = "newcomer"  # registered lately; an officer has to verify it


@dataclass
class World:
    """What has been made so far, by the keys of the tables."""

    people: dict[str, User]
    houses: dict[str, Organisation] = field(default_factory=dict)
    outcomes: dict[str, ResearchOutcome] = field(default_factory=dict)
    needs: dict[str, TechnologyNeed] = field(default_factory=dict)
    brokers: dict[str, TechBroker] = field(default_factory=dict)
    agents: dict[str, User] = field(default_factory=dict)

    def take_over(self, other: "World") -> None:
        """Know also what was made where `other` was known, which began as this; of what both know, keep our own."""
        for one in fields(self):
            setattr(self, one.name, getattr(other, one.name) | getattr(self, one.name))

    def agent(self, key: str) -> User:
        """Return who acts for an organisation: its manager where it has one."""
        if key not in self.agents:
            inside = User.objects.filter(memberships__organisation=self.houses[key], memberships__state="active")
            managers = inside.filter(memberships__roles__contains=[MemberRole.MANAGER.value])
            self.agents[key] = managers.order_by("pk").first() or inside.order_by("pk").get()
        return self.agents[key]

    def agent_of(self, house: Organisation) -> User:
        """Return who acts for an organisation whose row is at hand."""
        return self.agent(next(key for key, one in self.houses.items() if one.pk == house.pk))


def days_ago(days: float, hour: int = 10, minute: int = 0) -> datetime:
    """Return an instant so many days before today, in the district's time."""
    day = timezone.localdate() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def waiting_step(record: Revised) -> TaskState:
    """Return the step of its review a record waits in. Raises NotInReview."""
    step = record.pending_review
    if step is None:
        raise NotInReview()
    return step


def make_world() -> World:
    """Make all people and organisations, more than a year ago."""
    with clock.moved_to(days_ago(BEGAN)):
        world = World(people=make_demo_people())
    for house in HOUSES:
        world.houses[house.key] = Organisation.objects.get(uscc=house.uscc)
    for number, row in enumerate(rows("houses")):
        waits = row["key"] == WAITS
        with clock.moved_to(days_ago(2 if waits else BEGAN - 1 - number)):
            world.houses[row["key"]] = _make(row, number, world)
    _invite_colleague(world)
    return world


def _invite_colleague(world: World) -> None:
    """Have a manager invite a colleague who has not answered yet."""
    with clock.moved_to(days_ago(1)):
        invite_members(
            world.houses["institute"],
            by=world.people["institute"],
            emails=[INVITED],
            roles=[MemberRole.PUBLISHER],
            words="请加入本实验室，负责成果登记与发布。",
        )


def _make(row: dict[str, str], number: int, world: World) -> Organisation:
    person = sign_up(
        username=f"sample{number + 1:02d}",
        email=f"sample{number + 1:02d}@example.cn",
        password=None,
        name=row["person"],
        language=settings.LANGUAGE_CODE,
    )
    house = House(row["key"], row["kind"], row["name"], row["body"], row["introduction"])
    organisation = register_organisation(
        by=person,
        kind=house.kind,
        name=house.name,
        uscc=house.uscc,
        region=district_code(clock.today()),
        introduction=house.introduction,
    )
    if row["key"] != WAITS:
        verify_organisation(organisation, by=world.people["officer"])
    return organisation
