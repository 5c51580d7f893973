/* The board of deals: a card is dragged to a column, or moved with Shift and an arrow key while the focus is in it.
   Both only ask for the page of the move, as the menu of the card does; what is not allowed, the server says, and the
   card stands where it stood. Cards: data-move (address), data-may (columns it may go to). Columns: data-state.
   Cards that a column's link brings later are moved like the first, and the focus goes on to the first of them. */
const TYPE = "application/x-deal";

export default function start(board) {
  const columns = [...board.querySelectorAll("[data-state]")];
  const cardOf = (event) => event.target.closest?.("[data-move]");
  let dragged = null;
  let leftAt = null;

  const ask = (card, state) => {
    if (state && state !== card.closest("[data-state]").dataset.state) {
      location.assign(`${card.dataset.move}${card.dataset.move.includes("?") ? "&" : "?"}to=${state}`);
    }
  };
  const mark = (card) => {
    const may = card ? card.dataset.may.split(" ") : [];
    for (const column of columns) column.toggleAttribute("data-free", may.includes(column.dataset.state));
  };

  for (const card of board.querySelectorAll("[data-move]")) card.draggable = true;
  board.addEventListener("dragstart", (event) => {
    const card = cardOf(event);
    if (!card) return;
    dragged = card;
    event.dataTransfer.setData(TYPE, card.dataset.move);
    event.dataTransfer.effectAllowed = "move";
    mark(card);
  });
  board.addEventListener("dragend", () => mark((dragged = null)));
  board.addEventListener("keydown", (event) => {
    const card = cardOf(event);
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!card || !step || !event.shiftKey) return;
    event.preventDefault();
    ask(card, columns[columns.indexOf(card.closest("[data-state]")) + step]?.dataset.state);
  });
  board.addEventListener("htmx:beforeSwap", (event) => {
    leftAt = document.activeElement === event.detail.elt ? event.detail.elt.previousElementSibling : null;
  });
  board.addEventListener("htmx:load", (event) => {
    const card = event.detail.elt;
    if (!card.matches("[data-move]")) return;
    card.draggable = true;
    if (!leftAt || card.previousElementSibling !== leftAt) return;
    leftAt = null;
    card.querySelector("a").focus();
  });
  for (const column of columns) {
    column.addEventListener("dragover", (event) => dragged && event.preventDefault());
    column.addEventListener("drop", (event) => {
      event.preventDefault();
      if (dragged) ask(dragged, column.dataset.state);
    });
  }
}
