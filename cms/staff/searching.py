"""Search in the admin's menu."""

from django.utils.translation import pgettext_lazy
from wagtail.admin.viewsets.base import ViewSetGroup

from cms.staff.asked import Asked
from cms.staff.indexes import Indexes
from cms.staff.stop_phrases import StopPhraseListing
from cms.staff.synonyms import SynonymListing


class Searching(ViewSetGroup):
    menu_label = pgettext_lazy("part of the admin", "Search")
    menu_name = "site-search"
    menu_icon = "search"
    menu_order = 255
    items = (
        SynonymListing("synonyms"),
        StopPhraseListing("stop-phrases"),
        Asked("searches"),
        Indexes("search-index"),
    )
