// Tables: search, sort and pages by DataTables. What is not known comes last, whichever way a column is sorted.
const unknownLast = (first, second, way) => {
  if (first === null || second === null) return (first === null) - (second === null);
  return way * (first - second);
};
DataTable.type("known", {
  order: { asc: (a, b) => unknownLast(a, b, 1), desc: (a, b) => unknownLast(a, b, -1) },
});
DataTable.ext.errMode = "throw";

function language(what) {
  return {
    search: `Search ${what}`,
    lengthMenu: "Rows _MENU_",
    info: `_START_ to _END_ of _TOTAL_ ${what}`,
    infoEmpty: `No ${what} to show`,
    infoFiltered: "(picked out of _MAX_)",
    zeroRecords: `None of the ${what} fits. Change the search or the choices.`,
    emptyTable: `No ${what}`,
    paginate: { first: "First", previous: "Previous", next: "Next", last: "Last" },
  };
}

function settings(what, rows) {
  return {
    autoWidth: false,
    deferRender: true,
    order: [],
    orderClasses: false,
    orderCellsTop: true,
    pageLength: rows,
    lengthMenu: [10, 25, 50, 100],
    layout: { topStart: "search", topEnd: "pageLength", bottomStart: "info", bottomEnd: "paging" },
    language: language(what),
  };
}

// The number that a cell's words begin with: "about 30 in 100", "1,234", "fewer than 1 in 100"; null for a dash.
function numberIn(html) {
  const words = html.replace(/<[^>]*>/g, " ").replace(/,/g, "").replace("−", "-");
  const found = words.match(/-?\d+(\.\d+)?/);
  if (!found) return null;
  const shift = words.includes("fewer than") ? -0.5 : words.includes("more than") ? 0.5 : 0;
  return Number(found[0]) + shift;
}

function enhance(table) {
  const what = table.dataset.list;
  const asNumber = (cell, type) => (type === "sort" || type === "type" ? numberIn(cell) : cell);
  const made = new DataTable(table, {
    ...settings(what, Number(table.dataset.rows || 25)),
    columnDefs: [{ targets: "n", type: "known", render: asNumber }],
  });
  inRegion(made, what);
  return made;
}

// A wide table scrolls inside its own region, which the keyboard reaches.
function inRegion(made, what) {
  const box = made.table().node().parentElement;
  box.classList.add("scroll");
  box.tabIndex = 0;
  box.setAttribute("role", "region");
  box.setAttribute("aria-label", `Table of ${what}`);
}

function plainRegions() {
  document.querySelectorAll("div.scroll").forEach((box) => {
    const table = box.querySelector("table");
    if (box.tabIndex === 0 || !table || table.dataset.list || table.id === "schools") return;
    box.tabIndex = 0;
    box.setAttribute("role", "region");
    box.setAttribute("aria-label", table.caption ? table.caption.textContent.trim().slice(0, 60) : "Table");
  });
}
