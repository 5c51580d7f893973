/* Sends a filter form at each choice, so its button is not needed. */
export default function start(form) {
  for (const button of form.querySelectorAll("[data-auto-submit-button]")) button.hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
}
