/* A countdown by the platform's clock; it never decides anything.
   data-countdown on an element: data-ends-at (ISO), data-server-time (ISO at rendering) or data-time-url;
   a <time> inside (or the element) shows hh:mm:ss, mm:ss under an hour, the days before it from a day on (2 天 03:04:05);
   data-left-words ("{left} left") say it where a time left could be read as a time of day; data-over-words stand there at the end;
   data-last-class is set for the last data-last-seconds (300). It speaks at 5 min, 1 min, 30 s and 10 s only, with
   data-say-300, data-say-60, data-say-30, data-say-10, into [data-countdown-voice] beside it or a line it makes.
   At these it also sends "countdown:mark" {seconds}.
   Another module moves the end by setting data-ends-at, or holds it by data-held (remaining seconds). */
import { hint, now, synchronise } from "./clock.js";

const MARKS = [300, 60, 30, 10];
const HOURS_A_DAY = 24;
const DAY = HOURS_A_DAY * 3600;
const DAYS = new Intl.NumberFormat(document.documentElement.lang || "zh-Hans", { style: "unit", unit: "day", unitDisplay: "long" });
const two = (number) => String(number).padStart(2, "0");
const days = (number) => DAYS.formatToParts(number).filter((part) => part.type !== "literal").map((part) => part.value).join(" ");

export function words(seconds) {
  const whole = Math.max(0, Math.ceil(seconds));
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  if (hours >= HOURS_A_DAY) return `${days(Math.floor(hours / HOURS_A_DAY))} ${two(hours % HOURS_A_DAY)}:${two(minutes)}:${two(rest)}`;
  return hours ? `${two(hours)}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}

function voiceOf(element) {
  const made = document.createElement("span");
  made.className = "sr";
  made.setAttribute("role", "status");
  element.after(made);
  return made;
}

export default function start(element) {
  const face = element.querySelector("time") ?? element;
  const voice = element.parentElement.querySelector("[data-countdown-voice]") ?? voiceOf(element);
  let before = Infinity;

  function tick() {
    const held = element.dataset.held;
    const left = held ? Number(held) : (Date.parse(element.dataset.endsAt) - now()) / 1000;
    if (Number.isNaN(left)) return;
    const said = left > 0 || held ? (element.dataset.leftWords ?? "{left}").replace("{left}", words(left)) : element.dataset.overWords ?? words(0);
    if (face.textContent !== said) face.textContent = said; // what is written is laid out anew, even the same
    element.toggleAttribute("data-days", left >= DAY); // longer words, in smaller letters
    const last = Number(element.dataset.lastSeconds ?? 300);
    if (element.dataset.lastClass) element.classList.toggle(element.dataset.lastClass, left <= last && left > 0);
    const mark = MARKS.find((seconds) => before > seconds && left <= seconds && left > seconds - 2);
    if (mark && before !== Infinity) {
      voice.textContent = element.dataset[`say${mark}`] ?? "";
      element.dispatchEvent(new CustomEvent("countdown:mark", { bubbles: true, detail: { seconds: mark } }));
    }
    before = left;
  }

  if (element.dataset.serverTime) hint(element.dataset.serverTime);
  if (element.dataset.timeUrl) synchronise(element.dataset.timeUrl).then(tick);
  tick();
  setInterval(tick, 250);
  document.addEventListener("visibilitychange", tick);
}
