/* The live page of a lot: listens to data-events-url (server-sent events) and writes what happened into the page.

   Frame: {lot, seq, state, price, price_text, leader, next: [fen], next_texts: [], raise_texts: [], starts_at, ends_at, server_time, extensions, head,
   calls, called_at, events: [{seq, kind, source, alias, amount, amount_text, arrived_at, hash, call, voids, ends_at}]}. Frames may repeat or overlap; seq decides.
   On the root: data-events-url, data-time-url (the clock), data-state, data-seq, data-bids (what the page was rendered with: the last event, how many bids stand),
   data-own-alias (the reader's), data-poll-url (the same frame as JSON, asked every 3 s while the stream is down).
   Inside, all optional, found by data-live:
     price       the number; its unit goes into <small>
     listed-price  the same number in the list of the session's lots
     label       what the price is, once there is a bid; data-words="Price now"
     leader      data-words="Bidder {alias} leads, bid no. {bids}", data-none-words
     next        the bid buttons (button with value); each holds [data-amount] and [data-raise] with data-words="raise {amount}"; data-taken-words is not needed: the server decides
     position    <template data-position="lead|out|none">; {amount} in them is the own last bid
     call        what was called in the hall: data-call-0 … data-call-3
     history     <ol>; <template data-row="bid|bid-own|bid-floor|called-1|<kind>|event"> with [data-cell=seq|amount|alias|time|until];
                 <template data-mark="<kind>"> is added to the last <small> of a row of that kind
     count       number of bids; data-words="{n} bids", data-one-words;  extensions  data-words="{n}";  head  the last fingerprint;  clock  data-words="{seconds} {accuracy}"
     extended    shown for half a minute when the end moves; data-words="{until}"
     voice       the line screen readers hear: price and leader, at most every ten seconds; data-words="{price} {alias}"
     accepted    beside a refused bid: what would be accepted now; data-words="{least} … {price}"
     own-bid     the button of a typed amount;  why  data-lead-words, data-open-words
     unsent      beside the bid buttons: that nothing was sent while the line was down (sending.js)
     connection  .link; data-open-words, data-lost-words, data-polling-words ({since}: when the line was lost)
   The root sends "lot:moment" {kind: "outbid" | "extended"} (sound.js listens), and "lot:frame" with each frame (console.js).
   A countdown (data-countdown) inside gets its new end, data-countdown="start" the new beginning. A change of state, or a
   voided bid, loads the page afresh; where bidding stopped the bid buttons are off at once. With data-old-words it does not
   while somebody types or is asked in the page around it: the line says these words instead. */
import { accuracy, hint, now, offset, synchronise } from "./clock.js";
import { Sending } from "./sending.js";

const POLL_EVERY = 3000;
const LONGEST_WAIT = 15000;
const LOST_BEFORE_POLLING = 3;
const EXTENDED_SHOWN = 30000;
const VOICE_EVERY = 10000;
const LONGEST_SILENCE = 30000; // the stream sends a "beat" every 12 s: a line that is dead without an error says nothing

export const fill = (words, values) => words.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const CLOCK = new Intl.DateTimeFormat("en-GB", {
  hour: "2-digit", minute: "2-digit", second: "2-digit", fractionalSecondDigits: 3, hour12: false, timeZone: "Asia/Shanghai",
});
export const time = (iso) => CLOCK.format(new Date(iso));
const DAY = 86_400_000;
const DATE = new Intl.DateTimeFormat("sv-SE", { month: "2-digit", day: "2-digit", timeZone: "Asia/Shanghai" });
/** When bidding ends, to the second; with the day where that is a day away or more. */
export const until = (iso) => `${Date.parse(iso) - now() < DAY ? "" : `${DATE.format(new Date(iso))} `}${time(iso).slice(0, 8)}`;

/** Whether somebody has typed into the page, or is being asked something. */
const isBusy = () => document.querySelector("dialog[open]") !== null
  || [...document.querySelectorAll("main textarea, main input:not([type=hidden], [type=checkbox], [type=radio], [type=file])")]
    .some((field) => field.value !== field.defaultValue);

