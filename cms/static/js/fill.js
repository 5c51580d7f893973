/* Fills fields from a button, as the demonstration's sign-ins do: in the button stand <data data-fill-for="id_login" value="…">.
   data-fill-submit sends the form then. */
export default function start(button) {
  const values = [...button.querySelectorAll("[data-fill-for]")];
  button.addEventListener("click", () => {
    const fields = values.map((value) => document.getElementById(value.dataset.fillFor));
    if (!fields.length || fields.some((field) => !field)) return;
    values.forEach((value, index) => {
      fields[index].value = value.value;
      fields[index].dispatchEvent(new Event("change", { bubbles: true }));
    });
    if ("fillSubmit" in button.dataset) fields[0].form.requestSubmit();
    else fields.at(-1).focus();
  });
}
