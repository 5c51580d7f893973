/* Shows a button for a file input, the names and sizes chosen, and takes files that are dropped on it. A form whose files
   are together more than the server takes is not sent: it would answer with a page that holds nothing of what was typed.
   What is said then stands in a template of the box: data-files-over, with {size} and {most}. */
const MOST = 63 * 1024 * 1024;  // the server takes 64 with all that is around them (settings.LARGEST_REQUEST)
const UNITS = [[1024 * 1024, "MB"], [1024, "KB"]];

function size(bytes) {
  for (const [per, unit] of UNITS) if (bytes >= per) return `${(bytes / per).toFixed(1)} ${unit}`;
  return `${bytes} B`;
}

function line(file) {
  const item = document.createElement("li");
  const kind = document.createElement("span");
  kind.className = "ext";
  kind.textContent = file.name.includes(".") ? file.name.split(".").pop().toUpperCase() : "?";
  const name = document.createElement("span");
  name.textContent = file.name;
  const weight = document.createElement("small");
  weight.textContent = size(file.size);
  item.append(kind, name, weight);
  return item;
}

const filesOf = (form) => [...form.elements].flatMap((field) => (field.type === "file" ? [...field.files] : []));
const together = (form) => filesOf(form).reduce((sum, file) => sum + file.size, 0);

/* Says it below the files just chosen, once; fewer files of another box of the form take it back as well. */
function tellWeight(box, form) {
  for (const said of form.querySelectorAll("[data-files-too-large]")) said.remove();
  const weight = together(form);
  if (weight <= MOST) return false;
  const line = box.querySelector("[data-files-over]").content.cloneNode(true);
  const words = line.querySelector("span");
  words.textContent = words.textContent.replace("{size}", size(weight)).replace("{most}", size(MOST));
  box.after(line);
  return true;
}

/* Before anybody saves or keeps for a form that does not go. */
function refuse(event, box, input) {
  if (event.defaultPrevented || !input.files.length || !tellWeight(box, input.form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  input.focus();
}

export default function start(box) {
  const input = box.querySelector('input[type="file"]');
  const names = box.querySelector("[data-file-names]");
  box.classList.add("is-enhanced");
  box.querySelector(".file__button").hidden = false;
  const show = () => names.replaceChildren(...[...input.files].map(line));
  input.addEventListener("change", show);
  input.addEventListener("change", () => input.form && tellWeight(box, input.form));
  input.form?.addEventListener("submit", (event) => refuse(event, box, input), { capture: true });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    box.addEventListener(kind, (event) => {
      event.preventDefault();
      box.classList.toggle("is-over", kind === "dragover");
      if (kind !== "drop" || !event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }
  show();
}
