/* The overview of a session with all its lots live: listens to data-session-url (server-sent events), and asks
   data-poll-url every 3 s while the stream is down.
   Frame: {session, practice, server_time, lots: [{lot, state, price, price_text, leader, starts_at, ends_at, extensions, seq, head}]}.
   Inside: [data-lot="OH-…"] with data-state; in it [data-cell=price] (none where a lot was not sold), [data-cell=leader] with data-words="bidder {alias}"
   and [data-countdown]; [data-cell=extensions] with data-words="ends {until}, extensions: {n}", empty until there was one; [data-live=connection] as in live-lot.js. A lot that changed its state loads the page afresh. */
import { hint } from "./clock.js";
import { fill, time, until, writeAmount } from "./live-lot.js";

const POLL_EVERY = 3000;
const LONGEST_SILENCE = 30000;
const AGAIN_AFTER = 5000;

class LiveSession {
  constructor(root) {
    this.root = root;
    document.addEventListener("visibilitychange", () => document.hidden || this.source?.readyState === 1 || this.connect());
    window.addEventListener("offline", () => this.lose());
    window.addEventListener("online", () => this.connect());
    this.connect();
  }

  connect() {
    this.source?.close();
    clearTimeout(this.again);
    this.source = new EventSource(this.root.dataset.sessionUrl);
    this.source.addEventListener("open", () => this.opened());
    this.source.addEventListener("error", () => this.lose());
    this.source.addEventListener("beat", () => this.heard());
    this.source.addEventListener("session", (event) => {
      this.heard();
      this.take(JSON.parse(event.data));
    });
  }

  heard() {
    clearTimeout(this.silence);
    this.silence = setTimeout(() => this.lose(), LONGEST_SILENCE);
  }

  opened() {
    this.heard();
    clearInterval(this.polling);
    this.polling = this.since = null;
    this.connection("go", "openWords");
  }

  lose() {
    clearTimeout(this.silence);
    this.source.close();
    this.since ??= new Date();
    this.connection("stop", "pollingWords");
    this.polling ??= setInterval(() => this.poll(), POLL_EVERY);
    this.again = setTimeout(() => this.connect(), AGAIN_AFTER * (0.5 + Math.random()));
  }

  async poll() {
    try {
      const answer = await fetch(this.root.dataset.pollUrl, { cache: "no-store" });
      if (answer.ok) this.take(await answer.json());
    } catch { /* the line says that the connection is lost; the next turn asks again */ }
  }

  connection(tone, words) {
    const element = this.root.querySelector('[data-live="connection"]');
    element.dataset.tone = tone;
    element.textContent = fill(element.dataset[words], { since: this.since ? time(this.since).slice(0, 8) : "" });
  }

  take(frame) {
    hint(frame.server_time);
    for (const lot of frame.lots) {
      const row = this.root.querySelector(`[data-lot="${lot.lot}"]`);
      if (!row || row.dataset.state !== lot.state) return this.afresh();
      this.show(row, lot);
    }
  }

  show(row, lot) {
    const price = row.querySelector("[data-cell=price]");
    if (!price) return; // not sold, or withdrawn: nothing of it moves any more
    if (lot.price !== null && price.dataset.seen !== String(lot.price)) {
      writeAmount(price, lot.price_text);
      price.dataset.seen = lot.price;
    }
    const leader = row.querySelector("[data-cell=leader]");
    leader.textContent = lot.leader ? fill(leader.dataset.words, { alias: lot.leader }) : "";
    const countdown = row.querySelector("[data-countdown]");
    if (countdown) countdown.dataset.endsAt = lot.state === "announced" ? lot.starts_at : lot.ends_at;
    const extensions = row.querySelector("[data-cell=extensions]");
    if (extensions && lot.extensions) extensions.textContent = fill(extensions.dataset.words, { until: until(lot.ends_at), n: lot.extensions });
  }

  afresh() {
    if (this.isOver) return;
    this.isOver = true;
    this.source.close();
    setTimeout(() => location.reload(), Math.random() * 1500);
  }
}

export default function start(root) {
  new LiveSession(root);
}
