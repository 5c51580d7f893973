/* Saves a form while it is filled in: POSTs it to data-autosave-url after a pause, and says when it was saved or that it was not.
   The words are on the form: data-saved-words="{time} saved", data-unsaved-words="…", data-saving-words="…".
   They appear in [data-saved] (components/formbar.html). Answer 2xx: saved; JSON {"revision": …} is put into the
   field of that name, if there is one. What is typed is never taken away; a failure is tried again. */
const PAUSE = 1500;
const AGAIN = 10000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-saved]");
    form.addEventListener("input", () => this.later(PAUSE));
    form.addEventListener("change", () => this.later(PAUSE));
    form.addEventListener("formset:changed", () => this.later(PAUSE));
    form.addEventListener("submit", () => { this.sent = true; clearTimeout(this.timer); });
    addEventListener("online", () => this.dirty && this.later(0));
    addEventListener("beforeunload", (event) => { if (this.dirty && !this.sent) event.preventDefault(); });
  }

  later(pause) {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  body() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  async save() {
    if (this.saving) return this.later(PAUSE);
    this.saving = true;
    this.dirty = false;
    this.say(this.form.dataset.savingWords);
    try {
      const answer = await fetch(this.form.dataset.autosaveUrl, { method: "POST", body: this.body(), redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      await this.keep(answer);
      this.say(this.form.dataset.savedWords);
    } catch {
      this.say(this.form.dataset.unsavedWords, true);
      this.later(AGAIN);
    } finally {
      this.saving = false;
    }
  }

  async keep(answer) {
    if (!answer.headers.get("Content-Type")?.includes("json")) return;
    for (const [name, value] of Object.entries(await answer.json())) {
      const field = this.form.elements[name];
      if (field?.type === "hidden") field.value = value;
    }
  }

  say(words, failed = false) {
    if (!this.line || !words) return;
    const time = new Date().toLocaleTimeString("en-GB", { hour12: false });
    this.line.textContent = words.replace("{time}", time);
    this.line.classList.toggle("is-unsaved", failed);
  }
}

export default function start(form) {
  new Autosave(form);
}
