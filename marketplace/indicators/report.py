"""The report of a period: the sentences of report_words.py filled from the figures, and the figures as a table."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _

from marketplace.core.languages import paragraph
from marketplace.core.money import format_money, in_yuan
from marketplace.indicators import queries
from marketplace.indicators.figures import BY_SLUG, INDICATORS
from marketplace.indicators.indicator import Indicator, Unit
from marketplace.indicators.period_choice import to_come_words
from marketplace.indicators.periods import Period
from marketplace.indicators.report_words import SECTIONS, Sentence
from marketplace.indicators.small_groups import TOO_FEW
from marketplace.indicators.targets import Progress, progress_of, year_so_far
from marketplace.indicators.withheld import KeptBack, from_nobody

NAMED = re.compile(r"%\(([a-z_]+?)(_change)?\)s")
Value = float | None


@dataclass(frozen=True)
class Row:
    """A figure of the report beside that of the same days of the year before."""

    indicator: Indicator
    now: Value
    before: Value
    progress: Progress | None = None  # towards the target of the year, where there is one
    is_withheld: bool = False  # an amount of one or two contracts, which the reader may not open
    was_withheld: bool = False  # the same of the year before

    @property
    def words(self) -> tuple[str, str, str]:
        """Return the figure, that of the year before, and the change, in words."""
        now = str(TOO_FEW) if self.is_withheld else in_words(self.indicator, self.now)
        before = str(TOO_FEW) if self.was_withheld else in_words(self.indicator, self.before)
        return now, before, self.change

    @property
    def progress_words(self) -> tuple[str, str, str, str]:
        """Return the year so far, the target, the share reached, and how that lies to the calendar, in words."""
        if self.progress is None:
            return "", "", "", ""
        so_far = "" if self.year_so_far is None else in_words(self.indicator, self.year_so_far)
        target = in_words(self.indicator, self.progress.target)
        return so_far, target, f"{self.progress.share:,.1%}", self.progress.pace

    @property
    def year_so_far(self) -> Value:
        """Return what is set against the target: the figure from the first of January on; None of a standing one."""
        return None if self.progress is None or self.progress.is_standing else self.progress.reached

    @property
    def change(self) -> str:
        """Return how the figure changed on the year before: per cent, of a share percentage points; "" of nothing."""
        if self.changed is None:
            return ""
        points = f"{self.changed * 100:+,.1f}".replace("-", "−")
        return _("%(points)s percentage points") % {"points": points} if self._is_share else f"{points}%"

    @property
    def changed(self) -> Value:
        """Return the change as a part of the year before, of a share its difference; None where there is no such."""
        if self.now is None or self.before is None:
            return None
        if self._is_share:
            return self.now - self.before
        return (self.now - self.before) / self.before if self.before > 0 else None

    @property
    def _is_share(self) -> bool:
        return bool(self.indicator.unit == Unit.SHARE)

    @property
    def end_of_a_phrase(self) -> str:
        """Return what follows the figure in a sentence, such as “，同比增长 12.5%，完成年度目标的 70.0%”."""
        if self.progress is None:
            return self._change_in_a_phrase
        done = {"share": f"{self.progress.share:,.1%}", "reached": in_words(self.indicator, self.progress.reached)}
        if self.progress.reached == self.now:
            return self._change_in_a_phrase + _(", %(share)s of the year's target") % done
        return self._change_in_a_phrase + _(", %(reached)s in the year so far, %(share)s of its target") % done

    @property
    def _change_in_a_phrase(self) -> str:
        """Say the change; a figure of nothing says enough."""
        part = self.changed
        if not self.now or part is None:
            return ""
        words = _(" (up %(percent)s on the year before)") if part > 0 else _(" (down %(percent)s on the year before)")
        return words % {"percent": f"{abs(part):,.1%}"} if part else _(" (as in the year before)")


@dataclass(frozen=True)
class Report:
    """What the figures of a period say, and said of the same days of the year before."""

    period: Period
    compared: Period
    rows: dict[str, Row]  # by the slug of the figure, in the order of the board
    today: date

    def sections(self, dress: Callable[[Indicator, str], str] | None = None) -> list[tuple[str, list[str]]]:
        """Return (heading, sentences) in the language that is active; `dress` makes html of a figure and its words."""
        if self.is_to_come:
            return [(self.period.label, [to_come_words(self.period)])]
        filled = [
            (str(section.heading), [self._fill(each, dress) for each in section.sentences]) for section in SECTIONS
        ]
        return [(heading, [each for each in sentences if each]) for heading, sentences in filled]

    def _fill(self, sentence: Sentence, dress: Callable[[Indicator, str], str] | None) -> str:
        words = str(sentence.words)
        named = [(name.replace("_", "-"), change) for name, change in NAMED.findall(words)]
        if not any(self.rows[slug].now or self.rows[slug].is_withheld for slug, _change in named):
            return self._dated(sentence, str(sentence.otherwise))
        words = self._dated(sentence, words)
        figures = {f"{slug}{change}".replace("-", "_"): self._printed(slug, change, dress) for slug, change in named}
        if dress is None:
            return words % figures
        filled: SafeString = mark_safe(escape(words) % figures)  # the figures are html already
        return filled

    def _dated(self, sentence: Sentence, words: str) -> str:
        """Return the words of a sentence about one day with that day before them."""
        if not sentence.is_of_a_day:
            return words
        day = min(self.period.last, self.today)
        of = {"year": day.year, "month": day.month, "day": day.day, "words": words}
        return _("As of %(year)d-%(month)02d-%(day)02d: %(words)s") % of

    def _printed(self, slug: str, change: str, dress: Callable[[Indicator, str], str] | None) -> str:
        row = self.rows[slug]
        if change:
            return row.end_of_a_phrase if dress is None else escape(row.end_of_a_phrase)
        said = _("(%(words)s)") % {"words": TOO_FEW} if row.is_withheld else row.words[0]
        return said if dress is None else dress(row.indicator, said)

    @property
    def is_to_come(self) -> bool:
        return self.period.is_to_come(self.today)

    @property
    def has_targets(self) -> bool:
        return any(row.progress for row in self.rows.values())

    @property
    def has_year_so_far(self) -> bool:
        """Tell whether the year so far is to be shown beside the period: there are targets, and it is no whole year."""
        return self.has_targets and self.period.kind != "year"

    @property
    def text(self) -> str:
        """Return the report as plain text to put into a document: headings and paragraphs, one to a line."""
        return "\n".join(line for heading, said in self.sections() for line in (heading, paragraph(said)))


def report_of(period: Period, today: date, *, withheld: KeptBack = from_nobody) -> Report:
    """Reckon the report of a period; of one that runs, up to today and up to this day of the year before.

    `withheld` tells the figures of a period that are kept from the reader.
    """
    compared = period.year_before(today)
    nothing: dict[str, Value] = dict.fromkeys(BY_SLUG)
    now, before = (nothing, nothing) if period.is_to_come(today) else (values_of(period), values_of(compared))
    hidden, formerly = withheld(period), withheld(compared)
    progress = progress_of(period, today)
    for slug in withheld(year_so_far(period, today)) if progress else ():
        progress.pop(slug, None)
    rows = {
        each.slug: Row(
            each,
            None if each.slug in hidden else now[each.slug],
            None if each.slug in formerly else before[each.slug],
            progress.get(each.slug),
            is_withheld=each.slug in hidden,
            was_withheld=each.slug in formerly,
        )
        for each in INDICATORS
    }
    return Report(period, compared, rows, today)


def values_of(period: Period) -> dict[str, Value]:
    """Return {slug: figure} of all figures; those of the register are summed by one question."""
    sums = queries.share_sums(queries.register_parts(period))
    measured = {slug: indicator.measure(period) for slug, indicator in BY_SLUG.items()}
    return {slug: sums[each.share][each.column] if each.share else each.value for slug, each in measured.items()}


def in_words(indicator: Indicator, value: Value) -> str:
    """Return a figure with its unit as running text has it: 8 份, 1.2 亿元, 66.7%; a dash where there is none."""
    if value is None:
        return "—"
    if indicator.unit == Unit.FEN:
        return format_money(int(value), get_language() or "zh-hans")
    if indicator.unit == Unit.SHARE:
        return f"{value:.1%}"
    return f"{value:,} {indicator.unit.behind(value)}"


def report_table(report: Report, today: date) -> tuple[list[str], list[list[Any]]]:
    """Return heads and rows of the figures as a sheet reckons with them: amounts in yuan, shares as fractions of 1."""
    heads = [
        pgettext("of a figure", "Code"),
        _("Figure"),
        _("Unit"),
        _("This period (%(period)s)") % {"period": report.period.label_at(today)},
        _("The year before (%(first)s to %(last)s)") % {"first": report.compared.first, "last": report.compared.last},
        _("Change (share of 1)"),
        _("The year so far"),
        _("Target of the year"),
        _("Reached of it (share of 1)"),
        _("Ahead of the calendar (share of 1)"),
    ]
    rows = [
        [
            row.indicator.code,
            row.indicator.label,
            _("share of 1") if row.indicator.unit == Unit.SHARE else row.indicator.unit.behind(2),
            TOO_FEW if row.is_withheld else _plain(row.indicator.unit, row.now),
            TOO_FEW if row.was_withheld else _plain(row.indicator.unit, row.before),
            None if row.changed is None else round(row.changed, 4),
            _plain(row.indicator.unit, row.year_so_far),
            *_against_target(row),
        ]
        for row in report.rows.values()
    ]
    return heads, rows


def _against_target(row: Row) -> list[Any]:
    if row.progress is None:
        return [None, None, None]
    ahead = row.progress.ahead
    target = _plain(row.indicator.unit, row.progress.target)
    return [target, round(row.progress.share, 4), None if ahead is None else round(ahead, 4)]


def _plain(unit: Unit, value: Value) -> Any:
    if value is None:
        return None
    if unit == Unit.FEN:
        return in_yuan(int(value))
    return round(value, 4) if unit == Unit.SHARE else value
