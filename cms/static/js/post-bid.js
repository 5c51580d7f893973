/* A bid is sent from the page it stands on, which stays: where the answer is lost, the same bid goes again under the same key,
   which counts once. sending.js uses it on the live pages; on a form of its own (the question before a first bid):
   data-bid-posted (where to go once there is an answer), a [data-bid-line] inside with data-asking-words, data-unknown-words. */
const LONGEST_ANSWER = 8000;
const PAUSE = 1000;
const TURNS = 4;

/** What the form says at the moment of the press, with the button: this is the bid, whatever is typed while it is on its way. */
export function bidOf(form, button) {
  const body = new URLSearchParams(new FormData(form));
  if (button?.name) body.set(button.name, button.value);
  return { action: form.action, body };
}

/** Send a bid until the platform answers; `tell` is called each time no answer came. Answers "done" (a redirect: the page it leads
    to says what became of the bid), "page" (the answer is a page of its own), or "unknown". */
export async function post({ action, body }, tell) {
  for (let turn = 0; turn < TURNS; turn += 1) {
    try {
      const signal = AbortSignal.timeout(LONGEST_ANSWER);
      const answer = await fetch(action, { method: "POST", body, redirect: "manual", cache: "no-store", signal });
      if (answer.type === "opaqueredirect") return "done";
      if (answer.status < 500) return "page";
    } catch { // lost on its way there or back: nobody here can tell
    }
    tell();
    await new Promise((resolve) => { setTimeout(resolve, PAUSE); });
  }
  return "unknown";
}

/** Send the same as a browser without script does: the answer takes the place of the page. */
export function submit({ action, body }) {
  const form = Object.assign(document.createElement("form"), { action, method: "post", hidden: true });
  for (const [name, value] of body) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  document.body.append(form);
  form.submit();
}

export default function start(form) {
  const line = form.querySelector("[data-bid-line]");
  let isSending = false;
  const say = (words) => {
    line.textContent = words;
    line.hidden = false;
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (isSending) return;
    isSending = true;
    event.submitter?.setAttribute("aria-busy", "true");
    const bid = bidOf(form, event.submitter);
    const outcome = await post(bid, () => say(line.dataset.askingWords));
    if (outcome === "done") return location.assign(form.dataset.bidPosted);
    if (outcome === "page") return submit(bid);
    isSending = false;
    event.submitter?.removeAttribute("aria-busy");
    say(line.dataset.unknownWords);
  });
}
