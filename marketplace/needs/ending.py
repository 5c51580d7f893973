"""What follows from the end of a need, said beforehand; and who closed one."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from marketplace.core.journal import Entry, Kind
from marketplace.needs.models import TechnologyNeed


def after_solving(need: TechnologyNeed, user: Any) -> list[str]:
    """Return in sentences what marking a need as solved leads to, for one of its own people."""
    return [
        _("This is final: a solved need is not opened again."),
        _("It leaves the list of needs; its page stays and says that it is solved. The figures count it as solved."),
        *_its_review(need),
        *_its_matches(need, user),
    ]


def after_closing(need: TechnologyNeed, user: Any) -> list[str]:
    """Return in sentences what closing a need leads to; a liaison is told that the enterprise reads who did it."""
    said = [_("It leaves the list of needs; its page stays and says that it was closed.")]
    if user.acts_for(need.organisation_id):
        said.append(_("You can open it again; what was matched then comes back as a new proposal."))
    else:
        said.append(_("The enterprise is told; it reads your reason and your name, and can open the need again."))
    return [*said, *_its_review(need), *_its_matches(need, user)]


def _its_review(need: TechnologyNeed) -> list[str]:
    """Say what becomes of a change that is in review."""
    if need.pending_review is None:
        return []
    return [_("The change of it that is in review leaves the review, and its author is told; the draft stays.")]


def _its_matches(need: TechnologyNeed, user: Any) -> list[str]:
    """Say what becomes of the matches this reader may see, and of the deals."""
    matches = need.matches.visible_to(user)
    proposed, agreed = matches.proposed().count(), matches.without_deal().select_related("outcome")
    said = []
    if proposed:
        words = ngettext(
            "%(count)s proposed match ends; whoever had a notice of it is told.",
            "%(count)s proposed matches end; whoever had a notice of them is told.",
            proposed,
        )
        said.append(words % {"count": proposed})
    said += [
        _("The match with “%(outcome)s”, which both sides accepted, ends too: the other side is told why.")
        % {"outcome": match.outcome.heading}
        for match in agreed
    ]
    return [*said, _("A deal that is open already goes on.")]


def closed_by(need: TechnologyNeed) -> Entry | None:
    """Return the entry of the last closing of a closed need; on behalf of nobody where a liaison closed it."""
    if need.state != need.State.CLOSED:
        return None
    entries = Entry.objects.about(need).filter(kind=Kind.NEED_CLOSED)
    return entries.select_related("actor", "on_behalf_of").order_by("-pk").first()
