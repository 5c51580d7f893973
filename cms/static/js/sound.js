/* Sound and vibration of a live page at three moments: outbid, extended, one minute left. Off until switched on, and
   remembered in this browser, each by itself. <button data-sound="sound|vibration" data-on-words data-off-words hidden>
   inside an element that sends "lot:moment" {kind} (live-lot.js) and in which countdown.js sends "countdown:mark".
   Without script, or where the device cannot vibrate, the button stays hidden. */
const [HIGH, LOW] = [880, 440];
const TONES = { outbid: [LOW, LOW], extended: [LOW, HIGH], minute: [HIGH, HIGH, HIGH], on: [HIGH] };
const BEATS = { outbid: [300, 100, 300], extended: [100, 60, 300], minute: [80, 60, 80, 60, 80], on: [80] };
const LAST_MINUTE = 60;

let audio = null;

function tone(frequency, after) {
  const [at, oscillator, volume] = [audio.currentTime + after, audio.createOscillator(), audio.createGain()];
  oscillator.frequency.value = frequency;
  volume.gain.setValueAtTime(0.15, at);
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.25);
  oscillator.connect(volume).connect(audio.destination);
  oscillator.start(at);
  oscillator.stop(at + 0.25);
}

const WAYS = {
  sound(kind) {
    audio ??= new AudioContext();
    audio.resume();
    TONES[kind].forEach((frequency, place) => tone(frequency, place * 0.3));
  },
  vibration(kind) { navigator.vibrate(BEATS[kind]); },
};

function stored(key) {
  try {
    return localStorage.getItem(key) === "on";
  } catch {
    return false; // a browser that keeps nothing: the switch works for this page
  }
}

export default function start(button) {
  const way = button.dataset.sound || "sound";
  if (way === "vibration" && !navigator.vibrate) return;
  let isOn = stored(way);
  const show = () => {
    button.setAttribute("aria-pressed", String(isOn));
    button.querySelector("[data-label]").textContent = isOn ? button.dataset.onWords : button.dataset.offWords;
  };
  const act = (kind) => {
    if (!isOn) return;
    button.dataset.last = kind;
    WAYS[way](kind);
  };
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    isOn = !isOn;
    try {
      localStorage.setItem(way, isOn ? "on" : "off");
    } catch { /* see stored() */ }
    show();
    act("on");
  });
  const root = button.closest("[data-events-url]");
  root.addEventListener("lot:moment", (event) => act(event.detail.kind));
  root.addEventListener("countdown:mark", (event) => event.detail.seconds === LAST_MINUTE && act("minute"));
}
