/* Sends a filter form at each choice, so its button is not needed. Who comes back to the page sees what it was made
   for, not what was chosen when it was left. */
export default function start(form) {
  for (const button of form.querySelectorAll("[data-auto-submit-button]")) button.hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
  addEventListener("pageshow", (event) => { if (event.persisted) form.reset(); });
}
