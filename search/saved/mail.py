"""The mail of an alert: all of a person's searches in one, each hit with its reason, and links that end the alerts."""

import re
from collections import defaultdict
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeData
from django.utils.translation import override

from marketplace.notices.models import Notice
from search.documents import SOURCES
from search.engine import Hit
from search.highlight import Marks, highlighted
from search.lists import LISTS
from search.queries import TITLES
from search.ranking import plan
from search.saved.asking import question
from search.saved.links import token_of
from search.saved.models import Finding, Rhythm, SavedSearch
from search.schema import kind_of

MOST_PER_SEARCH = 20
_MARK = re.compile(r"</?mark>")


@dataclass(frozen=True)
class Line:
    """One hit in a mail, as plain text; the words that were asked for stand in 【】."""

    title: str
    meta: str
    why: str
    link: str


@dataclass(frozen=True)
class Part:
    """One search in a mail."""

    saved: SavedSearch
    list_title: Any
    lines: list[Line]
    more: int
    link: str
    end_link: str


def letter(notice: Notice) -> EmailMessage | None:
    """Write the mail in its reader's language; None where nothing of it is public or wanted any more."""
    user = notice.user
    with override(user.language):
        parts = [part for saved, keys in _told(notice).items() if (part := _part(saved, keys)).lines]
        if not parts:
            return None
        end_link = _end_link(notice)
        title = notice.title
        context = {"user": user, "title": title, "parts": parts, "site": settings.WAGTAIL_SITE_NAME}
        body = render_to_string("search/saved/mail.txt", context)
    headers = {
        "X-Notice": notice.code,
        "List-Unsubscribe": f"<{end_link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return EmailMessage(subject=" ".join(title.split()), body=body, to=[user.email or ""], headers=headers)


def _told(notice: Notice) -> dict[SavedSearch, list[str]]:
    """Return what the alert found per search, without searches whose alerts have ended since."""
    findings = Finding.objects.filter(entry=notice.entry, saved__removed_at=None).select_related("saved")
    told: dict[SavedSearch, list[str]] = defaultdict(list)
    for finding in findings.exclude(saved__rhythm=Rhythm.NONE).order_by("saved", "-found_at", "-pk"):
        told[finding.saved].append(finding.key)
    return told


def _part(saved: SavedSearch, keys: list[str]) -> Part:
    spec = LISTS[saved.kind]
    rows = spec.rows(None, keys)
    public = [rows[key] for key in keys if key in rows]
    marks = plan(question(saved.kind, saved.text, saved.chosen)).marks
    return Part(
        saved,
        TITLES[saved.kind],
        [_line(saved.kind, row, marks) for row in public[:MOST_PER_SEARCH]],
        max(0, len(public) - MOST_PER_SEARCH),
        settings.SITE_URL + saved.get_absolute_url(),
        _end_link(saved),
    )


def _end_link(told: SavedSearch | Notice) -> str:
    return settings.SITE_URL + reverse("saved-unsubscribe", args=[token_of(told)])


def _line(name: str, row: Any, marks: Marks) -> Line:
    doc = SOURCES[name].build(row)
    marked = highlighted(kind_of(name), doc, marks, None)
    shown = LISTS[name].shown(row, Hit(doc["id"], 0.0, marked))
    why = next((text for field, text in marked.items() if field not in ("title", "name")), "")
    return Line(
        _plain(shown["title"]),
        " · ".join(_plain(part) for part in shown["meta"] if part),
        _plain(why),
        settings.SITE_URL + shown["href"],
    )


def _plain(text: Any) -> str:
    """Return a marked text as plain text on one line: <mark>锁体</mark> becomes 【锁体】."""
    if isinstance(text, SafeData):
        text = unescape(_MARK.sub(lambda found: "】" if found.group().startswith("</") else "【", str(text)))
    return " ".join(str(text).split())
