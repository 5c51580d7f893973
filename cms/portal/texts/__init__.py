"""What a new installation's pages say, in both languages. Editors change it in the admin; nothing is overwritten."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Text:
    """One page of text: rich text by paragraphs of HTML."""

    slug: str
    title: str
    summary: str
    html: str


@dataclass(frozen=True)
class News(Text):
    """A piece of news, so many days before the installation."""

    days_ago: int = 0
    source: str = ""
    kind: str = "news"


@dataclass(frozen=True)
class Words:
    """Everything one language's tree begins with."""

    home_title: str
    home: list[tuple[str, Any]]
    news_title: str
    news_introduction: str
    news: list[News] = field(default_factory=list)
    pages: list[Text] = field(default_factory=list)
