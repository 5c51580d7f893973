/* Keeps the files chosen in a form until its answer is there: where the form comes back with something to change, they are
   chosen still. They wait in this browser (IndexedDB) under a name only this tab knows, and are taken out by the next page
   of the tab, whatever it is. What a closed tab left is thrown away after ten minutes, by the next page with such a form. A
   file that was itself refused, and forms that send themselves, are left alone. */
const PLACE = "files";
const MOST = 64 * 1024 * 1024;
const TEN_MINUTES = 600_000;
const PATIENCE = 3000; // ms for the store: a form is sent all the same where it does not answer
let asked = null;
let listening = false;

function done(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function inStore(act) {
  const opening = indexedDB.open("kept", 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(PLACE);
  const database = await done(opening);
  const transaction = database.transaction(PLACE, "readwrite");
  const written = new Promise((resolve, reject) => {
    transaction.oncomplete = resolve;
    transaction.onabort = () => reject(transaction.error);
  });
  try {
    const answer = await act(transaction.objectStore(PLACE));
    await written;
    return answer;
  } finally {
    database.close();
  }
}

const place = (form) => new URL(form.getAttribute("action") ?? "", location.href).pathname.replace(/^\/en\//, "/");
const sendsItself = (form) => form.matches("[data-auto-submit]") || form.querySelector("[data-auto-submit]");
const inputs = (form) => [...form.elements].filter((field) => field.type === "file" && field.name);
const chosen = (form) => inputs(form).filter((input) => input.files.length).map((input) => [input.name, [...input.files]]);

/* Keys begin with the time. */
async function throwAway(store, former = null) {
  const isOld = (key) => key === former || Number.parseInt(key, 10) < Date.now() - TEN_MINUTES;
  for (const key of await done(store.getAllKeys())) if (isOld(key)) store.delete(key);
}

async function keep(form, files) {
  const size = files.flatMap(([, some]) => some).reduce((sum, file) => sum + file.size, 0);
  if (size > MOST) return;
  const key = `${Date.now()}-${Math.random()}`;
  const former = sessionStorage.getItem(PLACE);
  sessionStorage.setItem(PLACE, key);
  await inStore(async (store) => {
    await throwAway(store, former);
    await done(store.put({ place: place(form), files }, key));
  });
}

/* The form goes on when its files are kept, or cannot be: a private window may have no store. A second press waits with it. */
async function hold(event) {
  const { target: form, submitter } = event;
  if (event.defaultPrevented || form.getAttribute("method") !== "post" || sendsItself(form)) return;
  if (asked === form) { event.preventDefault(); return; }
  const files = chosen(form);
  if (!files.length || form.dataset.filesKept) { delete form.dataset.filesKept; return; }
  event.preventDefault();
  asked = form;
  const tooLong = new Promise((resolve) => { setTimeout(resolve, PATIENCE); });
  try { await Promise.race([keep(form, files), tooLong]); } catch (error) { console.warn(error); }
  asked = null;
  form.dataset.filesKept = "yes";
  form.requestSubmit(submitter);
}

/* Of several files of a field the refused ones are named beside it; the one file of a refused field is left out. */
function good(input, some) {
  const said = input.closest(".field--error")?.textContent;
  if (said === undefined) return some;
  return input.multiple && some.some((file) => said.includes(file.name)) ? some.filter((file) => !said.includes(file.name)) : [];
}

function put(form, files) {
  for (const input of inputs(form)) {
    const [, some] = files.find(([name]) => name === input.name) ?? [];
    const again = some && !input.files.length ? good(input, some) : [];
    if (!again.length) continue;
    const list = new DataTransfer();
    for (const file of again) list.items.add(file);
    input.files = list.files;
    input.closest(".field")?.querySelector("[data-file-lost]")?.replaceChildren();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

async function take(key) {
  return inStore(async (store) => {
    const found = await done(store.get(key));
    store.delete(key);
    return found;
  });
}

/* What the last page of this tab kept is taken out of the store; it is chosen again where its form was refused. */
export async function bringBack() {
  const key = sessionStorage.getItem(PLACE);
  if (!key) return;
  sessionStorage.removeItem(PLACE);
  const found = await take(key);
  if (!found || !document.querySelector("main [data-error-summary], main .field--error")) return;
  for (const form of document.querySelectorAll('main form[method="post"]')) {
    if (place(form) === found.place && !sendsItself(form)) put(form, found.files);
  }
}

export default function start() {
  if (listening) return;
  listening = true;
  document.addEventListener("submit", hold);
  inStore((store) => throwAway(store)).catch(console.warn);
}
