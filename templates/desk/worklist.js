// Makes the worklist quicker to work with; the page is whole without it.
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const form = byId("filter");
  if (!form) return;
  const rows = [...document.querySelectorAll("table.worklist tbody tr")];
  const words = (cell) => (cell ? cell.textContent.replace(/\s+/g, " ").trim() : "");
  const shown = (row) => {
    const name = byId("filter-name").value.trim().toLowerCase();
    const group = byId("filter-group").value;
    const state = byId("filter-state").value;
    const sections = [...row.querySelectorAll("td")].slice(0, byId("filter-group").options.length - 1);
    const asked = group === "" ? sections : [sections[Number(group)]];
    return words(row.querySelector("th")).toLowerCase().includes(name)
      && (state === "" || asked.some((cell) => words(cell).includes(state)))
      && (!byId("filter-new").checked || row.dataset.new === "ja");
  };
  const filter = () => {
    let count = 0;
    for (const row of rows) {
      row.hidden = !shown(row);
      count += row.hidden ? 0 : 1;
    }
    byId("filter-count").textContent = `${count} av ${rows.length} visas`;
  };
  const sort = (table, column, up) => {
    const body = table.tBodies[0];
    const value = (row) => words(row.children[column]);
    const compare = (a, b) => value(a).localeCompare(value(b), "sv", { numeric: true });
    [...body.rows].sort((a, b) => (up ? compare(a, b) : compare(b, a))).forEach((row) => body.append(row));
  };
  for (const table of document.querySelectorAll("table.worklist")) {
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = head.textContent;
      head.replaceChildren(button);
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        sort(table, column, up);
      });
    });
  }
  form.hidden = false;
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  filter();
})();
