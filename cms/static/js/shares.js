/* Adds up the shares of the holders while they are typed, as the server does when it is asked.
   data-shares names the formset; data-shares-sum, -short and -over are the words, with {total} and {gap}. */
const GREENS = ["v", "w"];

function shareOf(text) {
  const plain = text.normalize("NFKC").trim().replace(/%$/, "").trim();
  return /^\d+(\.\d*)?$/.test(plain) ? Number(plain) : 0;
}

function rounded(number) {
  return Math.round(number * 100) / 100;
}

function draw(bar, shares) {
  for (const part of bar.querySelectorAll("[class]")) part.remove();
  let x = 0;
  shares.forEach((share, place) => {
    const part = document.createElementNS(bar.namespaceURI, "rect");
    const width = Math.max(Math.min(share, 100 - x), 0);
    for (const [name, value] of Object.entries({ class: GREENS[place % 2], x, width, height: 8 })) part.setAttribute(name, value);
    bar.append(part);
    x += width;
  });
}

export default function start(part) {
  const formset = document.querySelector(`[data-prefix="${part.dataset.shares}"]`);
  const [sum, wrong, bar] = ["[data-shares-total]", "[data-shares-wrong]", "svg.bar"].map((name) => part.querySelector(name));
  const add = () => {
    const typed = [...formset.querySelectorAll('[data-formset-row]:not([hidden]) [name$="-share"]')];
    const shares = typed.map((input) => shareOf(input.value)).filter(Boolean);
    const total = rounded(shares.reduce((one, other) => one + other, 0));
    const said = (words) => words.replace("{total}", total).replace("{gap}", rounded(Math.abs(100 - total)));
    sum.textContent = said(part.dataset.sharesSum);
    bar.setAttribute("aria-label", sum.textContent);
    wrong.querySelector("span").textContent = said(total < 100 ? part.dataset.sharesShort : part.dataset.sharesOver);
    [sum.hidden, wrong.hidden] = [total !== 100, total === 100];
    draw(bar, shares);
  };
  formset.addEventListener("input", add);
  formset.addEventListener("formset:changed", add);
}
