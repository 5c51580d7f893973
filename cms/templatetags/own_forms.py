"""The token of a form, with the organisation its page acts for: `{% csrf_token %}` of all templates, libraries' too."""

from typing import Any

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html

from marketplace.organisations.acting import PAGE_FIELD

register = template.Library()


class TokenOfActing(CsrfTokenNode):
    """Adds the organisation the page acts for: another window may choose another, and one more may be joined since."""

    def render(self, context: Any) -> str:
        token = super().render(context)
        request: Any = getattr(context, "request", None)
        if not token or not getattr(request, "my_organisations", ()):
            return token
        code = request.organisation.code if request.organisation else ""
        return token + format_html('<input type="hidden" name="{}" value="{}">', PAGE_FIELD, code)


@register.tag
def csrf_token(parser: Parser, token: Token) -> TokenOfActing:
    return TokenOfActing()
