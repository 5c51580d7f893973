/* Brings the reader to what has to be changed, and from there to the fields. */
export default function start(summary) {
  summary.focus();
  summary.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const target = link && document.getElementById(link.hash.slice(1));
    if (!target) return;
    event.preventDefault();
    const field = target.matches("input, select, textarea") ? target : target.querySelector("input, select, textarea");
    (field ?? target).scrollIntoView({ block: "center" });
    (field ?? target).focus({ preventScroll: true });
  });
}
