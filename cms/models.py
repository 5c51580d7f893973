"""Hands the portal's pages to Django."""

from cms.portal.pages import GeneralPage, HomePage, NewsIndexPage, NewsPage

__all__ = ["GeneralPage", "HomePage", "NewsIndexPage", "NewsPage"]
