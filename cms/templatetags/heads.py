"""What the head of a page says of it to search engines and to those who share a link."""

from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class KeepNode(template.Node):
    """Renders what it holds into a variable: a block can stand only once, its words are wanted several times."""

    def __init__(self, nodelist: template.NodeList, name: str) -> None:
        self.nodelist, self.name = nodelist, name

    def render(self, context: template.Context) -> str:
        rendered = " ".join(self.nodelist.render(context).split())
        context[self.name] = mark_safe(rendered)
        return ""


@register.tag
def keep(parser: Any, token: Any) -> KeepNode:
    """Keep what stands up to `endkeep` under a name, in one line: `{% keep as head_title %}…{% endkeep %}`."""
    _tag, _as, name = token.split_contents()
    nodelist = parser.parse(("endkeep",))
    parser.delete_first_token()
    return KeepNode(nodelist, name)


@register.simple_tag(takes_context=True)
def canonical(context: template.Context) -> SafeString | str:
    """Return the one address of this page, whatever filters stand behind it; later pages of a list are their own."""
    request = context.get("request")
    if request is None:
        return ""
    number = getattr(context.get("page_obj"), "number", 1)
    return str(request.build_absolute_uri(request.path + (f"?page={number}" if number > 1 else "")))
