"""Addresses put together once are those the URL conf says, in each language."""

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import override

from marketplace.core.addresses import address_of


@pytest.mark.parametrize("name", ["contract-detail", "deal-detail", "deal-move"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_an_address_is_the_one_of_the_url_conf(name, language):
    with override(language):
        assert address_of(name, "ABCDEFGHJKMN") == reverse(name, args=["ABCDEFGHJKMN"])
        assert address_of(name, "MNKJHGFEDCBA") == reverse(name, args=["MNKJHGFEDCBA"])


def test_a_page_that_is_none_has_no_address():
    with pytest.raises(NoReverseMatch):
        address_of("no-such-page", "ABCDEFGHJKMN")
