"""What axe-core finds wrong with a page, asked for as cheaply as it can be: it is asked some two hundred times.

Four fifths of its time go to contrast, and of the rest a third to whether a link stands out of the text around it; and
most words of a page stand where the same words stood on the page before: in the same elements of the same classes, in
the same light. Those are not asked again.
"""

import json

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Page

AXE_SCRIPT = Axe().axe_script
AXE_PLACE = "tests/axe.js"  # below /static/, where the journeys' servers have it for browsers to keep
CONTRAST = ("color-contrast", "link-in-text-block")  # what alone is other in the dark
ASK = """async options => (await axe.run(document, options)).violations"""
# What contrast depends on is what style sheets may look at: element, classes, states, tones, place among siblings, the
# same of everything around it; and the light and width of the window. Each place gets a number made of all that.
PLACES = r"""() => {
    const STATES = ["class", "style", "role", "type", "disabled", "hidden", "open", "lang", "readonly"];
    const says = element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const standsInText = link => {
        const around = [link.parentElement, link.parentElement.parentElement];
        return around.map(element => Boolean(element && says(element)));
    };
    const own = element => {
        const more = element.getAttributeNames().filter(name => /^(aria-(?!label|desc|contr)|data-)/.test(name));
        const said = STATES.concat(more).map(name => [name, element.getAttribute(name)])
            .filter(([name, value]) => value !== null)
            .map(([name, value]) => name + "=" + (value.length > 40 && name.startsWith("data-") ? "" : value));
        const place = [!element.previousElementSibling, !element.nextElementSibling, element.checked || false];
        return [element.localName, ...said, ...place, element.localName === "a" && standsInText(element)].join("|");
    };
    const light = ["(prefers-color-scheme: dark)", "(forced-colors: active)", "(prefers-contrast: more)", "print"]
        .map(query => matchMedia(query).matches) + "|" + innerWidth;
    const number = text => {
        let [one, two] = [0xdeadbeef, 0x41c6ce57];
        for (let at = 0; at < text.length; at++) {
            one = Math.imul(one ^ text.charCodeAt(at), 2654435761);
            two = Math.imul(two ^ text.charCodeAt(at), 1597334677);
        }
        return (two >>> 11) * 4294967296 + (one >>> 0);
    };
    const known = new Map();
    const chain = element => {
        if (!element) return light;
        if (!known.has(element)) {
            const before = element.previousElementSibling;
            known.set(element, number(chain(element.parentElement) + own(element) + (before ? own(before) : "")));
        }
        return known.get(element);
    };
    const speaks = element => element.matches("a, button, img, input, select, textarea") || says(element);
    window.places = new Map();
    for (const element of document.body.querySelectorAll("*"))
        if (speaks(element)) window.places.set(chain(element), element);
    return JSON.stringify([...window.places.keys()]);
}"""
ASK_NEW = """async ([places, options]) =>
    (await axe.run({include: JSON.parse(places).map(place => window.places.get(place))}, options)).violations"""
_seen: set[int] = set()  # places whose contrast was asked for and found enough, in this process


def barriers(page: Page, only: tuple[str, ...] = ()) -> list[tuple[str, list[str]]]:
    """Return (rule, [html of each place]) of every accessibility violation of a page; with `only`, of those rules."""
    _bring_axe(page)
    options = {"resultTypes": ["violations"], "preload": False}
    found = []
    if only != CONTRAST:
        rules = {"runOnly": list(only)} if only else {"rules": {rule: {"enabled": False} for rule in CONTRAST}}
        found += page.evaluate(ASK, options | rules)
    if not only or set(CONTRAST) <= set(only):
        found += _contrast(page, options)
    return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]


def _bring_axe(page: Page) -> None:
    """Load the axe into the document, where it stays until that is left: by its address, browsers keep it compiled."""
    if page.evaluate("Boolean(window.axe)"):
        return
    if page.url.startswith("http"):
        page.add_script_tag(url=f"{settings.STATIC_URL}{AXE_PLACE}")
    else:
        page.evaluate(AXE_SCRIPT)


def places_of(page: Page) -> set[int]:
    """Return the places of a page at which something stands to be read or used."""
    return set(json.loads(page.evaluate(PLACES)))


def _contrast(page: Page, options: dict[str, object]) -> list[dict[str, object]]:
    """Ask for the contrast of the places no page had before; what is found stays to be asked again."""
    new = places_of(page) - _seen
    found = page.evaluate(ASK_NEW, [json.dumps(list(new)), options | {"runOnly": list(CONTRAST)}]) if new else []
    if not found:
        _seen.update(new)
    return found
