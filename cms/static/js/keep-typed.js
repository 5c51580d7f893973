/* Keeps what stands in the forms of a page while its language is changed (data-keep-typed on the link to the other
   language): the page that comes has the same fields. It stays in this tab's storage until that page is there; passwords,
   codes, files and what the server hid in a form are not kept. A form that was refused is filled in again too, on the page
   it stands on. */
const PLACE = "typed";
const NEVER = new Set(["hidden", "file", "password", "submit", "button", "reset"]);
let filledIn = false;

const forms = () => [...document.querySelectorAll("main form")].filter((form) => form.getAttribute("method") === "post");
const fields = (form) => [...form.elements].filter((field) => field.name && !NEVER.has(field.type) && field.autocomplete !== "one-time-code");
const place = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname.replace(/^\/en\//, "/");
const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
const value = (field) => {
  if (isChoice(field)) return field.checked;
  return field.multiple ? [...field.selectedOptions].map((option) => option.value) : field.value;
};
const told = (field) => [field.name, isChoice(field) ? field.value : "", value(field)];
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

function keep() {
  const kept = forms().map((form) => [place(form), fields(form).map(told)]);
  if (kept.length) sessionStorage.setItem(PLACE, JSON.stringify(kept));
}

function put(field, wanted) {
  if (same(value(field), wanted)) return;
  if (isChoice(field)) field.checked = wanted;
  else if (field.multiple) for (const option of field.options) option.selected = wanted.includes(option.value);
  else field.value = wanted;
  for (const fold of ancestors(field, "details")) fold.open = true;
  for (const kind of ["input", "change"]) field.dispatchEvent(new Event(kind, { bubbles: true }));
}

function* ancestors(element, selector) {
  for (let at = element.closest(selector); at; at = at.parentElement?.closest(selector)) yield at;
}

/* Fields of one name (rows, choices) are told apart by their turn. */
function fillIn(form, kept) {
  const left = [...kept];
  for (const field of fields(form)) {
    const at = left.findIndex(([name, choice]) => name === field.name && (!isChoice(field) || choice === field.value));
    if (at >= 0) put(field, left.splice(at, 1)[0][2]);
  }
}

/* Rows that a press had added are added again; formset.js has begun when it is loaded and the loop went round. */
async function addRows(form, kept) {
  for (const formset of form.querySelectorAll("[data-formset]")) {
    await import("./formset.js");
    await new Promise((resolve) => setTimeout(resolve));
    const row = new RegExp(`^${formset.dataset.prefix}-(\\d+)-`);
    const wanted = Math.max(-1, ...kept.map(([name]) => Number(row.exec(name)?.[1] ?? -1))) + 1;
    const add = formset.querySelector("[data-formset-add]");
    for (let more = wanted - formset.querySelectorAll("[data-formset-row]").length; add && more > 0; more--) add.click();
  }
}

async function bringBack() {
  const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "[]");
  sessionStorage.removeItem(PLACE);
  for (const form of forms()) {
    const at = kept.findIndex(([where]) => where === place(form));
    if (at < 0) continue;
    const [[, typed]] = kept.splice(at, 1);
    await addRows(form, typed);
    fillIn(form, typed);
  }
}

export default function start(link) {
  link.addEventListener("click", (event) => { if (!event.ctrlKey && !event.metaKey && !event.shiftKey) keep(); });
  if (filledIn) return;
  filledIn = true;
  bringBack();
}
