/* Switches light and dark. The choice is kept in a cookie, so that the server writes it into the page: no flash. */
const YEAR = 365 * 24 * 3600;
const dark = window.matchMedia("(prefers-color-scheme: dark)");

function current() {
  return document.documentElement.dataset.theme || (dark.matches ? "dark" : "light");
}

function show(button) {
  const isDark = current() === "dark";
  button.querySelector('[data-icon="dark"]').hidden = isDark;
  button.querySelector('[data-icon="light"]').hidden = !isDark;
  button.querySelector("[data-label]").textContent = isDark ? button.dataset.toLight : button.dataset.toDark;
}

export default function start(button) {
  button.hidden = false;
  show(button);
  button.addEventListener("click", () => {
    const theme = current() === "dark" ? "light" : "dark";
    document.documentElement.dataset.theme = theme;
    document.cookie = `theme=${theme}; path=/; max-age=${YEAR}; samesite=lax`;
    for (const other of document.querySelectorAll("[data-theme-switch]")) show(other);
  });
  dark.addEventListener("change", () => show(button));
}
