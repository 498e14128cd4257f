// Tables: a click on a header sorts by its column, by numbers (data-value, else the text's) before words.
for (const table of document.querySelectorAll("table.sortable")) {
  const headers = [...table.tHead.rows[table.tHead.rows.length - 1].cells];
  for (const header of headers) {
    if (!header.textContent) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.append(...header.childNodes);
    header.append(button);
    button.addEventListener("click", () => sort(table, headers, header));
  }
}

function sort(table, headers, header) {
  const [text, number] = [(row) => row.cells[header.cellIndex].textContent.trim(), (row) => {
    const value = row.cells[header.cellIndex].dataset.value ?? text(row).replace("−", "-");
    return value === "" ? NaN : Number.parseFloat(value);
  }];
  const rows = [...table.tBodies[0].rows];
  const byNumber = rows.some((row) => !Number.isNaN(number(row)));
  const descends = header.ariaSort === null ? byNumber : header.ariaSort === "ascending";
  const sign = descends ? -1 : 1;
  for (const other of headers) other.ariaSort = null;
  header.ariaSort = descends ? "descending" : "ascending";
  rows.sort((a, b) => {
    if (!byNumber) return sign * text(a).localeCompare(text(b));
    const [one, other] = [number(a), number(b)];
    return Number.isNaN(one) - Number.isNaN(other) || sign * (one - other) || 0; // without a number: last
  });
  for (const row of rows) row.classList.remove("break");
  table.tBodies[0].append(...rows);
}

// Files: the picture as it stands in the page, the numbers as they were packed.
for (const button of document.querySelectorAll("[data-get]")) {
  const kind = button.dataset.get;
  button.setAttribute("aria-label", `${kind.toUpperCase()}: ${title(button)}`);
  button.addEventListener("click", async () => {
    save(kind === "svg" ? picture(button) : await numbers(button), `${fileName(button)}.${kind}`);
  });
}

function picture(button) {
  const light = [...document.styleSheets[0].cssRules].find((rule) => rule.selectorText === ":root").style;
  const drawing = new XMLSerializer().serializeToString(button.parentElement.previousElementSibling);
  const style = "<style>text { font-family: sans-serif } .halo text { paint-order: stroke; stroke: #fff; " +
    "stroke-width: 3px; stroke-linejoin: round } image { image-rendering: pixelated }</style>";
  const text = drawing.replace(">", `>${style}`).replace(/var\((--[\w-]+)\)/g, (_, name) => light.getPropertyValue(name).trim());
  return new Blob(['<?xml version="1.0" encoding="utf-8"?>\n', text, "\n"], { type: "image/svg+xml" });
}

async function numbers(button) {
  const packed = Uint8Array.from(atob(button.dataset.numbers), (letter) => letter.charCodeAt(0));
  const text = await new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  return new Blob([text], { type: "text/csv" });
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}

function fileName(button) {
  const section = button.closest("section");
  const own = section?.querySelector(".kicker") ? section.querySelector("h2").textContent : "";
  const words = [document.querySelector("h1").textContent, own, title(button)].join(" ").toLowerCase();
  return words.replace(/[^\p{L}\p{N}.]+/gu, "-").replace(/^[-.]+|[-.]+$/g, "").slice(0, 100);
}

function title(button) {
  const caption = button.closest("figure")?.querySelector("figcaption");
  const above = [...document.querySelectorAll("h2, h3, h4, summary")]
    .filter((heading) => heading.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING)
    .filter((heading) => heading.tagName !== "SUMMARY" || heading.parentElement.contains(button));
  return [above.at(-1), caption].map((element) => element?.textContent.trim() ?? "").join(" ").trim();
}
