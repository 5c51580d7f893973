"""Composition root and look: settings, URL conf, ASGI, Wagtail pages, staff screens, templates, demo data."""
