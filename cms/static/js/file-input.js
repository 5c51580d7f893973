/* Shows a button for a file input, the names and sizes chosen, and takes files that are dropped on it. */
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

export default function start(box) {
  const input = box.querySelector('input[type="file"]');
  const names = box.querySelector("[data-file-names]");
  box.classList.add("is-enhanced");
  box.querySelector(".file__button").hidden = false;
  const show = () => names.replaceChildren(...[...input.files].map(line));
  input.addEventListener("change", show);
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
