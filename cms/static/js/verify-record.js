/* The page that checks a record in the browser (record.js has the questions).
   On the root: data-verify, data-record-url, data-verify-url (this page of the lot LOT), data-lot, data-seq, data-head (what the platform shows), data-public-key.
   Inside: [data-verdict] (where the answer stands), input[type=file], textarea, button[data-check], button[data-own],
   [data-nothing] (shown where there is nothing to check);
   <template data-answer="intact|older|broken|stranger|unreadable|unable|away"> and
   <template data-receipt="genuine|ended|forged|lost|stranger|unable|uncompared|unreadable">
   with [data-cell=events|more|head|anchors|lot|first|source|problems|place|signed]; <template data-why="hash"> … and <template data-place="found">, <template data-signed="genuine"> …
   hold the sentences; {seq} in them is the number of the event. */
import { canHash, check, isBeginningOf, placeOf, read, signatureOf } from "./record.js";

const MOST_PROBLEMS = 10;
const ENDED = ["replaced", "withdrawn", "voided"]; // receipts that say what was true and does not count any more

class Verification {
  constructor(root) {
    this.root = root;
    this.place = root.querySelector("[data-verdict]");
    this.input = root.querySelector('input[type="file"]');
    this.receipt = root.querySelector("textarea");
    this.shown = { lot: root.dataset.lot, seq: Number(root.dataset.seq), head: root.dataset.head };
    this.input.addEventListener("change", () => {
      this.root.querySelector("[data-nothing]").hidden = true;
      this.start();
    });
    root.querySelector("[data-check]").addEventListener("click", () => this.isGiven() && this.start());
    root.querySelector("[data-own]").addEventListener("click", () => {
      this.input.value = "";
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    for (const element of root.querySelectorAll("[data-needs-script]")) element.hidden = false;
    this.start();
  }

  /* The platform's own record is checked without being asked for: who presses the button means something of theirs. */
  isGiven() {
    const isGiven = this.input.files.length > 0 || this.receipt.value.trim() !== "";
    this.root.querySelector("[data-nothing]").hidden = isGiven;
    return isGiven;
  }

  sentence(kind, name, values) {
    const template = this.root.querySelector(`template[data-${kind}="${name}"]`);
    const content = template.content.cloneNode(true);
    for (const cell of content.querySelectorAll("[data-cell]")) cell.textContent = values[cell.dataset.cell] ?? "";
    for (const link of content.querySelectorAll("[data-cell-href]")) {
      link.href = this.root.dataset.verifyUrl.replace("LOT", encodeURIComponent(values.lot));
    }
    return content;
  }

  words(kind, name, values = {}) {
    const text = this.root.querySelector(`template[data-${kind}="${name}"]`).content.textContent.trim();
    return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  }

  /* Answers come in the order of the questions; what was asked before and is still computing is dropped. */
  async start() {
    const turn = (this.turn = (this.turn ?? 0) + 1);
    this.root.setAttribute("aria-busy", "true");
    const answers = await this.answers();
    if (turn !== this.turn) return;
    this.place.replaceChildren(...answers);
    this.root.removeAttribute("aria-busy");
    this.root.dataset.done = turn;
  }

  async answers() {
    if (!canHash()) return [this.sentence("answer", "unable", {})];
    const file = this.input.files[0];
    let text;
    try {
      text = file ? await file.text() : await this.download();
    } catch {
      return [this.sentence("answer", "away", {})];
    }
    let result;
    try {
      result = await check(text, this.shown);
    } catch {
      return [this.sentence("answer", "unreadable", {})];
    }
    const whole = await this.wholeOf(result);
    const verdict = whole ? this.older(result, whole, file) : this.verdict(result, file);
    const receipt = this.receipt.value.trim();
    return [verdict, ...(receipt ? [await this.ofReceipt(receipt, whole ?? result)] : [])];
  }

  async download() {
    const answer = await fetch(this.root.dataset.recordUrl, { cache: "no-store" });
    if (!answer.ok) throw new Error(answer.status);
    return answer.text();
  }

  /* The platform's record, where all that is wrong with a copy is that it ends before what the page shows, and it is the
     beginning of it: then the copy is older, or was cut; from the copy alone nobody can tell. */
  async wholeOf(result) {
    if (result.problems.length !== 1 || result.problems[0].why !== "cut") return null;
    try {
      const whole = await check(await this.download(), this.shown);
      return !whole.problems.length && isBeginningOf(result, whole) ? whole : null;
    } catch {
      return null;
    }
  }

  older({ lot, events }, whole, file) {
    const values = { lot, events: events.length, more: whole.events.length - events.length, source: file?.name ?? "" };
    return this.sentence("answer", "older", values);
  }

  verdict(result, file) {
    const { problems, events, head, anchors, lot } = result;
    const first = problems.find((problem) => problem.seq !== null)?.seq;
    const values = { lot, head, anchors, events: events.length, source: file?.name ?? this.root.dataset.ownWords, first: first ? `#${first}` : "—" };
    if (problems.length && problems.every((problem) => problem.why === "stranger")) return this.sentence("answer", "stranger", values);
    const content = this.sentence("answer", problems.length ? "broken" : "intact", values);
    const list = content.querySelector("[data-cell=problems]");
    for (const problem of problems.slice(0, MOST_PROBLEMS)) {
      const item = document.createElement("li");
      item.dataset.seq = problem.seq ?? "";
      item.textContent = this.words("why", problem.why, problem);
      list.append(item);
    }
    return content;
  }

  async ofReceipt(text, result) {
    let receipt;
    try {
      receipt = read(text);
      if (!receipt || typeof receipt !== "object" || Array.isArray(receipt)) throw new SyntaxError();
    } catch {
      return this.sentence("receipt", "unreadable", {});
    }
    const signature = await signatureOf(receipt, this.root.dataset.publicKey);
    if (signature === "forged") return this.sentence("receipt", "forged", {});
    if (receipt.lot !== this.shown.lot) return this.sentence("receipt", "stranger", { lot: receipt.lot });
    if (result.lot !== this.shown.lot) return this.sentence("receipt", "uncompared", { signed: this.words("signed", signature) });
    const { place, seq } = await placeOf(receipt, result);
    const words = { place: this.words("place", place, { seq }), signed: this.words("signed", signature) };
    if (ENDED.includes(place)) return this.sentence("receipt", "ended", words);
    return this.sentence("receipt", place === "found" || place === "veiled" ? signature : "lost", words);
  }
}

export default function start(root) {
  new Verification(root);
}
