"""Addresses of records that lists print by the page: what the URL conf says is found out once for each language."""

from functools import lru_cache

from django.urls import get_urlconf, reverse
from django.utils.translation import get_language

PLACE = "CODE-OF-ONE"  # stands for the code while the address is put together


def address_of(name: str, code: str) -> str:
    """Return the address of a record by the name of its page, in the language of this moment: a tenth of `reverse`."""
    return _pattern(name, get_language(), get_urlconf()).replace(PLACE, code)


@lru_cache(maxsize=256)
def _pattern(name: str, language: str | None, urlconf: str | None) -> str:
    return reverse(name, args=[PLACE])
