/* Closes what dropped down (search, the person's menu, the fold of phones): by Escape, by a click elsewhere, by leaving.
   The search drop opens by "/" unless the page has a search box of its own, and takes the focus. */
const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

function openBySlash(drop) {
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    event.preventDefault();
    const own = document.querySelector('main input[type="search"]');
    if (own) return own.focus();
    drop.open = true;
  });
  drop.addEventListener("toggle", () => drop.open && drop.querySelector("input").focus());
}

export default function start(drop) {
  const summary = drop.querySelector("summary");
  drop.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !drop.open) return;
    drop.open = false;
    summary.focus();
  });
  document.addEventListener("click", (event) => {
    if (drop.open && !drop.contains(event.target)) drop.open = false;
  });
  drop.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !drop.contains(event.relatedTarget)) drop.open = false;
  });
  if ("searchDrop" in drop.dataset) openBySlash(drop);
}
