/* Bids of a live page while the line is down: none is sent that could not arrive, so that the page is not lost to the browser's error page.
   While a page is away (the browser is offline, or the last question was not answered) its bid buttons are aria-disabled
   and nothing is sent. While only the stream is lost, the platform is asked first (data-poll-url), and the bid goes if it answers.
   A bid whose answer is lost goes again under its key (post-bid.js), at once some times, and once more when the platform is heard again.
   Inside, optional: [data-live="unsent"] with data-away-words, data-unsent-words, data-back-words, data-asking-words,
   data-unknown-words. Without it forms are sent as ever. */
import { bidOf, post, submit } from "./post-bid.js";

const LONGEST_QUESTION = 5000;

export class Sending {
  /** `buttons` gives the bid buttons of the page as they are now. */
  constructor(root, buttons) {
    [this.root, this.buttons] = [root, buttons];
    this.line = root.querySelector('[data-live="unsent"]');
    this.isAway = this.isLost = this.isAsking = this.sent = this.wasHeld = false;
    if (this.line) root.addEventListener("submit", (event) => this.hold(event), { capture: true });
    root.addEventListener("submit", (event) => this.go(event));
  }

  /* A bid on its way is never cut off: its answer brings the new page. */
  go(event) {
    const { target: form, submitter } = event;
    if (this.line && this.isBid(form)) {
      event.preventDefault();
      this.send(bidOf(form, submitter), submitter);
    } else {
      this.leaves(submitter);
    }
  }

  leaves(button) {
    this.sent = true;
    button?.setAttribute("aria-busy", "true");
  }

  async send(bid, button) {
    this.leaves(button);
    const outcome = await post(bid, () => this.say("askingWords"));
    if (outcome === "done") return location.assign(location.pathname);
    if (outcome === "page") return submit(bid);
    this.unanswered = () => this.send(bid, button);
    this.say("unknownWords");
  }

  /** What is known of the line: the platform was heard (each beat says so), did not answer, or the stream alone was lost. */
  heard() {
    this.isLost = false;
    this.away(false);
    const again = this.unanswered;
    this.unanswered = null;
    again?.();
  }

  lost() { this.isLost = true; }

  away(isAway) {
    if (!this.line || this.isAway === isAway) return;
    this.isAway = isAway;
    for (const button of this.buttons()) {
      if (isAway) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
    if (!this.sent) this.say(isAway ? "awayWords" : this.wasHeld ? "backWords" : null);
    this.wasHeld = false;
  }

  say(words) {
    this.line.textContent = words ? this.line.dataset[words] : "";
    this.line.hidden = !words;
  }

  isBid(form) { return this.buttons().some((button) => button.form === form); }

  hold(event) {
    const { target: form, submitter } = event;
    if (!this.isBid(form)) return;
    if (!this.sent && !this.isAway && !this.isLost && navigator.onLine) return this.say(null);
    event.preventDefault();
    event.stopPropagation();
    if (this.sent) return; // the one before is on its way
    if (this.isAway) this.unsent();
    else if (!this.isAsking) this.ask(bidOf(form, submitter), submitter);
  }

  unsent() {
    this.away(true);
    this.wasHeld = true;
    this.say("unsentWords");
  }

  /* The amount is the one that was pressed, whatever the button has come to say while the platform was asked. */
  async ask(bid, button) {
    this.isAsking = true;
    button?.setAttribute("aria-busy", "true");
    const answers = await this.answers();
    this.isAsking = false;
    button?.removeAttribute("aria-busy");
    if (this.sent) return;
    if (!answers && (this.isLost || !navigator.onLine)) return this.unsent(); // a stream that came back meanwhile is an answer too
    this.send(bid, button);
  }

  async answers() {
    try {
      const answer = await fetch(this.root.dataset.pollUrl, { cache: "no-store", signal: AbortSignal.timeout(LONGEST_QUESTION) });
      return answer.status < 500; // any other answer, also "too often", came from the platform
    } catch {
      return false;
    }
  }
}
