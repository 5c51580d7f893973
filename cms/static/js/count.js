/* Says beside a box whose text has a longest length (data-longest) how much room is left near its end, and how much is
   too much. Nothing is cut: what a browser cuts at maxlength it cuts without a word. The server refuses what is too long.
   The words stand on the body: data-count-left and data-count-over, with {n}. */
const NEAR = 0.1;  // of the longest length
const SHORT = 100;  // below it only what is too much is told: a code is as long as it may be
const PAUSE = 400;  // milliseconds without a key, so that a screen reader is not told of each letter

/* As the server counts: signs and not halves of them, a line's end as two, without the white space around. */
const lengthOf = ({ type, value }) => [...(type === "password" ? value : value.trim()).replace(/\n/g, "\r\n")].length;

function words(left, longest) {
  if (left < 0) return document.body.dataset.countOver;
  return longest >= SHORT && left <= longest * NEAR ? document.body.dataset.countLeft : "";
}

/* The line is there before it says anything: else screen readers do not tell of it. */
function lineFor(field) {
  const line = document.createElement("p");
  line.className = "room-left";
  line.setAttribute("aria-live", "polite");
  if (field.id) line.id = `${field.id}_count`;
  (field.closest(".affix") ?? field).after(line);
  return line;
}

/* While it says something it describes the box; what the server or autosave said of the box stays. */
function tie(field, line, isOver) {
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((id) => id && id !== line.id);
  if (line.id && line.textContent) others.push(line.id);
  if (others.length) field.setAttribute("aria-describedby", others.join(" "));
  else field.removeAttribute("aria-describedby");
  if (isOver && !field.hasAttribute("aria-invalid")) {
    field.dataset.tooLong = "true";
    field.setAttribute("aria-invalid", "true");
  }
  if (!isOver && field.dataset.tooLong) {
    delete field.dataset.tooLong;
    field.removeAttribute("aria-invalid");
  }
}

export default function start(field) {
  const longest = Number(field.dataset.longest);
  const line = lineFor(field);
  const show = () => {
    const left = longest - lengthOf(field);
    line.textContent = words(left, longest).replace("{n}", Math.abs(left));
    line.classList.toggle("is-over", left < 0);
    tie(field, line, left < 0);
  };
  let waiting = 0;
  const later = () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, PAUSE);
  };
  for (const kind of ["input", "change"]) field.addEventListener(kind, later);
  field.form?.addEventListener("reset", later);
  show();
}
