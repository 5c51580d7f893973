"""Every address × every role: nothing breaks, and nobody gets a page that is not theirs (the table: who_may.py)."""

import re
from collections import Counter
from typing import Any

import pytest

from tests.walk.addresses import ours, pages
from tests.walk.who_may import EVERYBODY, WHO_MAY
from tests.well_formed import unclosed

WALKERS = [role for role in EVERYBODY.split(", ") if role != "superuser"]


# Roles that read English walk in English, so that each address is walked by each role once (test_english.py)
READ_ENGLISH = (
    "visitor", "institute manager", "enterprise manager", "bidder", "broker", "officer", "registrar", "organiser",
    "finance", "liaison",
)  # fmt: skip
READ_CHINESE = [role for role in WALKERS if role not in READ_ENGLISH]
SEE_REFUSALS = ("visitor", "stranger", "auditor")  # of the others a refusal is a number: the page is the same
ID = re.compile(r'<[a-z][^<>]*\sid="([^"]+)"')


def is_page(answer: Any) -> bool:
    return answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")


def ids_used_twice(page: str) -> set[str]:
    """Return the ids that stand on a page more than once; labels and links would lead to the wrong one."""
    return {each for each, times in Counter(ID.findall(page)).items() if times > 1}


def test_every_address_has_its_row_in_the_table():
    assert set(ours()) == set(WHO_MAY)


def wrong_with(name: str, answer: Any, role: str) -> Any:
    """Return what is wrong with an answer: it broke, is for others or kept from them, has ids twice, is unclosed."""
    gets_it = answer.status_code == 200
    if answer.status_code >= 500 or gets_it != (role in WHO_MAY[name]):
        return answer.status_code
    page = answer.content.decode() if is_page(answer) else ""
    return ids_used_twice(page) or unclosed(page)


@pytest.mark.parametrize("role", READ_CHINESE)
def test_everybody_gets_their_pages_and_no_others(world, visit, role, request):
    if role not in SEE_REFUSALS:
        request.getfixturevalue("short_refusals")
    ask = visit(role)

    answers = {name: wrong_with(name, ask.get(address), role) for name, address in pages(world).items()}

    assert {name: wrong for name, wrong in answers.items() if wrong} == {}
