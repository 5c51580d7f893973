/* Adds up the items of a contract while they are typed: total, technical part, and what is deducted.
   data-sums around a formset; data-sum-amount and data-sum-technical on its inputs; data-sum="total|technical|deducted". */
import { inWords, yuanOf } from "./money.js";

export default function start(section) {
  const isEnglish = document.documentElement.lang === "en";
  const add = () => {
    const sums = { total: 0, technical: 0, deducted: 0 };
    for (const row of section.querySelectorAll("[data-formset-row]")) {
      const amount = row.querySelector("[data-sum-amount]");
      const yuan = row.hidden || !amount ? null : yuanOf(amount.value, amount.dataset.unit);
      if (yuan === null) continue;
      sums.total += yuan;
      sums[row.querySelector("[data-sum-technical]").checked ? "technical" : "deducted"] += yuan;
    }
    for (const [name, yuan] of Object.entries(sums)) {
      section.querySelector(`[data-sum="${name}"]`).textContent = inWords(Math.round(yuan * 100) / 100, isEnglish);
    }
  };
  section.addEventListener("input", add);
  section.addEventListener("formset:changed", add);
  add();
}
