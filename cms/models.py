"""Hands the portal's pages and settings to Django."""

from cms.portal.contact import ContactFacts
from cms.portal.pages import GeneralPage, HomePage, NewsIndexPage, NewsPage

__all__ = ["ContactFacts", "GeneralPage", "HomePage", "NewsIndexPage", "NewsPage"]
