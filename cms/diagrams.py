"""State diagrams of the domain's records, drawn from NEXT and kept in marketplace/README.md."""

import re
from pathlib import Path

from django.apps import apps

from marketplace.core.stateful import Stateful

README = Path(__file__).resolve().parent.parent / "marketplace" / "README.md"
BEGIN, END = "<!-- states: begin, written by manage.py state_diagrams -->", "<!-- states: end -->"


def machines() -> list[type[Stateful]]:
    """Return every model that moves through states, by name."""
    models = apps.get_app_config("marketplace").get_models()
    return sorted((model for model in models if issubclass(model, Stateful)), key=lambda model: model.__name__)


def diagram_of(model: type[Stateful]) -> str:
    """Return one machine as Mermaid: its first state, its edges, its ends."""
    order = [str(value) for value in model.State.values]
    edges = {str(start): {str(end) for end in ends} for start, ends in model.NEXT.items()}
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {order[0]}"]
    for start in order:
        ends = edges.get(start, set())
        lines += [f"    {start} --> {end}" for end in order if end in ends]
        lines += [f"    {start} --> [*]"] if not ends else []
    return "\n".join([*lines, "```"])


def section() -> str:
    """Return the README's part between the marks."""
    parts = [f"### {model.__name__}\n\n{diagram_of(model)}" for model in machines()]
    return "\n\n".join([BEGIN, *parts, END])


def put_into(text: str) -> str:
    """Return the README's text with the present diagrams, at its end where it had none."""
    between = re.compile(re.escape(BEGIN) + ".*" + re.escape(END), re.S)
    if between.search(text):
        return between.sub(lambda _: section(), text)
    return f"{text.rstrip()}\n\n## States\n\n{section()}\n"
