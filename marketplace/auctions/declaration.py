"""What a bidder declares when it applies: words with a version; the registration keeps version, person and time.

Who declared an earlier version is not asked again before it bids. The terms of a sale are those of its announcement,
which stay as announced (a change is an amendment, told to everybody before the bidding); a new wording is for new
applications, and to hold up a qualified bidder's honest bid for it would change the terms of a running sale. A law that
demands the new words of everybody would be announced as an amendment of each session, which is the place for it.
"""

from django.utils.translation import gettext_lazy as _

VERSION = "2026-12"

TEXTS = {
    "2023-1": [_("We know the announcement, the object of sale and its named defects, and bid by these terms.")],
    "2026-11": [
        _("We know the announcement, the object of sale and its named defects, and bid by these terms."),
        _(
            "We are neither seller nor organiser nor auction company, nor related to one of them, and the person who "
            "bids for us is not of their people. If that changes before the end, we say so and do not bid."
        ),
        _("Documents and statements of this application are true, and whoever bids for us may do so."),
        _("We agree on bids with nobody and bid for our own account."),
        _(
            "A bid cannot be withdrawn. If we buy, we sign the contract in time; otherwise the deposit is lost and we "
            "cannot bid on this outcome again."
        ),
    ],
}
TEXTS["2026-12"] = [
    *TEXTS["2026-11"][:-1],
    _(
        "A bid binds us: where bids ascend, from the moment it is received; a sealed one from the end of the time for "
        "bids, until which we may replace or withdraw it. If we buy, we sign the contract in time; otherwise the "
        "deposit is lost and we cannot bid on this outcome again."
    ),
]


def words_of(version: str) -> list[str]:
    """Return what was declared under a version, clause by clause."""
    return [str(clause) for clause in TEXTS[version]]
