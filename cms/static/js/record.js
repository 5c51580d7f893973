/* The public record of a lot, version 1, checked where it is read: the same questions as verifier.py asks of its
   fingerprints (it also replays the rules of bidding, this does not). Knows no page; verify-record.js shows the answers.
   A problem is {seq, why}: the number of the event (null where none is meant) and a word that the page has a sentence for.
   Numbers of a record are whole and may be large, so it is read into BigInt, not by JSON.parse. */
const HASHED = ["v", "lot", "seq", "kind", "source", "alias", "amount", "arrived_at", "decided_at", "payload", "prev"];
const SIGNED = ["lot", "seq", "hash", "alias", "amount", "arrived_at"];
const SIGNED_SEALED = ["kind", "lot", "alias", "amount", "nonce", "commitment", "arrived_at"];
const SIGNED_OF = {
  sealed: SIGNED_SEALED, sealed_replaced: SIGNED_SEALED, sealed_withdrawn: ["kind", "lot", "alias", "commitment", "arrived_at"],
};
const TOKEN = /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\u0000-\u001f]|\\.)*")|(-?(?:0|[1-9]\d*))(\.\d+)?([eE][+-]?\d+)?|(true|false|null))/y;
const WORDS = { true: true, false: false, null: null };

/** Whether this browser can compute fingerprints here (it does so over https and on the own machine only). */
export const canHash = () => Boolean(globalThis.crypto?.subtle);

/** Read JSON as a record holds it: objects without a prototype, whole numbers as BigInt, others as they were written. */
export function read(text) {
  let at = 0;
  const next = () => {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text);
    if (!token) throw new SyntaxError(`no JSON at ${at}`);
    at = TOKEN.lastIndex;
    return token;
  };
  const value = ([, sign, string, whole, part, power, word]) => {
    if (string !== undefined) return JSON.parse(string);
    if (word) return WORDS[word];
    if (whole !== undefined) return part || power ? Number(whole + (part ?? "") + (power ?? "")) : BigInt(whole);
    if (sign === "[") return members("]", () => undefined, []);
    if (sign === "{") return members("}", key, Object.create(null));
    throw new SyntaxError(`no value before ${at}`);
  };
  const key = (token) => {
    if (token[2] === undefined || next()[1] !== ":") throw new SyntaxError(`no name before ${at}`);
    return JSON.parse(token[2]);
  };
  const members = (end, name, into) => {
    for (let token = next(), first = true; !(first && token[1] === end); first = false) {
      const called = name(token);
      if (called === undefined) into.push(value(token));
      else into[called] = value(next());
      const [, sign] = next();
      if (sign === end) return into;
      if (sign !== ",") throw new SyntaxError(`no end before ${at}`);
      token = next();
    }
    return into;
  };
  const whole = value(next());
  if (text.slice(at).trim()) throw new SyntaxError(`more after ${at}`);
  return whole;
}

function byCodePoint(one, other) {
  const [left, right] = [[...one], [...other]];
  for (let place = 0; place < Math.min(left.length, right.length); place += 1) {
    const difference = left[place].codePointAt(0) - right[place].codePointAt(0);
    if (difference) return difference;
  }
  return left.length - right.length;
}

/** Canonical JSON: keys in code-point order, no white space, only what must be escaped is escaped. */
export function canonical(value) {
  if (typeof value === "bigint") return String(value);
  if (typeof value === "number") return Number.isInteger(value) ? value.toFixed(1) : String(value);
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  return `{${Object.keys(value).sort(byCodePoint).map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(",")}}`;
}

/** The SHA-256 of the canonical JSON, in hexadecimal. */
export async function fingerprint(value) {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(canonical(value)));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

const some = (value, names) => Object.fromEntries(names.map((name) => [name, value[name]]));
const same = (one, other) => canonical(one ?? null) === canonical(other ?? null);

async function chainProblems(lot, genesis, events) {
  const problems = [];
  let [previous, arrived, decided] = [genesis, "", ""];
  for (const [place, event] of events.entries()) {
    const seq = place + 1;
    if (!same(event?.seq, BigInt(seq))) return [...problems, { seq, why: "number" }];
    if (event.lot !== lot || !same(event.v, 1n)) problems.push({ seq, why: "foreign" });
    if (event.prev !== previous) problems.push({ seq, why: "chain" });
    const isWhole = HASHED.every((name) => name in event);
    if (!isWhole || (await fingerprint(some(event, HASHED))) !== event.hash) problems.push({ seq, why: "hash" });
    if (event.arrived_at < arrived || event.decided_at < decided || event.decided_at < event.arrived_at) problems.push({ seq, why: "time" });
    [previous, arrived, decided] = [event.hash ?? "", event.arrived_at ?? "", event.decided_at ?? ""];
  }
  return problems;
}

function endProblems(events, end) {
  const problems = [];
  const hashAt = (seq) => events[Number(seq) - 1]?.hash;
  const count = BigInt(events.length);
  if (typeof end.seq === "bigint" && end.seq > count) problems.push({ seq: events.length + 1, why: "missing" });
  else if (!same(end.seq, count) || end.head !== (hashAt(count) ?? "")) problems.push({ seq: null, why: "end" });
  for (const anchor of end.anchors ?? []) {
    if (hashAt(anchor.seq) !== anchor.head) problems.push({ seq: Number(anchor.seq), why: "anchor" });
  }
  return problems;
}

/** The commitment of a sealed bid, and of a reserve, from what was opened. */
const sealedCommitment = (lot, { alias, amount }, nonce) => fingerprint({ v: 1n, lot, alias, amount, nonce });
const reserveCommitment = (lot, reserve) => fingerprint({ v: 1n, lot, ...reserve });

