/* The one entry of every page: finds what is there, loads the module for it, hands the element over.
   A page without script keeps working; each module only adds to it. */
const FEATURES = [
  ["[data-theme-switch]", () => import("./theme.js")],
  ["[data-keep-typed]", () => import("./keep-typed.js")],
  ["[data-drop]", () => import("./drop.js")],
  ["[data-flash]", () => import("./flash.js")],
  ["[data-combobox]", () => import("./combobox.js")],
  ["[data-autosave-url]", () => import("./autosave.js")],
  ["[data-error-summary]", () => import("./error-summary.js")],
  ["[data-dialog]", () => import("./dialog.js")],
  ["[data-copy]", () => import("./clipboard.js")],
  ["[data-board]", () => import("./board.js")],
  ["[data-row-links]", () => import("./row-links.js")],
  ["[data-formset]", () => import("./formset.js")],
  ["[data-file-input]", () => import("./file-input.js")],
  ["form[enctype='multipart/form-data']", () => import("./keep-files.js")],
  ["[data-countdown]", () => import("./countdown.js")],
  ["[data-longest]", () => import("./count.js")],
  ["[data-money]", () => import("./money.js")],
  ["[data-sums]", () => import("./sums.js")],
  ["[data-shares]", () => import("./shares.js")],
  ["[data-auto-submit]", () => import("./auto-submit.js")],
  ["[data-pick]", () => import("./pick.js")],
  ["[data-fill]", () => import("./fill.js")],
  ["[data-print]", () => import("./print.js")],
  ["[data-sound]", () => import("./sound.js")],
  ["[data-console]", () => import("./console.js")],
  ["[data-session-url]", () => import("./live-session.js")],
  ["[data-bid-posted]", () => import("./post-bid.js")],
  ["[data-verify]", () => import("./verify-record.js")],
  ["[data-events-url]", () => import("./live-lot.js")],
];
const started = new WeakMap();

function begin(element, load) {
  const known = started.get(element) ?? new Set();
  if (known.has(load)) return;
  started.set(element, known.add(load));
  load().then((module) => module.default(element));
}

export function start(root) {
  for (const [selector, load] of FEATURES) {
    if (root.matches?.(selector)) begin(root, load);
    for (const element of root.querySelectorAll(selector)) begin(element, load);
  }
}

/* Whether the last page of this tab kept files; a browser may forbid to ask. */
function filesWait() {
  try {
    return Boolean(sessionStorage.getItem("files"));
  } catch {
    return false;
  }
}

start(document);
document.addEventListener("htmx:load", (event) => start(event.detail.elt));
if (filesWait()) import("./keep-files.js").then((module) => module.bringBack());
