/* Saves a form while it is filled in: POSTs it to data-autosave-url after a pause, and says when it was saved or why not.
   The words are on the form (components/autosave.html) and appear in [data-saved] (components/formbar.html). Answers:
   2xx saved, 422 saved but for what cannot be read ({"problems": {name: why}, "unsaved": in one line}; the fields are
   marked until it can), 409 {"error": why}, anything else: nothing was saved. What stands in the JSON under the name of a
   hidden field is put into it; "begun" is said of a form whose first saving began a record: where its page is from now on,
   and where it is saved. After each saving the form sends the event "autosaved". What is typed is never taken
   away: without connection, or signed out, it is tried again, and the form itself is not sent before that has worked, nor
   another one of the page, because the answer would be another page. */
import { keep } from "./keep-typed.js";

const PAUSE = 1500;
const AGAIN = 10000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.line = form.querySelector("[data-saved]");
    for (const kind of ["input", "change", "formset:changed"]) form.addEventListener(kind, () => this.later(PAUSE));
    form.addEventListener("submit", (event) => this.send(event));
    document.addEventListener("submit", (event) => event.target === this.form || this.first(event), { capture: true });
    addEventListener("online", () => this.dirty && this.later(0));
    addEventListener("focus", () => this.away && this.later(0));
    addEventListener("beforeunload", (event) => { if (this.dirty && !this.sent) event.preventDefault(); });
  }

  later(pause) {
    this.dirty = true;
    this.sent = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  /* One at a time; who asks meanwhile gets the answer of the next. */
  async save() {
    while (this.running) await this.running;
    clearTimeout(this.timer);
    this.running = this.attempt();
    await this.running;
    this.running = null;
  }

  async attempt() {
    this.dirty = false;
    this.say("saving");
    const answer = await this.post();
    this.away = answer === null || answer.type === "opaqueredirect";
    if (this.away) this.say(answer === null ? "away" : "signedOut", true);
    else await this.tell(answer);
    if (this.away || !answer.ok) this.dirty = true;
    if (this.away || answer.status >= 500) this.later(AGAIN);
  }

  async post(again = true) {
    try {
      const answer = await fetch(this.form.dataset.autosaveUrl, { method: "POST", body: this.body(), redirect: "manual" });
      return answer.status === 403 && again && await this.renewToken() ? this.post(false) : answer;
    } catch {
      return null;
    }
  }

  /* Signing in again changes the token: take the new one from this page as the server has it now. */
  async renewToken() {
    const answer = await fetch(location.pathname, { redirect: "manual" });
    if (!answer.ok) return false;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector("[name=csrfmiddlewaretoken]")?.value;
    if (token) for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return Boolean(token);
  }

  body() {
    const data = new FormData(this.form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return data;
  }

  async tell(answer) {
    const isJson = answer.headers.get("Content-Type")?.includes("json");
    const told = isJson ? await answer.json() : {};
    for (const [name, value] of Object.entries(told)) {
      const field = this.form.elements[name];
      if (field?.type === "hidden") field.value = value;
    }
    if (told.begun) this.move(told.begun);
    this.mark(told.problems ?? {});
    if (told.error) this.write(told.error, true);
    else if (answer.ok) this.say("saved");
    else this.say(told.unsaved ? "unsaved" : "failed", true, told.unsaved);
    if (answer.ok || told.unsaved) this.form.dispatchEvent(new CustomEvent("autosaved"));
  }

  /* The form is that of a record now: sent, reloaded and left it is as if it had been opened there. */
  move({ address, autosave }) {
    this.form.action = address;
    this.form.dataset.autosaveUrl = autosave;
    history.replaceState(history.state, "", address);
  }

  /* Say beside each field why it was not saved; what was said the time before goes. */
  mark(problems) {
    for (const said of this.form.querySelectorAll("[data-unsaved]")) {
      said.closest(".field").classList.remove("field--error");
      const input = document.getElementById(said.dataset.unsaved);
      input?.removeAttribute("aria-invalid");
      input?.setAttribute("aria-describedby", input.getAttribute("aria-describedby").replace(said.id, "").trim());
      said.remove();
    }
    for (const [name, why] of Object.entries(problems)) {
      const input = [this.form.elements[name]].flat()[0];
      const field = input?.closest?.(".field");
      if (!field || field.querySelector(":scope > .error")) continue;
      const said = document.createElement("p");
      Object.assign(said, { className: "error", id: `${input.id}_unsaved`, textContent: why });
      said.dataset.unsaved = input.id;
      field.append(said);
      field.classList.add("field--error");
      input.setAttribute("aria-invalid", "true");
      input.setAttribute("aria-describedby", `${input.getAttribute("aria-describedby") ?? ""} ${said.id}`.trim());
    }
  }

  async send(event) {
    clearTimeout(this.timer);
    if (this.mayGo || !(this.dirty || this.away || this.running)) {
      this.sent = true;
      return;
    }
    event.preventDefault();
    const button = event.submitter;
    await this.save();
    if (this.away) return;
    this.mayGo = true;
    this.form.requestSubmit(button);
  }

  /* Another form of the page leads to another page: what is typed here is saved before that form goes. */
  async first(event) {
    const { target, submitter } = event;
    const mayGo = target === this.waited;
    this.waited = null;
    if (mayGo || !(this.dirty || this.running)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    await this.save();
    if (this.away) return;
    if (this.form.querySelector("[data-unsaved]")) { keep(); this.sent = true; } // it is filled in on the page that comes
    this.waited = target;
    target.requestSubmit(submitter);
  }

  say(what, failed = false, unsaved = "") {
    this.write(this.form.dataset[`${what}Words`].replace("{unsaved}", () => unsaved), failed);
    if (what !== "signedOut" || !this.line) return;
    const link = document.createElement("a");
    Object.assign(link, { href: this.form.dataset.signInUrl, target: "_blank", rel: "noopener" });
    link.textContent = this.form.dataset.signInWords;
    this.line.append(" ", link);
  }

  write(words, failed) {
    if (!this.line || !words) return;
    const time = new Date().toLocaleTimeString("en-GB", { hour12: false, timeZone: "Asia/Shanghai" });
    this.line.textContent = words.replace("{time}", time);
    this.line.classList.toggle("is-unsaved", failed);
  }
}

export default function start(form) {
  new Autosave(form);
}