export function writeAmount(element, text) {
  const [, number, unit] = /^(\S+)(?:\s+(.+))?$/.exec(text ?? "") ?? [null, "—", ""];
  element.replaceChildren(number);
  if (!unit) return;
  const small = document.createElement("small");
  small.textContent = unit;
  element.append(/^[a-z]/.test(unit) ? " " : "", small); // as the server prints it (amounts.behind)
}

const isBid = (event) => Boolean(event.amount_text && event.alias);

class LiveLot {
  constructor(root) {
    this.root = root;
    this.seq = Number(root.dataset.seq ?? 0);
    this.bids = Number(root.dataset.bids ?? 0);
    this.lost = 0;
    this.own = root.dataset.ownAlias || null;
    this.ownLast = root.dataset.ownLast || null;
    if (root.dataset.timeUrl) synchronise(root.dataset.timeUrl).then(() => this.showClock());
    this.sending = new Sending(root, () => this.bidButtons());
    document.addEventListener("visibilitychange", () => document.hidden || this.source?.readyState === 1 || this.connect());
    window.addEventListener("offline", () => {
      this.sending.away(true);
      this.fellSilent();
    });
    window.addEventListener("online", () => this.connect());
    this.connect();
  }

  part(name) { return this.root.querySelector(`[data-live="${name}"]`); }

  connect() {
    this.source?.close();
    clearTimeout(this.retry);
    const url = new URL(this.root.dataset.eventsUrl, location.href);
    url.searchParams.set("after", this.seq);
    this.source = new EventSource(url);
    this.source.addEventListener("open", () => this.opened());
    this.source.addEventListener("error", () => this.failed());
    this.source.addEventListener("beat", () => this.heard());
    for (const kind of ["message", "lot"]) {
      this.source.addEventListener(kind, (event) => {
        this.heard();
        this.take(JSON.parse(event.data));
      });
    }
  }

