"""Words of the notices about reviews and about the term of outcomes."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

TEXTS = {
    "review.to_decide": Text(_("Review %(subject)s"), Group.TASKS, _("Review"), "clipboard-document-check"),
    "review.returned": Text(
        _("Complete the draft: %(subject)s was returned with comments"), Group.LEGAL, _("Complete"), "arrow-uturn-left"
    ),
    "review.published": Text(_("Published after review: %(subject)s"), Group.LEGAL, icon="check-badge"),
    "review.ended_offline": Text(
        _(
            "Taken offline by the district: %(subject)s. The change of it left the review, your draft is kept. "
            "Change it, then send it in"
        ),
        Group.LEGAL,
        _("Go on"),
        "exclamation-triangle",
        gives_reason=True,
    ),
    "review.over": Text(
        _("Nothing to decide any more: %(subject)s. Its review ended without a decision"),
        Group.NEWS,
        icon="clipboard-document-check",
    ),
    "review.ended_withdrawn": Text(
        _("Out of review, because the offer was withdrawn: %(subject)s. Your draft is kept"),
        Group.NEWS,
        icon="x-circle",
    ),
    "review.ended_converted": Text(
        _("Out of review, because the outcome is converted: %(subject)s. Your draft is kept"),
        Group.NEWS,
        icon="x-circle",
    ),
    "review.ended_solved": Text(
        _("Out of review, because the need is solved: %(subject)s. Your draft is kept"), Group.NEWS, icon="x-circle"
    ),
    "review.ended_closed": Text(
        _("Out of review, because the need was closed: %(subject)s. Your draft is kept"), Group.NEWS, icon="x-circle"
    ),
    "outcome.reminded": Text(
        _("Confirm that %(subject)s is still on offer; otherwise it goes offline on %(expires_on)s"),
        Group.TASKS,
        pgettext_lazy("desk", "Confirm"),
        "clock",
    ),
    "outcome.expired": Text(
        _("Offline because nobody confirmed it: %(subject)s. Confirming makes it public again"),
        Group.LEGAL,
        pgettext_lazy("desk", "Confirm"),
        "exclamation-triangle",
    ),
    "outcome.co_owner_asked": Text(
        _("Say whether you agree: %(subject)s, which names your organisation as co-owner, is to be offered"),
        Group.LEGAL,
        _("Answer"),
        "user-group",
    ),
    "outcome.co_owner_agreed": Text(_("A co-owner agrees to the offer: %(subject)s"), Group.LEGAL, icon="check-circle"),
    "outcome.co_owner_objected": Text(
        _("A co-owner objects to the offer: %(subject)s. Read the reason"), Group.LEGAL, icon="exclamation-triangle"
    ),
    "outcome.co_owner_answer_entered": Text(
        _("The district entered an answer of your organisation that came on paper: %(subject)s"),
        Group.LEGAL,
        _("Look"),
        "document-text",
    ),
    "outcome.co_owner_outside_dropped": Text(
        _("A co-owner whose letter you entered is no longer named: %(subject)s. Tell it by letter"),
        Group.TASKS,
        _("Look"),
    ),
    "outcome.co_owner_dropped": Text(
        _("The public version does not name your organisation as co-owner any more: %(subject)s"),
        Group.LEGAL,
        icon="exclamation-triangle",
    ),
    "outcome.co_owner_objected_in_public": Text(
        _("A co-owner objects to what is public: %(subject)s. Decide whether it stays"),
        Group.TASKS,
        icon="exclamation-triangle",
    ),
    "need.closed_by_liaison": Text(
        _("Closed by a liaison of the district: %(subject)s. Read the reason; you can open it again"),
        Group.LEGAL,
        icon="exclamation-triangle",
    ),
    "need.unpublished": Text(
        _("Taken offline by the district: %(subject)s. Change it, then send it in again"),
        Group.LEGAL,
        icon="exclamation-triangle",
        gives_reason=True,
    ),
    "outcome.unpublished": Text(
        _("Taken offline by the district: %(subject)s. Change it, then send it in again"),
        Group.LEGAL,
        icon="exclamation-triangle",
        gives_reason=True,
    ),
}
