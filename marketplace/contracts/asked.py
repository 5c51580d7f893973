"""What a seller reads once it asked for a change: what it asked for, and whose turn it is."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from marketplace.contracts.changes import ContractChange
from marketplace.core.languages import paragraph
from marketplace.core.money import format_exact


def what_is_asked(change: ContractChange) -> str:
    """Return in words what is asked for and what comes next; nothing of it is decided."""
    language = get_language() or "zh-hans"
    totals = {
        "before": format_exact(change.total_before, language),
        "after": format_exact(change.total_after, language),
    }
    said = _("A change is asked for.")
    if change.total_after != change.total_before:
        said = _("Asked for: a total of %(after)s instead of %(before)s.") % totals
    if change.state == ContractChange.State.AWAITING:
        following = _("The buyer is asked first; with its consent the registrars decide.")
    else:
        following = _("The registrars decide.")
    return paragraph([said, following, _("Until then the contract stays as it is.")])
