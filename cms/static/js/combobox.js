/* Suggestions under a search box. data-url answers ?q= with components/suggestions.html; the strings are the server's.
   Arrow keys choose (the first one asks, where nothing is offered), Enter opens, Escape closes. An option has data-href (a page) or data-value (fills the box and sends). */
const WAIT = 150;
let lists = 0;

class Combobox {
  constructor(box) {
    this.box = box;
    this.input = box.querySelector("input");
    this.list = document.createElement("div");
    this.list.className = "suggest";
    this.list.id = `suggest-${++lists}`;
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.labels[0]?.textContent ?? this.input.ariaLabel ?? "");
    this.list.hidden = true;
    box.append(this.list);
    this.input.setAttribute("role", "combobox");
    this.input.setAttribute("aria-autocomplete", "list");
    this.input.setAttribute("aria-controls", this.list.id);
    this.input.setAttribute("aria-expanded", "false");
    this.input.addEventListener("input", () => this.later());
    this.input.addEventListener("keydown", (event) => this.key(event));
    this.input.addEventListener("blur", () => setTimeout(() => this.close(), WAIT));
    this.list.addEventListener("mousedown", (event) => this.pick(event.target.closest("[role=option]"), event));
  }

  get options() { return [...this.list.querySelectorAll("[role=option]")]; }
  get chosen() { return this.list.querySelector('[aria-selected="true"]'); }

  later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), WAIT);
  }

  async ask() {
    const words = this.input.value.trim();
    this.asking?.abort();
    if (!words) return this.close();
    this.asking = new AbortController();
    const url = new URL(this.box.dataset.url, location.href);
    url.searchParams.set("q", words);
    try {
      const answer = await fetch(url, { signal: this.asking.signal, headers: { "X-Requested-With": "fetch" } });
      if (answer.ok) this.show(await answer.text());
    } catch (error) {
      if (error.name !== "AbortError") this.close();
    }
  }

  show(html) {
    this.list.innerHTML = html;
    this.options.forEach((option, index) => { option.id = `${this.list.id}-${index}`; });
    this.list.hidden = !this.options.length;
    this.input.setAttribute("aria-expanded", String(!this.list.hidden));
    this.input.removeAttribute("aria-activedescendant");
  }

  close() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.list.hidden = true;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
  }

  move(step) {
    const options = this.options;
    if (!options.length) return;
    const next = options[(options.indexOf(this.chosen) + step + options.length) % options.length]
      ?? options[step > 0 ? 0 : options.length - 1];
    for (const option of options) option.setAttribute("aria-selected", String(option === next));
    this.input.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  }

  key(event) {
    if (event.isComposing) return;
    if (this.list.hidden) {
      if (event.key === "ArrowDown") this.ask();
      return;
    }
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      this.move(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Enter" && this.chosen) {
      this.pick(this.chosen, event);
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.close();
    }
  }

  pick(option, event) {
    if (!option) return;
    event.preventDefault();
    if (option.dataset.href) return location.assign(option.dataset.href);
    this.input.value = option.dataset.value ?? option.textContent.trim();
    this.close();
    this.input.form.requestSubmit();
  }
}

export default function start(box) {
  new Combobox(box);
}
