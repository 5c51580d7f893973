/* The auctioneer's console, beside live-lot.js: what is next to be called, the pause before it, and the keys.
   On the root: data-console, data-calls, data-ready-at (ISO, when the pause after the last call is over, or empty),
   data-pause (seconds). Inside: [data-call=1|2|3] and [data-hammer] (submit buttons), [data-wait] with data-words="in {seconds} s",
   [data-paddle] (the form of a bid: alias, amount), [data-least] with data-words="least {amount}"; #sure-hammer (the question before
   the hammer) with [data-hammer-leader] and [data-hammer-price], [data-void] (the form that voids the last bid) with [data-void-old], and
   [data-void-anew=seq] (a link to the same on a fresh page; the last event of this one) with data-words="Void no. {seq}".
   F2 calls next, F8 asks for the hammer and answers with yes, Escape empties the paddle. The server decides; without script every button is a form. */
import { now } from "./clock.js";
import { writeAmount } from "./live-lot.js";

const WAN = 1e6;

export default function start(root) {
  const calls = [...root.querySelectorAll("[data-call]")];
  const [hammer, wait, paddle] = ["[data-hammer]", "[data-wait]", "[data-paddle]"].map((each) => root.querySelector(each));
  const amount = paddle?.elements.namedItem("amount");
  const resting = wait?.textContent;
  let isTyped = Boolean(root.querySelector("[role=alert]"));
  let priced = calls.some((button) => !button.disabled) || Number(root.dataset.calls) > 0;

  function show() {
    const made = Number(root.dataset.calls);
    const left = root.dataset.readyAt ? Math.max(0, Math.ceil((Date.parse(root.dataset.readyAt) - now()) / 1000)) : 0;
    for (const button of calls) {
      const number = Number(button.dataset.call);
      button.setAttribute("aria-pressed", String(number <= made));
      button.disabled = !priced || number !== made + 1 || left > 0;
    }
    if (!hammer) return;
    hammer.disabled = made !== calls.length || left > 0;
    const said = made && left ? wait.dataset.words.replace("{seconds}", left) : resting;
    if (wait.textContent !== said) wait.textContent = said; // what is written is laid out anew, even the same
  }

  const question = document.getElementById("sure-hammer");

  /* What is asked is what stands: another bid takes the question away, as it lets the calls begin anew. */
  function askAnew(frame) {
    if (!question) return;
    if (question.open && frame.calls !== calls.length) question.close();
    question.querySelector("[data-hammer-leader]").textContent = frame.leader ?? "";
    writeAmount(question.querySelector("[data-hammer-price]"), frame.price_text);
  }

  /* The form names the bid that was last when the page was made; for a later one the page is loaded again. */
  function voidAnew(frame) {
    const [form, link] = [root.querySelector("[data-void]"), root.querySelector("[data-void-anew]")];
    const isNewBid = (event) => event.amount_text && event.alias && event.seq > Number(link.dataset.voidAnew); // a frame may repeat
    const last = link && (frame.events ?? []).filter(isNewBid).at(-1);
    if (!last) return;
    link.textContent = link.dataset.words.replace("{seq}", last.seq);
    link.hidden = false;
    if (!form) return;
    form.hidden = !form.open;
    form.querySelector("[data-void-old]").hidden = false;
    for (const button of form.querySelectorAll("form button")) button.disabled = true;
  }

  root.addEventListener("lot:frame", ({ detail: frame }) => {
    askAnew(frame);
    voidAnew(frame);
    root.dataset.calls = frame.calls;
    root.dataset.readyAt = frame.called_at ? new Date(Date.parse(frame.called_at) + Number(root.dataset.pause) * 1000).toISOString() : "";
    priced = frame.price !== null;
    const least = root.querySelector("[data-least]");
    if (least) least.textContent = least.dataset.words.replace("{amount}", frame.next_texts[0]);
    // what somebody types, or is about to send, is never changed under the hand
    if (amount && !isTyped && document.activeElement !== amount) amount.value = frame.next[0] / WAN;
    show();
  });
  amount?.addEventListener("input", () => { isTyped = true; });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && paddle?.contains(document.activeElement)) {
      paddle.elements.namedItem("alias").value = "";
      isTyped = false;
      paddle.elements.namedItem("alias").focus();
    }
    const button = { F2: calls.find((each) => !each.disabled), F8: hammer }[event.key];
    if (!["F2", "F8"].includes(event.key)) return;
    event.preventDefault();
    if (!button || button.disabled || event.repeat) return;
    if (button !== hammer) button.form.requestSubmit(button);
    else if (question?.open) question.querySelector("[data-dialog-confirm]").click();
    else button.click();
  });
  show();
  setInterval(show, 250);
}
