"""Every address × every role: nothing breaks, and nobody gets a page that is not theirs (the table: who_may.py)."""

import re
from collections import Counter
from typing import Any

import pytest

from tests.walk.addresses import ours, pages
from tests.walk.who_may import EVERYBODY, WHO_MAY

WALKERS = [role for role in EVERYBODY.split(", ") if role != "superuser"]


ID = re.compile(r'<[a-z][^<>]*\sid="([^"]+)"')


def ids_used_twice(answer: Any) -> set[str]:
    """Return the ids that stand on a page more than once; labels and links would lead to the wrong one."""
    if answer.status_code != 200 or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return set()
    return {each for each, times in Counter(ID.findall(answer.content.decode())).items() if times > 1}


def test_every_address_has_its_row_in_the_table():
    assert set(ours()) == set(WHO_MAY)


@pytest.mark.parametrize("role", WALKERS)
def test_everybody_gets_their_pages_and_no_others(world, visit, role):
    ask, wrong = visit(role), {}
    for name, address in pages(world).items():
        answer = ask.get(address)
        gets_it = answer.status_code == 200
        if answer.status_code >= 500 or gets_it != (role in WHO_MAY[name]):
            wrong[name] = answer.status_code
        if twice := ids_used_twice(answer):
            wrong[name] = twice

    assert wrong == {}
