/* Shows what an amount in a field means, so that 220 and 2200000 are not mixed up.
   data-money on an input; data-unit 元 or 万元 (what a bare number means); data-preview-words "= {amount}";
   data-preview-id: where to write it (an element; one is made behind the field otherwise). Parsing is the server's. */
const UNITS = { "": 0, "元": 1, "圆": 1, "万": 1e4, "万元": 1e4, "亿": 1e8, "亿元": 1e8 };
const PATTERN = /^[¥￥]?\s*(\d+(?:\.\d+)?)\s*(元|圆|万元?|亿元?)?$/;

export function yuanOf(text, unit) {
  const plain = text.normalize("NFKC").replaceAll(",", "").replaceAll(" ", "").trim();
  const match = PATTERN.exec(plain);
  return match ? Number(match[1]) * (UNITS[match[2] ?? ""] || UNITS[unit]) : null;
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
