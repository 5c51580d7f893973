"""Every page is asked with nonsense behind the question mark: nothing breaks."""

import os

import pytest

from tests.walk.addresses import pages
from tests.walk.test_pages import WALKERS
from tests.walk.who_may import WHO_MAY

# What pages read only when another word says so; the other words are learnt from the pages themselves
WORDS = frozenset(["page", "sort", "q", "since", "after", "export", "lang"])
NONSENSE = ("-1", "99999", "xxx", "²", "9" * 30, "长" * 3000, "%FF%FE", "a&b[]=1", "2026-02-30", "'\"\\")
# `make walk` asks each page with all of it; `make test-long` with a fifth, in turn
EVERY = 1 if os.environ.get("WALK_WHOLE") else 5
OTHER_HOUSES = ("account_", "mfa_", "socialaccount_")


def askers(name: str) -> tuple[str, ...]:
    """Return the first and the last of those who may see a page: the least and the most it ever shows."""
    may = [role for role in WALKERS if role in WHO_MAY[name] and not name.startswith(OTHER_HOUSES)]
    return tuple(dict.fromkeys([may[0], may[-1]])) if may else ()


@pytest.mark.long
@pytest.mark.parametrize("role", WALKERS)
def test_nonsense_in_an_address_breaks_nothing(world, visit, role):
    walker, wrong = visit(role), {}
    for place, (name, address) in enumerate(pages(world).items()):
        if role not in askers(name):
            continue
        words = walker.words_read(address)
        for thing in NONSENSE[place % EVERY :: EVERY] if words else ():
            query = "&".join(f"{word}={thing}" for word in sorted(words | WORDS))
            status = walker.get(f"{address}?{query}").status_code
            if status >= 500:
                wrong[name, thing[:10]] = status

    assert wrong == {}


def test_the_words_a_page_reads_are_noticed(world, visit):
    walker = visit("visitor")

    assert walker.words_read("/outcomes/") >= {"q", "sort", "page", "field"}
    assert "page" not in walker.words_read(f"/outcomes/{world.outcome.number}/")
