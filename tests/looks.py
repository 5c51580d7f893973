"""What pages have in common, computed in the browser: places, looks, and how a page is built, each as a number."""

HELP = r"""
    const number = text => {
        let [one, two] = [0xdeadbeef, 0x41c6ce57];
        for (let at = 0; at < text.length; at++) {
            one = Math.imul(one ^ text.charCodeAt(at), 2654435761);
            two = Math.imul(two ^ text.charCodeAt(at), 1597334677);
        }
        return (two >>> 11) * 4294967296 + (one >>> 0);
    };
    const says = element => [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const speaks = element => element.matches("a, button, img, input, select, textarea") || says(element);
    const standsInText = link => {
        const around = [link.parentElement, link.parentElement.parentElement];
        return around.map(element => Boolean(element && says(element)));
    };
"""
# What style sheets may look at: element, classes, states, tones, place among siblings, the same of everything around
PLACES = (
    "() => {"
    + HELP
    + r"""
    const STATES = ["class", "style", "role", "type", "disabled", "hidden", "open", "lang", "readonly"];
    const own = element => {
        const more = element.getAttributeNames().filter(name => /^(aria-(?!label|desc|contr)|data-)/.test(name));
        const said = STATES.concat(more).map(name => [name, element.getAttribute(name)])
            .filter(([name, value]) => value !== null)
            .map(([name, value]) => name + "=" + (value.length > 40 && name.startsWith("data-") ? "" : value));
        const place = [!element.previousElementSibling, !element.nextElementSibling, element.checked || false];
        return [element.localName, ...said, ...place, element.localName === "a" && standsInText(element)].join("|");
    };
    const known = new Map();
    const chain = element => {
        if (!element) return innerWidth;
        if (!known.has(element)) {
            const before = element.previousElementSibling;
            known.set(element, number(chain(element.parentElement) + own(element) + (before ? own(before) : "")));
        }
        return known.get(element);
    };
    return JSON.stringify([...new Set([...document.body.querySelectorAll("*")].filter(speaks).map(chain))]);
}"""
)
# What the browser made of the style sheets, of each element that speaks: its letters, whether it is to be seen or
# disabled, and the ground: whatever around it has a colour, a picture or an opacity, or lies over something else; of a
# link also what tells it from the text around it. Most are plain: solid letters on a solid ground, no link that only
# its colour tells from text; of those whoever has enough contrast for letters of any size needs no asking, and is left
# out. The first element of each other look is kept to be asked about.
LOOKS = (
    "() => {"
    + HELP
    + r"""
    const ENOUGH = 4.55;  // of WCAG 2.2, 1.4.3: 4.5
    const rgba = colour => {
        const parts = /^rgba?\(([^)]+)\)$/.exec(colour)?.[1].split(", ").map(Number);
        return parts && (parts.length < 4 ? [...parts, 1] : parts);
    };
    const light = colour => {
        const [r, g, b] = colour.map(part => part / 255).map(part =>
            part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const contrast = (one, two) => {
        const [less, more] = [light(one), light(two)].sort((a, b) => a - b);
        return (more + 0.05) / (less + 0.05);
    };
    const lies = style => style.position === "static" || style.position === "relative" ? "" : style.position;
    const grounds = new Map();
    const ground = element => {
        if (!element) return {words: "", solid: [255, 255, 255]};
        if (!grounds.has(element)) {
            const style = getComputedStyle(element), around = ground(element.parentElement);
            const picture = style.backgroundImage === "none" ? "" : style.backgroundImage.slice(0, 200);
            const faded = style.opacity === "1" ? "" : style.opacity;
            const through = faded + (style.filter === "none" ? "" : style.filter);
            const colour = rgba(style.backgroundColor), own = colour?.[3] === 0 ? "" : style.backgroundColor;
            const words = own + picture + through + lies(style);
            const isSolid = !picture && (colour?.[3] === 1 || (colour?.[3] === 0 && !lies(style) && around.solid));
            grounds.set(element, {
                words: around.words + (words && "/" + words),
                solid: isSolid && (own ? colour.slice(0, 3) : around.solid),
                isDim: around.isDim || Boolean(through),
            });
        }
        return grounds.get(element);
    };
    const letters = style => [
        style.color, style.fontSize, style.fontWeight, style.textShadow, style.webkitTextFillColor,
        style.textDecorationLine, style.borderBottomStyle, style.borderBottomWidth, style.fontStyle,
    ];
    const isPlain = (style, below, text) => {
        const own = rgba(style.color), isOwn = style.webkitTextFillColor === style.color && style.textShadow === "none";
        const isTold = !text.length || style.textDecorationLine.includes("underline");
        return isTold && isOwn && own?.[3] === 1 && below.solid && !below.isDim && contrast(own, below.solid) > ENOUGH;
    };
    const look = element => {
        const style = getComputedStyle(element), below = ground(element);
        const around = element.localName === "a" ? standsInText(element) : [];
        const text = around.some(Boolean) ? [element.parentElement, element.parentElement.parentElement] : [];
        if (isPlain(style, below, text)) return null;
        const box = element.getBoundingClientRect();
        const isOff = Boolean(element.closest("[disabled], [aria-disabled=true]"))
            || Boolean(element.closest("label")?.control?.disabled);
        const isSeen = element.checkVisibility({opacityProperty: true, visibilityProperty: true});
        const own = [element.localName, isOff, isSeen, box.width > 1 && box.height > 1, ...around, ...letters(style)];
        return number([...own, ...text.flatMap(each => letters(getComputedStyle(each))), below.words].join("|"));
    };
    window.looks = new Map();
    for (const element of document.body.querySelectorAll("*")) {
        const its = speaks(element) && look(element);
        if (its && !window.looks.has(its)) window.looks.set(its, element);
    }
    return JSON.stringify([...window.looks.keys()]);
}"""
)
# Elements in their order and depth, with what names, states and ties them, and what scrolls; of words only whether
# there are any, and of names which are the same
BUILD = (
    "() => {"
    + HELP
    + r"""
    const KEPT = /^(id|for|class|role|type|scope|headers|tabindex|http-equiv|autocomplete|list|form)$/;
    const TOLD = /^aria-(?!label$|description$|roledescription$|valuetext$|valuenow$|placeholder$)/;
    const names = [];
    const attribute = (name, value, element) => {
        if (KEPT.test(name) || TOLD.test(name) || (name === "href" && value.startsWith("#"))) return name + "=" + value;
        if (name === "lang" && !["zh-Hans", "en"].includes(value)) return name + "=" + value;
        if (name === "content" && element.name === "viewport") return name + "=" + value;
        if (name === "alt") return name + "=" + (value && element.closest("a, button")?.textContent.includes(value));
        if (name === "aria-label" && value && !names.includes(value)) names.push(value);
        return name + "=" + (name === "aria-label" ? names.indexOf(value) : Boolean(value.trim()));
    };
    const isFuller = element =>
        element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
    const scrolls = element => isFuller(element) && /auto|scroll/.test(getComputedStyle(element).overflow);
    const depth = element => element.parentElement ? depth(element.parentElement) + 1 : 0;
    const built = element => {
        const told = element.getAttributeNames().filter(name => !name.startsWith("data-") && name !== "style");
        const pairs = told.map(name => attribute(name, element.getAttribute(name), element));
        const seen = [says(element), element.checkVisibility(), scrolls(element)];
        return [depth(element), element.localName, ...pairs, ...seen].join("|");
    };
    return innerWidth + [...document.querySelectorAll("*")].map(built).join(";");
}"""
)
