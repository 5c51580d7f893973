"""Why a target of a year is not set."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core.refusals import Refused
from marketplace.indicators.figures import BY_SLUG
from marketplace.indicators.report import in_words


class TargetSetMeanwhile(Refused):
    """Somebody else set this target, to `now` (None: took it back), after the person had opened the page."""

    message = gettext_lazy("Meanwhile somebody else made this %(now)s. Save again if yours is to stand.")

    def __init__(self, slug: str, now: int | None) -> None:
        super().__init__(now=_("a figure without a target") if now is None else in_words(BY_SLUG[slug], now))
        self.field = slug
