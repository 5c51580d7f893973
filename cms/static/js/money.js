/* Shows what an amount in a field means, so that 220 and 2200000 are not mixed up.
   data-money on an input; data-unit 元 or 万元 (what a bare number means); data-preview-words "= {amount}";
   data-preview-id: where to write it (an element; one is made behind the field otherwise). Parsing is the server's
   (core/money.py): what it refuses means nothing here either. */
const UNITS = { "": 0, "元": 1, "圆": 1, "万": 1e4, "万元": 1e4, "亿": 1e8, "亿元": 1e8 };
const PATTERN = /^((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(元|圆|万元?|亿元?)?$/;
const MOST = 1e13; // yuan

export function yuanOf(text, unit) {
  const match = PATTERN.exec(text.normalize("NFKC").trim().replace(/^¥+/, "").replaceAll(" ", ""));
  if (!match) return null;
  const number = match[1].replaceAll(",", "");
  const factor = UNITS[match[2] ?? ""] || UNITS[unit];
  const decimals = (number.split(".")[1] ?? "").replace(/0+$/, "").length;
  const yuan = Number(number) * factor;
  return decimals > 2 + Math.log10(factor) || yuan > MOST ? null : yuan;
}

export function inWords(yuan, isEnglish) {
  const print = (number, digits = 2) => number.toLocaleString("en-US", { maximumFractionDigits: digits });
  if (isEnglish) {
    const exactly = (number) => number.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
    if (yuan >= 1e9) return `¥${exactly(yuan / 1e9)} bn`;
    return yuan >= 1e6 ? `¥${exactly(yuan / 1e6)} m` : `¥${print(yuan)}`;
  }
  if (yuan >= 1e8) return `${print(yuan / 1e8)} 亿元`;
  return yuan >= 100 ? `${print(yuan / 1e4)} 万元（${print(yuan)} 元）` : `${print(yuan)} 元`;
}

export default function start(input) {
  const isEnglish = document.documentElement.lang === "en";
  let line = document.getElementById(input.dataset.previewId ?? "");
  if (!line) {
    line = document.createElement("p");
    line.className = "preview num";
    (input.closest(".affix") ?? input).after(line);
  }
  line.setAttribute("aria-live", "polite");
  const show = () => {
    const yuan = yuanOf(input.value, input.dataset.unit ?? "元");
    line.textContent = yuan === null ? "" : (input.dataset.previewWords ?? "= {amount}").replace("{amount}", inWords(yuan, isEnglish));
  };
  input.addEventListener("input", show);
  show();
}
