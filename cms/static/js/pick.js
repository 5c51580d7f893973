/* A long list of check boxes (components/widgets/pick_many.html): a search over all groups, and what is ticked is carried
   to the top, what is unticked back to its group. Without this the groups are opened by hand. */
export default function start(pick) {
  const chosen = pick.querySelector("[data-pick-chosen]");
  const search = pick.querySelector("[data-pick-search]");
  const nothing = pick.querySelector("[data-pick-nothing]");
  const groups = [...pick.querySelectorAll("[data-pick-group]")];

  function carry(box) {
    const label = box.closest("label");
    const home = groups.find((group) => group.dataset.pickGroup === label.dataset.pickOf).querySelector(".choices");
    const before = search.getBoundingClientRect().top;
    const boxes = [...home.children];
    if (box.checked) chosen.append(label);
    else home.insertBefore(label, boxes.find((other) => other.textContent > label.textContent) ?? null);
    scrollBy({ top: search.getBoundingClientRect().top - before, behavior: "instant" });
    box.focus({ preventScroll: true });
    find();
  }

  function find() {
    const words = search.value.trim().toLowerCase();
    let found = 0;
    for (const group of groups) {
      const labels = [...group.querySelectorAll("label")];
      for (const label of labels) label.hidden = Boolean(words) && !label.textContent.toLowerCase().includes(words);
      const hits = labels.filter((label) => !label.hidden).length;
      group.hidden = Boolean(words) && !hits;
      if (words) group.open = hits > 0;
      found += hits;
    }
    nothing.hidden = !words || found > 0;
  }

  search.hidden = false;
  search.addEventListener("input", (event) => {
    event.stopPropagation(); // it is no answer of the form
    find();
    if (!search.value) for (const group of groups) group.open = false;
  });
  search.addEventListener("change", (event) => event.stopPropagation());
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  pick.addEventListener("change", (event) => event.target.type === "checkbox" && carry(event.target));
}