  heard() {
    this.sending.heard();
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.fellSilent(), LONGEST_SILENCE);
  }

  fellSilent() {
    this.source.close();
    this.failed();
  }

  opened() {
    this.heard();
    this.lost = 0;
    this.since = null;
    clearInterval(this.polling);
    this.polling = null;
    this.connection("go", "openWords");
  }

  failed() {
    clearTimeout(this.silence);
    this.lost += 1;
    this.sending.lost();
    this.since ??= new Date();
    if (!this.polling) this.connection("wait", "lostWords");
    if (this.lost >= LOST_BEFORE_POLLING) this.poll();
    if (this.source.readyState !== EventSource.CLOSED) return;
    const wait = Math.min(LONGEST_WAIT, 500 * 2 ** this.lost) * (0.5 + Math.random() / 2);
    this.retry = setTimeout(() => this.connect(), wait);
  }

  poll() {
    if (this.polling || !this.root.dataset.pollUrl) return;
    this.connection("stop", "pollingWords");
    this.polling = setInterval(async () => {
      try {
        const answer = await fetch(this.root.dataset.pollUrl, { cache: "no-store" });
        this.asked(answer.status >= 500);
        if (answer.ok) this.take(await answer.json());
      } catch { // the line above says that the connection is lost; the next turn asks again
        this.asked(true);
      }
    }, POLL_EVERY);
  }

  /* An answer to a question asked before the stream came back says nothing of the line any more. */
  asked(isAway) {
    if (this.polling) this.sending.away(isAway);
  }

  connection(tone, words) {
    const element = this.part("connection");
    this.root.toggleAttribute("data-stale", tone !== "go");
    if (!element) return;
    element.dataset.tone = tone;
    const said = element.dataset[words] ?? element.textContent;
    element.textContent = fill(said, { since: this.since ? time(this.since).slice(0, 8) : "" });
  }

  showClock() {
    const element = this.part("clock");
    if (!element || accuracy() === null) return;
    const values = { seconds: Math.abs(offset() / 1000).toFixed(2), accuracy: (Math.max(1, accuracy()) / 1000).toFixed(3) };
    element.textContent = fill(element.dataset.words, values);
  }

  take(frame) {
    hint(frame.server_time);
    if (frame.seq < this.seq) return;
    if (frame.state !== this.root.dataset.state) return this.leave(frame);
    const events = (frame.events ?? []).filter((event) => event.seq > this.seq);
    if (events.some((event) => event.kind === "voided")) return this.afresh();
    for (const event of events) this.append(event);
    this.bids += events.filter(isBid).length;
    this.seq = Math.max(this.seq, frame.seq);
    this.root.dataset.seq = this.seq;
    this.showPrice(frame);
    this.showNext(frame);
    this.showEnd(frame);
    const led = this.part("position")?.dataset.phase === "lead";
    this.showPosition(frame, events);
    if (led && this.part("position").dataset.phase === "out") this.moment("outbid");
    if (events.some((event) => event.kind === "extended")) this.showExtended(frame);
    this.say(frame, events);
    this.root.dispatchEvent(new CustomEvent("lot:frame", { detail: frame }));
  }

  leave(frame) {
    if (frame.state !== "open") for (const button of this.bidButtons()) button.disabled = true;
    this.afresh();
  }

  afresh() {
    this.source.close();
    clearInterval(this.polling);
    setTimeout(() => this.sending.sent || this.isOld() || location.reload(), Math.random() * 1500);
  }

  /* What somebody types beside the lot, or is asked, is not taken away: they are told instead, and load the page. */
  isOld() {
    const words = this.root.dataset.oldWords;
    if (!words || !isBusy()) return false;
    const line = this.part("connection");
    line.dataset.tone = "stop";
    line.textContent = words;
    for (const element of this.root.querySelectorAll("[data-countdown]")) element.dataset.endsAt = ""; // it may not run any more
    return true;
  }

  showPrice(frame) {
    const price = this.part("price");
    const listed = this.part("listed-price");
    if (listed && frame.price !== null) writeAmount(listed, frame.price_text);
    if (price && price.dataset.seen !== String(frame.price)) {
      writeAmount(price, frame.price_text);
      price.dataset.seen = frame.price;
    }
    const label = this.part("label");
    if (label && frame.price !== null) label.textContent = label.dataset.words;
    const leader = this.part("leader");
    const { bids } = this;
    if (leader) leader.textContent = frame.leader ? fill(leader.dataset.words, { alias: frame.leader, bids }) : leader.dataset.noneWords ?? "";
    const count = this.part("count");
    if (count) count.textContent = count.dataset.words ? fill((bids === 1 && count.dataset.oneWords) || count.dataset.words, { n: bids }) : bids;
    const head = this.part("head");
    if (head && frame.head) head.textContent = frame.head;
    const call = this.part("call");
    if (call) call.textContent = call.getAttribute(`data-call-${frame.calls}`) ?? "";
  }

  showNext(frame) {
    const buttons = [...(this.part("next")?.querySelectorAll("button") ?? [])];
    buttons.forEach((button, index) => {
      button.hidden = frame.next?.[index] === undefined;
      if (button.hidden) return;
      button.removeAttribute("aria-busy");
      button.value = frame.next[index];
      writeAmount(button.querySelector("[data-amount]") ?? button, frame.next_texts[index]);
      const raised = button.querySelector("[data-raise]");
      if (raised && frame.raise_texts?.[index]) raised.textContent = fill(raised.dataset.words, { amount: frame.raise_texts[index] });
    });
    const accepted = this.part("accepted");
    const [least] = frame.next_texts ?? [];
    if (accepted && least) accepted.textContent = fill(accepted.dataset.words, { least, price: frame.price_text });
  }

  showEnd(frame) {
    for (const element of this.root.querySelectorAll("[data-countdown]")) {
      element.dataset.endsAt = element.dataset.countdown === "start" ? frame.starts_at : frame.ends_at;
    }
    const extensions = this.part("extensions");
    if (extensions) extensions.textContent = fill(extensions.dataset.words, { n: frame.extensions, until: until(frame.ends_at) });
  }

  showPosition(frame, events) {
    const place = this.part("position");
    if (!place || !this.own) return;
    this.ownLast = events.filter((event) => event.alias === this.own && event.amount_text).at(-1)?.amount_text ?? this.ownLast;
    if (frame.state === "open") this.allowBids(frame.leader === this.own);
    const phase = frame.leader === this.own ? "lead" : this.ownLast ? "out" : "none";
    if (place.dataset.phase === phase && phase !== "lead") return;
    const template = place.querySelector(`template[data-position="${phase}"]`);
    if (!template) return;
    const content = template.content.cloneNode(true);
    for (const cell of content.querySelectorAll("[data-cell=amount]")) writeAmount(cell, this.ownLast);
    for (const old of [...place.children]) if (old.tagName !== "TEMPLATE") old.remove();
    place.append(content);
    place.dataset.phase = phase;
  }

  moment(kind) { this.root.dispatchEvent(new CustomEvent("lot:moment", { detail: { kind } })); }

  showExtended(frame) {
    this.moment("extended");
    const line = this.part("extended");
    if (!line) return;
    line.textContent = fill(line.dataset.words, { until: until(frame.ends_at) });
    clearTimeout(this.extendedShown);
    this.extendedShown = setTimeout(() => line.replaceChildren(), EXTENDED_SHOWN);
  }

  /* Bids may come faster than they can be spoken: the last one is said, at most every ten seconds. */
  say(frame, events) {
    const voice = this.part("voice");
    if (!voice || !frame.leader || !events.some((event) => event.amount_text && event.alias)) return;
    this.unsaid = fill(voice.dataset.words, { price: frame.price_text, alias: frame.leader });
    this.speaking ??= setTimeout(() => {
      voice.textContent = this.unsaid;
      this.speaking = null;
      this.saidAt = Date.now();
    }, Math.max(0, (this.saidAt ?? 0) + VOICE_EVERY - Date.now()));
  }

  bidButtons() {
    return [...(this.part("next")?.querySelectorAll("button") ?? []), this.part("own-bid")].filter(Boolean);
  }

  /* Who leads has nothing to bid against; the server would refuse it anyway. */
  allowBids(leads) {
    for (const button of this.bidButtons()) button.disabled = leads;
    const why = this.part("why");
    if (why) why.textContent = leads ? why.dataset.leadWords : why.dataset.openWords;
  }

  append(event) {
    const list = this.part("history");
    if (!list) return;
    const wanted = isBid(event) ? [event.alias === this.own ? "bid-own" : `bid-${event.source}`, "bid"] : [`${event.kind}-${event.call}`, event.kind, "event"];
    const template = wanted.map((name) => list.querySelector(`template[data-row="${name}"]`)).find(Boolean);
    if (!template) return;
    const row = template.content.firstElementChild.cloneNode(true);
    const cells = { seq: event.seq, alias: event.alias ?? "", time: time(event.arrived_at), kind: event.kind };
    if (event.ends_at) cells.until = until(event.ends_at);
    for (const cell of row.querySelectorAll("[data-cell]")) {
      if (cell.dataset.cell === "amount") writeAmount(cell, event.amount_text);
      else cell.textContent = cell.dataset.words ? fill(cell.dataset.words, cells) : cells[cell.dataset.cell] ?? "";
    }
    const mark = list.querySelector(`template[data-mark="${event.kind}"]`);
    if (mark) [...row.querySelectorAll("small")].at(-1)?.append(mark.content.cloneNode(true));
    row.classList.add("is-new");
    if (isBid(event)) {
      row.dataset.bid = event.seq;
      for (const other of list.querySelectorAll(".ahead")) other.classList.remove("ahead");
      row.classList.add("ahead");
    }
    const first = [...list.children].find((child) => child.tagName !== "TEMPLATE");
    list.insertBefore(row, first ?? null);
  }
}

export default function start(root) {
  new LiveLot(root);
}