async function openingProblems(lot, terms, events) {
  const problems = [];
  for (const event of events) {
    const seq = Number(event.seq);
    if (event.kind === "revealed") {
      const sealed = events[Number(event.payload.of) - 1];
      if ((await sealedCommitment(lot, event, event.payload.nonce)) !== sealed?.payload.commitment) problems.push({ seq, why: "commitment" });
    } else if (event.kind === "result" && terms.reserve_commitment) {
      const { reserve } = event.payload;
      if (!reserve || (await reserveCommitment(lot, reserve)) !== terms.reserve_commitment) problems.push({ seq, why: "reserve" });
    }
  }
  return problems;
}

/** Against what the platform itself shows of the lot: how many events at least, and the fingerprint of that one. */
function shownProblems(events, shown) {
  if (events.length < shown.seq) return [{ seq: events.length + 1, why: "cut" }];
  const isOther = shown.seq > 0 && events[shown.seq - 1].hash !== shown.head;
  return isOther ? [{ seq: shown.seq, why: "other" }] : [];
}

/** Check a downloaded record. `shown`: {lot, seq, head} of the page, or null. Answers {lot, announcement (its fingerprint), events, head, anchors, problems}. */
export async function check(text, shown = null) {
  const lines = text.split(/\r\n|\r|\n/).filter((line) => line.trim()).map(read);
  const [head, end] = [lines.at(0), lines.at(-1)];
  const events = lines.slice(1, -1);
  if (lines.length < 2 || head?.record !== "lot" || end?.record !== "end") {
    return { lot: "", events: [], head: "", anchors: 0, problems: [{ seq: null, why: "torn" }] };
  }
  const { lot } = head;
  const { announcement_hash: announcement } = head;
  const result = { lot, announcement, events, head: end.head, anchors: end.anchors?.length ?? 0, problems: [] };
  if ((await fingerprint(head.announcement)) !== head.announcement_hash) result.problems.push({ seq: null, why: "announcement" });
  result.problems.push(...(await chainProblems(lot, head.announcement_hash, events)));
  if (result.problems.length) return result;
  const terms = head.announcement.lots?.find((each) => each.lot === lot);
  if (!terms) result.problems.push({ seq: null, why: "unnamed" });
  else result.problems.push(...endProblems(events, end), ...(await openingProblems(lot, terms, events)));
  if (shown && shown.lot !== lot) result.problems.push({ seq: null, why: "stranger" });
  else if (shown) result.problems.push(...shownProblems(events, shown));
  return result;
}

const bytes = (base64) => Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));

/** "genuine", "forged", or "unable" where the browser does not know Ed25519. */
export async function signatureOf(receipt, publicKey) {
  const content = { v: 1n, ...some(receipt, SIGNED_OF[receipt.kind] ?? SIGNED) };
  let key;
  try {
    key = await crypto.subtle.importKey("raw", bytes(publicKey), { name: "Ed25519" }, false, ["verify"]);
  } catch {
    return "unable";
  }
  try {
    if (Object.values(content).includes(undefined)) return "forged";
    const isGood = await crypto.subtle.verify({ name: "Ed25519" }, key, bytes(receipt.signature), new TextEncoder().encode(canonical(content)));
    return isGood ? "genuine" : "forged";
  } catch {
    return "forged"; // no signature at all
  }
}

/** Whether a record that is shorter than the platform's is its beginning: an older copy, or one whose end was cut off. */
export function isBeginningOf({ lot, events, announcement }, whole) {
  if (lot !== whole.lot || events.length >= whole.events.length) return false;
  return events.length ? events.at(-1).hash === whole.events[events.length - 1].hash : announcement === whole.announcement;
}

/** Whether a void strikes a bid: the one it names, and of a bidder that is not entitled every one. */
function strikes(voided, bid, events) {
  const isOfBarred = voided.payload.ground === "not_entitled" && events[Number(voided.payload.seq) - 1]?.alias === bid.alias;
  return same(voided.payload.seq, bid.seq) || (isOfBarred && bid.seq < voided.seq);
}

/** Where a receipt stands in the record of its lot, and the number of the event that ended it: {place, seq}.
    place: "found", "replaced", "withdrawn", "voided" (it stands there, and does not count any more), "veiled" (sealed, before
    the close), "absent", "differs", "unfit" (amount and commitment). */
export async function placeOf(receipt, { lot, events }) {
  const at = Number(receipt.seq);
  if (!(receipt.kind in SIGNED_OF)) {
    const event = events[at - 1];
    if (!event) return { place: "absent", seq: at };
    if (!["hash", "alias", "amount"].every((name) => same(event[name], receipt[name]))) return { place: "differs", seq: at };
    const voided = events.find((each) => each.kind === "voided" && strikes(each, event, events));
    return voided ? { place: "voided", seq: Number(voided.seq) } : { place: "found", seq: at };
  }
  const isBid = receipt.kind !== "sealed_withdrawn";
  if (isBid && (await sealedCommitment(lot, receipt, receipt.nonce)) !== receipt.commitment) return { place: "unfit" };
  if (!events.length) return { place: "veiled" };
  const mine = events.filter((event) => event.kind in SIGNED_OF && event.alias === receipt.alias);
  const place = mine.findIndex((event) => event.kind === receipt.kind && (!isBid || event.payload.commitment === receipt.commitment));
  if (place < 0) return { place: "absent" };
  const next = isBid ? mine[place + 1] : undefined;
  if (!next) return { place: "found" };
  return { place: next.kind === "sealed_withdrawn" ? "withdrawn" : "replaced", seq: Number(next.seq) };
}
