/* Adds and takes away rows of a Django formset (components/formset.html). A row is cloned from <template>; a row that
   is in the database stays, hidden, with DELETE checked; a new one vanishes and the rest is numbered again. */
function rows(formset) {
  return [...formset.querySelectorAll("[data-formset-row]")];
}

function renumber(formset) {
  const prefix = formset.dataset.prefix;
  const pattern = new RegExp(`${prefix}-(?:\\d+|__prefix__)-`, "g");
  rows(formset).forEach((row, index) => {
    for (const element of [row, ...row.querySelectorAll("*")]) {
      for (const name of ["name", "id", "for", "aria-describedby", "list"]) {
        const value = element.getAttribute(name);
        if (value) element.setAttribute(name, value.replace(pattern, `${prefix}-${index}-`));
      }
    }
  });
  rows(formset).filter((row) => !row.hidden).forEach((row, index) => {
    row.querySelector("[data-formset-number]").textContent = index + 1;
  });
  formset.querySelector(`[name="${prefix}-TOTAL_FORMS"]`).value = rows(formset).length;
  formset.dispatchEvent(new CustomEvent("formset:changed", { bubbles: true }));
}

function remove(formset, row) {
  const isStored = Boolean(row.querySelector('input[type="hidden"][name$="-id"]')?.value);
  const mark = row.querySelector('[name$="-DELETE"]');
  const next = row.nextElementSibling ?? row.previousElementSibling;
  if (isStored && mark) {
    mark.checked = true;
    row.hidden = true;
  } else {
    row.remove();
  }
  renumber(formset);
  (next?.querySelector("input:not([type=hidden]), select, textarea") ?? formset.querySelector("[data-formset-add]")).focus();
}

function wire(formset, row) {
  const button = row.querySelector("[data-formset-remove]");
  const mark = row.querySelector("[data-formset-delete]");
  if (mark) mark.hidden = true;
  if (mark?.querySelector("input").checked) row.hidden = true;
  button.hidden = false;
  button.addEventListener("click", () => remove(formset, row));
}

export default function start(formset) {
  const most = Number(formset.querySelector(`[name="${formset.dataset.prefix}-MAX_NUM_FORMS"]`)?.value ?? 1000);
  const add = formset.querySelector("[data-formset-add]");
  for (const row of rows(formset)) wire(formset, row);
  add.hidden = false;
  add.addEventListener("click", () => {
    if (rows(formset).filter((row) => !row.hidden).length >= most) return;
    const row = formset.querySelector("template").content.firstElementChild.cloneNode(true);
    formset.querySelector("[data-formset-rows]").append(row);
    renumber(formset);
    wire(formset, row);
    document.dispatchEvent(new CustomEvent("htmx:load", { detail: { elt: row } }));
    row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  });
}
