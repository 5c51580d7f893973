"""Words of the notices about saved searches."""

from django.utils.translation import gettext_lazy as _

from marketplace.notices.groups import Group
from marketplace.notices.texts import Text

TEXTS = {
    "search.found_one": Text(
        _("Look at what your saved search found: %(subject)s"), Group.MATCHING, icon="magnifying-glass"
    ),
    "search.found_several": Text(
        _("Look at what is new for your saved searches: %(number)s"), Group.MATCHING, icon="magnifying-glass"
    ),
}
