"""Every address × every role is sent forms, empty and nonsense: nothing breaks, and nobody's verb works for another."""

import os
from typing import Any

import pytest

from tests.walk.addresses import posted
from tests.walk.nonsense import KINDS
from tests.walk.test_pages import WALKERS
from tests.walk.who_may import OWN_ACCOUNT, WHO_MAY, WHO_MAY_POST

pytestmark = [pytest.mark.usefixtures("short_refusals"), pytest.mark.long]
# `make walk` sends every kind of nonsense to every address, and every form from everybody; `make test-long` one kind,
# and each form from the first of those let through, and from a fifth in turn of the others and of those refused
WHOLE = bool(os.environ.get("WALK_WHOLE"))
EVERY = 1 if WHOLE else len(KINDS)
TURNS = 1 if WHOLE else 5
READS = {"marketplace_entry"}  # that somebody read a confidential part is in the journal


def is_refused(answer: Any) -> bool:
    """Tell whether a person was sent away: forbidden, not there, not offered, no form at all, or to the sign-in."""
    to_sign_in = answer.status_code == 302 and answer["Location"].startswith("/accounts/login/")
    return to_sign_in or answer.status_code in (401, 403, 404, 405, 415)


def who_may(name: str) -> frozenset[str]:
    """Return the roles a form at this address may get through for; where no row says so, those who see the page."""
    return WHO_MAY_POST.get(name) or WHO_MAY[name.split()[0]]


def first_of(name: str) -> str | None:
    """Return the first of the roles whose forms get through at this address."""
    return next((each for each in WALKERS if each in who_may(name)), None)


def test_every_row_is_an_address(world):
    assert set(WHO_MAY_POST) <= set(posted(world))


@pytest.mark.parametrize("role", WALKERS)
def test_forms_get_through_for_their_people_and_no_others(world, visit, role):
    walker, wrong = visit(role), {}
    for place, (name, address) in enumerate(posted(world).items(), WALKERS.index(role)):
        if place % TURNS and role != first_of(name):
            continue
        answers = [walker.post_nonsense(address, "no-such-choice")]
        if role in who_may(name):
            answers.append(walker.post(address))
            fine = not (name in WHO_MAY_POST and any(map(is_refused, answers)))
        else:
            fine = all(is_refused(answer) and not answer.changed for answer in answers)
        if role == "auditor" and name not in OWN_ACCOUNT:
            fine = fine and not any(answer.changed - READS for answer in answers)
        if not fine or any(answer.status_code >= 500 for answer in answers):
            wrong[name] = [(answer.status_code, answer.changed) for answer in answers]

    assert wrong == {}


def test_an_address_that_reads_no_form_is_told_from_one_that_does(visit):
    walker = visit("institute manager")

    assert walker.reads_body("/account/profile/")
    assert not walker.reads_body("/notices/read/")


@pytest.mark.parametrize("role", WALKERS)
def test_nonsense_breaks_nothing(world, visit, role):
    """Each kind of nonsense at each address that reads a form, sent by the first role that gets through there."""
    walker, wrong = visit(role), {}
    for place, (name, address) in enumerate(posted(world).items()):
        # one kind is sent sooner than it is found out whether a form is read there
        if first_of(name) == role and (EVERY > 1 or walker.reads_body(address)):
            for kind, thing in list(KINDS.items())[place % EVERY :: EVERY]:
                answer = walker.post_nonsense(address, thing)
                if answer.status_code >= 500:
                    wrong[name, kind] = answer.status_code

    assert wrong == {}
