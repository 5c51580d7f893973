/* Shows a button for a file input, the names and sizes chosen, and takes files that are dropped on it. A form whose files
   are together more than the server takes is not sent: it would answer with a page that holds nothing of what was typed.
   Nor is one with a file above its limit (data-most, in MB): that is known without a minute of uploading. What is said
   then stands in two templates of the box: data-files-over, with {size} and {most}; data-file-over, with {name} too. */
const MEGABYTE = 1024 * 1024;
const MOST = 63 * MEGABYTE;  // the server takes 64 with all that is around them (settings.LARGEST_REQUEST)
const MOST_OF_ONE = 20;  // MB (core/files.py)
const UNITS = [[MEGABYTE, "MB"], [1024, "KB"]];

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

/* Says it below the files of the box, once. */
function tell(box, kind, words) {
  const line = box.querySelector(`[data-${kind}-over]`).content.cloneNode(true);
  const said = line.querySelector("span");
  for (const [name, value] of Object.entries(words)) said.textContent = said.textContent.replace(`{${name}}`, () => value);
  box.after(line);
}

/* Tells what is too heavy, if anything; fewer files of another box of the form take back what was said of all. */
function tellWeight(box, input) {
  for (const said of input.form.querySelectorAll("[data-files-too-large]")) said.remove();
  for (let said = box.nextElementSibling; said?.matches("[data-file-too-large]"); said = box.nextElementSibling) said.remove();
  const most = (Number(input.dataset.most) || MOST_OF_ONE) * MEGABYTE;
  const large = [...input.files].filter((file) => file.size > most);
  for (const file of large) tell(box, "file", { name: file.name, size: size(file.size), most: size(most) });
  const weight = together(input.form);
  if (weight > MOST && !large.length) tell(box, "files", { size: size(weight), most: size(MOST) });
  return weight > MOST || large.length > 0;
}

/* Before anybody saves or keeps for a form that does not go: the window is asked before the document, where autosave.js
   listens, in whatever order they were loaded. */
function refuse(event, box, input) {
  if (event.defaultPrevented || !input.files.length || !tellWeight(box, input)) return;
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
  input.addEventListener("change", () => input.form && tellWeight(box, input));
  window.addEventListener("submit", (event) => event.target === input.form && refuse(event, box, input), { capture: true });
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
