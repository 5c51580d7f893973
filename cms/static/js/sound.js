/* Switches the sound of a live page; off until somebody switches it on, and remembered in this browser.
   <button data-sound data-on-words data-off-words hidden> inside an element that sends "lot:bid" events
   (live-lot.js). Being outbid sounds twice, any other bid once. Without script the button stays hidden. */
const KEY = "sound";
const HIGH = 880;
const LOW = 440;

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

function play(isOutbid) {
  audio ??= new AudioContext();
  audio.resume();
  tone(isOutbid ? LOW : HIGH, 0);
  if (isOutbid) tone(LOW, 0.3);
}

function stored() {
  try {
    return localStorage.getItem(KEY) === "on";
  } catch {
    return false; // a browser that keeps nothing: the switch works for this page
  }
}

export default function start(button) {
  let isOn = stored();
  const show = () => {
    button.setAttribute("aria-pressed", String(isOn));
    button.querySelector("[data-label]").textContent = isOn ? button.dataset.onWords : button.dataset.offWords;
  };
  button.hidden = false;
  show();
  button.addEventListener("click", () => {
    isOn = !isOn;
    try {
      localStorage.setItem(KEY, isOn ? "on" : "off");
    } catch { /* see stored() */ }
    show();
    if (isOn) play(false);
  });
  button.closest("[data-events-url]").addEventListener("lot:bid", (event) => isOn && play(event.detail.isOutbid));
}
