/* Closes a message. What is no error goes by itself after a while, unless somebody reads it (pointer or focus on it). */
const AWAY_AFTER = 12000;

export default function start(flash) {
  const close = flash.querySelector("[data-flash-close]");
  close.hidden = false;
  close.addEventListener("click", () => flash.remove());
  if (flash.dataset.tone === "stop" || flash.dataset.tone === "wait") return;
  const leave = () => (flash.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : flash.remove());
  setTimeout(leave, AWAY_AFTER);
}
