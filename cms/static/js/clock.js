/* The platform's time in this browser: an offset kept from the answer with the shortest round trip. Decides nothing. */
let best = { trip: Infinity, offset: 0 };

/** Tell of one answer: the server's time in it (ISO or ms), and when it was asked and came (performance.now()). */
export function learn(serverTime, asked, came) {
  const trip = came - asked;
  const server = typeof serverTime === "number" ? serverTime : Date.parse(serverTime);
  if (Number.isNaN(server) || trip > best.trip) return;
  best = { trip, offset: server + trip / 2 - (performance.timeOrigin + came) };
}

/** Use a time that came by itself (a page, a frame) only while nothing better is known. */
export function hint(serverTime) {
  if (best.trip !== Infinity) return;
  const server = Date.parse(serverTime);
  if (!Number.isNaN(server)) best = { trip: Infinity, offset: server - (performance.timeOrigin + performance.now()) };
}

/** Ask data-time-url a few times; it answers {"server_time": ISO}. Keep the shortest round trip. */
export async function synchronise(url, times = 5) {
  for (let turn = 0; turn < times; turn += 1) {
    const asked = performance.now();
    try {
      const answer = await fetch(url, { cache: "no-store" });
      const came = performance.now();
      learn((await answer.json()).server_time, asked, came);
    } catch {
      return;
    }
  }
}

/** The platform's time in ms. */
export const now = () => performance.timeOrigin + performance.now() + best.offset;

/** How exact that is, in ms: half the shortest round trip; null while no answer was measured. */
export const accuracy = () => (best.trip === Infinity ? null : best.trip / 2);

/** How far this computer's clock is off, in ms: positive when it is slow. */
export const offset = () => performance.timeOrigin + performance.now() + best.offset - Date.now();
