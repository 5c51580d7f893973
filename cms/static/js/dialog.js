/* Opens <dialog id> from a button with data-dialog="id". The focus begins on the safe button (autofocus in the dialog).
   A submit button is asked first: data-dialog-confirm on the dialog's button sends the form the opener belongs to. A form
   that lacks what it needs is sent without a question: the page comes back and says so beside the field.
   What stands in a field named by data-dialog-typed is repeated in the question. */
const openers = new WeakMap();

export default function start(opener) {
  const dialog = document.getElementById(opener.dataset.dialog);
  if (!dialog) return;
  const asksForm = Boolean(dialog.querySelector("[data-dialog-confirm]"));
  opener.addEventListener("click", (event) => {
    if (opener.getAttribute("aria-disabled") === "true") return;
    if (asksForm && opener.form && !opener.form.checkValidity()) return;
    event.preventDefault();
    openers.set(dialog, opener);
    for (const place of dialog.querySelectorAll("[data-dialog-typed]")) {
      place.textContent = opener.form.elements[place.dataset.dialogTyped].value.trim();
    }
    dialog.showModal();
  });
  if (dialog.dataset.wired) return;
  dialog.dataset.wired = "yes";
  for (const button of dialog.querySelectorAll("[data-dialog-close]")) button.addEventListener("click", () => dialog.close());
  for (const button of dialog.querySelectorAll("[data-dialog-confirm]")) {
    button.addEventListener("click", () => { dialog.close(); const asked = openers.get(dialog); asked.form.requestSubmit(asked); });
  }
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
}
