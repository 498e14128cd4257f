for (const table of document.querySelectorAll("table.sortable")) {
  const headers = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  for (const header of headers) {
    if (!header.dataset.column) continue;
    const button = document.createElement("button");
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => {
      const sign = header.ariaSort === "descending" ? 1 : -1;
      for (const other of headers) other.ariaSort = null;
      header.ariaSort = sign > 0 ? "ascending" : "descending";
      const value = (row) => {
        const text = row.cells[header.dataset.column].dataset.value;
        return text === undefined || text === "" ? sign * Infinity : Number(text);
      };
      const rows = [...table.tBodies[0].rows].sort((a, b) => sign * (value(a) - value(b)) || 0);
      for (const row of rows) row.classList.remove("break");
      table.tBodies[0].append(...rows);
    });
  }
}
