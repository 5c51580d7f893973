"""Signed links of mails: they end the alerts of one search, or of all the searches one mail told of."""

from django.core.signing import BadSignature, Signer

from marketplace.notices.models import Notice
from search.saved.models import Finding, SavedSearch, SavedSearchQuerySet

SEARCH, NOTICE = "search", "notice"

_signer = Signer(salt="search.saved.unsubscribe")


def token_of(told: SavedSearch | Notice) -> str:
    """Return the token of one search, or of every search a mail told of."""
    what = SEARCH if isinstance(told, SavedSearch) else NOTICE
    return _signer.sign(f"{what}-{told.code}")


def searches_of(token: str) -> SavedSearchQuerySet | None:
    """Return the searches a token is about, deleted ones left out; None where we did not sign it."""
    try:
        what, _dash, code = _signer.unsign(token).partition("-")
    except BadSignature:
        return None
    kept = SavedSearch.objects.kept().order_by("pk")
    if what == SEARCH:
        return kept.filter(code=code)
    told = Finding.objects.filter(entry__in=Notice.objects.filter(code=code).values("entry"))
    return kept.filter(pk__in=told.values("saved"))
