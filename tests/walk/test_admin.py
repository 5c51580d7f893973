"""Every address of the admin × every role: nothing breaks, staff only, and nothing of the trade is changed there."""

import re

import pytest

from tests.walk.addresses import patterns
from tests.walk.admin_addresses import admin_addresses
from tests.walk.conftest import Walker
from tests.walk.test_pages import WALKERS
from tests.walk.test_posts import WHOLE

STAFF = WALKERS[WALKERS.index("officer") :]
OUTSIDERS = ("visitor", "stranger", "institute manager", "broker")

# Wagtail's own forms, which break where a body lacks what every browser sends
NEEDS_A_WHOLE_FORM = ("/admin/choose-external-link/", "/admin/pages/{page}/copy/", "/admin/pages/{page}/edit/")


# Content of the portal that editors make and remove: pages, pictures, papers, where they stand
WAGTAILS_OWN = tuple(
    f"/admin/{place}"
    for place in [
        "pages/",
        "images/",
        "documents/",
        "collections/",
        "sites/",
        "locales/",
        "redirects/",
        "bulk/wagtailcore/page/",
        "bulk/wagtailimages/",
        "bulk/wagtaildocs/",
    ]
)
ADDRESS = re.compile(r'="(/[^"\s]*\bdelete\b[^"\s]*)"')


def deletions_offered(answer):
    """Return the addresses a page leads or posts to that would delete something that is not Wagtail's own."""
    if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return set()
    return {each for each in ADDRESS.findall(answer.content.decode()) if not each.startswith(WAGTAILS_OWN)}


def is_kept(table: str) -> bool:
    return is_trade(table) or table == "auth_group"


def is_trade(table: str) -> bool:
    return table.startswith(("marketplace_", "tasks_"))


def comes_to(role: str, place: int, address: str) -> bool:
    """Tell whether a role walks to an address: those whose work the admin is come to all, the others each to a fifth.

    Editors come to all that is Wagtail's own. Each address still sees some of the others, and `make walk` sends
    everybody everywhere.
    """
    is_editors = role == "editor" and address.startswith(WAGTAILS_OWN)
    return role in ("officer", "auditor") or is_editors or in_turn(role, place)


def in_turn(role: str, place: int) -> bool:
    """Tell whether it is a role's turn at an address: everybody's at a fifth, all turns in `make walk`."""
    return WHOLE or place % 5 == STAFF.index(role) % 5


@pytest.mark.parametrize("role", ["officer", "auditor", "editor"])  # everybody else, and forms sent too: the next one
def test_staff_open_every_address_without_a_fault(world, visit, role):
    walker = visit(role)
    walked = [each for place, each in enumerate(admin_addresses(world)) if comes_to(role, place, each)]

    answers = {address: walker.get(address).status_code for address in walked}

    assert {address: status for address, status in answers.items() if status >= 500} == {}
    assert 200 in answers.values()


@pytest.mark.long
@pytest.mark.parametrize("role", STAFF)
def test_nothing_breaks_and_nothing_of_the_trade_is_changed(world, visit, role):
    walker, wrong, offered = visit(role), {}, {}
    whole = {form.format(page=world.home.pk) for form in NEEDS_A_WHOLE_FORM}
    for place, address in enumerate(admin_addresses(world)):
        if not comes_to(role, place, address):
            continue
        shown = walker.get(address, notes_changes=True)
        answers = [shown]
        if deletions := deletions_offered(shown):
            offered[address] = deletions
        sends = role in ("officer", "auditor") or in_turn(role, place)
        if sends and shown.status_code in (200, 405) and address not in whole:
            answers.append(walker.post(address))
        if any(each.status_code >= 500 or any(map(is_trade, each.changed)) for each in answers):
            wrong[address] = [(each.status_code, each.changed) for each in answers]
        if role == "auditor" and any(each.changed for each in answers):
            wrong[address] = [(each.status_code, each.changed) for each in answers]

    assert wrong == {}
    assert offered == {}


@pytest.mark.long
def test_not_even_a_superuser_is_offered_to_delete_what_belongs_to_the_trade(world, visit):
    walker = visit("superuser")

    offered = {address: deletions_offered(walker.get(address)) for address in admin_addresses(world)}

    assert {address: found for address, found in offered.items() if found} == {}


@pytest.mark.long
@pytest.mark.parametrize("role", ["officer", "editor", "superuser"])
def test_whoever_asks_to_delete_all_the_same_deletes_nothing(world, visit, role):
    walker, changed = visit(role), {}
    for address in admin_addresses(world):
        if "delete" in address and not address.startswith(WAGTAILS_OWN):
            answer = walker.post(f"{address}?id={world.in_review.pk}", {"confirm": "yes"})
            if answer.status_code not in (302, 403, 404, 405) or any(map(is_kept, answer.changed)):
                changed[address] = (answer.status_code, answer.changed)

    assert changed == {}


@pytest.mark.parametrize("role", OUTSIDERS)
def test_nobody_else_comes_in(world, visit, role):
    walker = visit(role)
    # the words of its scripts and its drawings are no page, and the same for everybody
    walked = [each for each in admin_addresses(world) if not each.startswith(("/admin/jsi18n/", "/admin/sprite/"))]

    # one door stands before all of them: the stranger knocks everywhere, the others at a third each
    mine = walked if WHOLE or role == "stranger" else walked[OUTSIDERS.index(role) % 3 :: 3]

    came_in = {address for address in mine if walker.get(address).status_code not in (302, 403, 404)}
    wrote = {address for address in walked[::7] if walker.post(address).status_code not in (302, 403, 404)}

    assert came_in | wrote == set()


@pytest.mark.parametrize("role", ["officer", "editor", "auditor"])
def test_staff_without_a_second_factor_are_sent_to_set_one_up(world, role):
    walker = Walker(world.people[role], factor=False)

    answers = {address: walker.get(address) for address in ("/admin/", "/admin/contracts/", "/desk/", "/admin/pages/")}

    assert {answer.status_code for answer in answers.values()} == {302}
    assert all("/accounts/2fa/totp/activate/" in answer["Location"] for answer in answers.values())


def test_the_admin_has_its_addresses(world):
    assert len(admin_addresses(world)) > 250
    assert any(name.startswith("wagtailadmin") for name, _pattern in patterns())
