"""Every page is asked with nonsense behind the question mark: nothing breaks."""

import pytest

from tests.walk.addresses import pages
from tests.walk.who_may import WHO_MAY

WORDS = "page sort q field industry state tab show since after due period format export contract_type lang code title"
NONSENSE = ("-1", "99999", "xxx", "²", "9" * 30, "长" * 3000, "%FF%FE", "a&b[]=1", "2026-02-30", "'\"\\")


@pytest.mark.parametrize("role", ["visitor", "officer", "institute manager"])
def test_nonsense_in_an_address_breaks_nothing(world, visit, role):
    walker, wrong = visit(role), {}
    for name, address in pages(world).items():
        if role in WHO_MAY[name] and not name.startswith(("account_", "mfa_", "socialaccount_")):
            for thing in NONSENSE:
                query = "&".join(f"{word}={thing}" for word in WORDS.split())
                status = walker.get(f"{address}?{query}").status_code
                if status >= 500:
                    wrong[name, thing[:10]] = status

    assert wrong == {}
