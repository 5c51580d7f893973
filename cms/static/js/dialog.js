/* Opens <dialog id> from a button with data-dialog="id". The focus begins on the safe button (autofocus in the dialog).
   The second click of a double click, which falls on what has opened under the pointer, does nothing.
   A submit button is asked first: data-dialog-confirm on the dialog's button sends the form the opener belongs to. A form
   that lacks what it needs is sent without a question: the page comes back and says so beside the field.
   What stands in a field named by data-dialog-typed is repeated in the question. */
const LONGEST_DOUBLE_CLICK = 1500;
const openers = new WeakMap();
const openedAt = new WeakMap();

/* Nothing but spaces is something to the browser, and nothing to the house. data-required-when="ground=other": a field that is
   needed with one value of another field only. */
function isNeeded(field) {
  const [name, value] = (field.dataset.requiredWhen ?? "").split("=");
  return field.required || (name !== "" && field.form.elements[name]?.value === value);
}

function isFilledIn(form) {
  return form.checkValidity() && [...form.elements].every((field) => !isNeeded(field) || field.value.trim() !== "");
}

function typed(field) {
  const chosen = field.selectedOptions?.[0] ?? field;
  return (chosen.text ?? chosen.value).trim();
}

function ignoreSecondClick(event) {
  if (event.detail < 2 || event.timeStamp - openedAt.get(event.currentTarget) > LONGEST_DOUBLE_CLICK) return;
  event.preventDefault();
  event.stopPropagation();
}

export default function start(opener) {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog) return;
  const asksForm = Boolean(dialog.querySelector("[data-dialog-confirm]"));
  opener.addEventListener("click", (event) => {
    if (opener.getAttribute("aria-disabled") === "true") return;
    if (asksForm && opener.form && !isFilledIn(opener.form)) return;
    event.preventDefault();
    openers.set(dialog, opener);
    openedAt.set(dialog, event.timeStamp);
    for (const place of dialog.querySelectorAll("[data-dialog-typed]")) {
      place.textContent = typed(opener.form.elements[place.dataset.dialogTyped]);
    }
    dialog.showModal();
  });
  if (dialog.dataset.wired) return;
  dialog.dataset.wired = "yes";
  dialog.addEventListener("click", ignoreSecondClick, { capture: true });
  for (const button of dialog.querySelectorAll("[data-dialog-close]")) button.addEventListener("click", () => dialog.close());
  for (const button of dialog.querySelectorAll("[data-dialog-confirm]")) {
    button.addEventListener("click", () => { dialog.close(); const asked = openers.get(dialog); asked.form.requestSubmit(asked); });
  }
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}
