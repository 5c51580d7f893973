/* Makes a whole table row lead where its first link leads (tbody or table with data-row-links). Keys use the link itself. */
export default function start(table) {
  table.addEventListener("click", (event) => {
    if (event.target.closest("a, button, input, select, label, summary") || getSelection().toString()) return;
    const link = event.target.closest("tr")?.querySelector("a[href]");
    if (!link) return;
    if (event.ctrlKey || event.metaKey) window.open(link.href, "_blank", "noopener");
    else link.click();
  });
}
