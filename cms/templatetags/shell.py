"""What every page carries and no request changes."""

import functools

from django import template
from django.template.loader import render_to_string

register = template.Library()


@register.simple_tag
@functools.cache
def stylesheets() -> str:
    """Return the links to all stylesheets, looked up once per process: the names of files change with a deployment."""
    return render_to_string("components/shell/stylesheets.html")
