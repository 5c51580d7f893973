/* Keeps what was typed into the forms of a page while its language is changed (data-keep-typed on the link to the other
   language): the page that comes has the same fields. Where a form was refused, or its page answers what was sent and no
   address holds (data-keep-all), everything is kept, else what
   differs from what the server wrote, and how many rows a formset had. It stays in this tab until a page with one of these
   forms is there (after signing in again, if need be), for five minutes at most. Passwords, codes, files, what the server
   hid in a form, and forms that send themselves are left out. */
const PLACE = "typed";
const MINUTES = 5;
const NEVER = new Set(["hidden", "file", "password", "submit", "button", "reset"]);
let filledIn = false;

const sendsItself = (form) => form.matches("[data-auto-submit]") || form.querySelector("[data-auto-submit]");
const forms = () => [...document.querySelectorAll("main form")]
  .filter((form) => form.getAttribute("method") === "post" && !sendsItself(form));
const fields = (form) => [...form.elements].filter((field) => field.name && !NEVER.has(field.type) && field.autocomplete !== "one-time-code");
const place = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname.replace(/^\/en\//, "/");
const rows = (formset) => [...formset.querySelectorAll("[data-formset-row]")];
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
const value = (field) => {
  if (isChoice(field)) return field.checked;
  return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
};
const differs = (field) => {
  if (isChoice(field)) return field.checked !== field.defaultChecked;
  if (field.options) return [...field.options].some((option) => option.selected !== option.defaultSelected);
  return field.value !== field.defaultValue;
};
const told = (field) => [field.name, isChoice(field) ? field.value : "", value(field)];
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function kept(form) {
  const refused = document.querySelector("main [data-error-summary], main .field--error");
  const all = refused || form.hasAttribute("data-keep-all");
  const typed = fields(form).filter((field) => all || differs(field)).map(told);
  const counts = [...form.querySelectorAll("[data-formset]")].map((formset) => [formset.dataset.prefix, rows(formset).length]);
  return { place: place(form), typed, counts: Object.fromEntries(counts) };
}

export function keep() {
  const found = forms().map(kept);
  if (found.length) sessionStorage.setItem(PLACE, JSON.stringify({ until: Date.now() + MINUTES * 60_000, found }));
}

function put(field, wanted) {
  if (same(value(field), wanted)) return;
  if (isChoice(field)) field.checked = wanted;
  else if (field.multiple) for (const option of field.options) option.selected = wanted.includes(option.value);
  else field.value = wanted;
  if (field.name.endsWith("-DELETE") && wanted) field.closest("[data-formset-row]").hidden = true;
  for (const fold of around(field, "details")) fold.open = true;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

function* around(element, selector) {
  for (let at = element.closest(selector); at; at = at.parentElement?.closest(selector)) yield at;
}

/* Fields of one name (choices) are told apart by their value. */
function fillIn(form, typed) {
  const left = [...typed];
  for (const field of fields(form)) {
    const at = left.findIndex(([name, choice]) => name === field.name && (!isChoice(field) || choice === field.value));
    if (at >= 0) put(field, left.splice(at, 1)[0][2]);
  }
}

/* Presses for as many rows as there were; formset.js has begun when it is loaded and the loop went round. */
async function makeRows(form, counts) {
  for (const formset of form.querySelectorAll("[data-formset]")) {
    const more = (counts[formset.dataset.prefix] ?? rows(formset).length) - rows(formset).length;
    if (!more) continue;
    await import("./formset.js");
    await new Promise((resolve) => setTimeout(resolve));
    for (let turn = 0; turn < more; turn++) formset.querySelector("[data-formset-add]")?.click();
    for (let turn = 0; turn > more; turn--) rows(formset).at(-1).querySelector("[data-formset-remove]")?.click();
    document.activeElement?.blur();
    scrollTo({ top: 0 });
  }
}

/* Forms that go to one place are told apart by their turn. */
function paired(forms, found) {
  const left = [...found];
  return forms.flatMap((form) => {
    const at = left.findIndex((one) => one.place === place(form));
    return at < 0 ? [] : [[form, left.splice(at, 1)[0]]];
  });
}

async function bringBack() {
  const { until, found } = JSON.parse(sessionStorage.getItem(PLACE) ?? '{"until": 0, "found": []}');
  const here = paired(forms(), found);
  if (here.length || until < Date.now()) sessionStorage.removeItem(PLACE);
  if (until < Date.now()) return;
  for (const [form, one] of here) {
    await makeRows(form, one.counts);
    fillIn(form, one.typed);
  }
}

export default function start(link) {
  link.addEventListener("click", (event) => { if (!event.ctrlKey && !event.metaKey && !event.shiftKey) keep(); });
  if (filledIn) return;
  filledIn = true;
  bringBack();
}
