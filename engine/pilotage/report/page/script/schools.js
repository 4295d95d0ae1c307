// The table of every school, and the choices that pick schools out of it.
const cells = [
  { name: "rank", number: true },
  { name: "name" },
  { name: "judged" },
  { name: "risk", number: true },
  { name: "gap", number: true },
  { name: "need", number: true },
  { name: "band" },
  { name: "status" },
];

function schoolCell(row) {
  const about = [textOf("urn", row), textOf("authority", row), textOf("phase", row)].filter(Boolean).join(" · ");
  const missing = textOf("missing", row);
  const paper = [textOf("reasons", row), missing && `Not known: ${missing}.`, textOf("marks", row)].filter(Boolean);
  return (
    `<a href="#school-${textOf("urn", row)}">${escaped(textOf("name", row))}</a><small>${escaped(about)}</small>` +
    `<small class="paper">${escaped(paper.join(" "))}</small>`
  );
}

// The text that a search looks in, with and without accents, since what is typed is compared without.
function searchedText(row) {
  const text = ["name", "urn", "authority", "trust", "area"].map((name) => textOf(name, row)).join(" ");
  return escaped(DataTable.util.diacritics(text, true));
}

function cellOf({ name, number }) {
  return {
    data: (row, type) => {
      if (type === "sort" || type === "type") return orderOf(name, row.at);
      if (name === "name") return type === "filter" ? searchedText(row.at) : schoolCell(row.at);
      return escaped(textOf(name, row.at));
    },
    type: "known",
    searchable: name === "name",
    className: number ? "n" : "",
    cellType: name === "name" ? "th" : "td",
    createdCell: name === "name" ? (cell) => cell.setAttribute("scope", "row") : undefined,
  };
}

function makeSchools() {
  const rows = Array.from({ length: schoolCount }, (_, at) => ({ at }));
  const table = new DataTable("#schools", { ...settings("schools", 25), data: rows, columns: cells.map(cellOf) });
  inRegion(table, "schools");
  const form = document.getElementById("filters");
  fillChoices(form);
  table.search.fixed("choices", (_, row) => fits(form.chosen, row.at));
  form.chosen = [];
  form.addEventListener("change", () => pick(form, table));
  form.addEventListener("reset", () => setTimeout(() => pick(form, table)));
  form.hidden = false;
  table.on("click", "tbody tr", (event) => {
    const row = table.row(event.currentTarget).data();
    if (row && !event.target.closest("a")) location.hash = `school-${textOf("urn", row.at)}`;
  });
}

// A choice is "column:position of the text", so that no text of the data is looked at to find out what it is.
function fillChoices(form) {
  for (const select of form.querySelectorAll("select")) {
    const parts = select.dataset.columns.split(";").map((part) => part.split(":"));
    for (const [name, title] of parts) {
      const group = title && parts.length > 1 ? select.appendChild(document.createElement("optgroup")) : select;
      if (group !== select) group.label = title;
      distinct(name).forEach((words) => {
        const option = element("option", words);
        option.value = `${name}:${words}`;
        group.append(option);
      });
    }
  }
}

function distinct(name) {
  const column = data.columns[name];
  return column.words ?? [...new Set(column.values)].filter(Boolean).sort();
}

function pick(form, table) {
  form.chosen = [...form.querySelectorAll("select")]
    .filter((select) => select.value)
    .map((select) => {
      const [name] = select.value.split(":", 1);
      const words = select.value.slice(name.length + 1);
      const column = data.columns[name];
      const wanted = column.words ? column.words.indexOf(words) : words;
      return { values: column.words ? column.codes : column.values, wanted };
    });
  table.draw();
}

function fits(chosen, row) {
  return chosen.every(({ values, wanted }) => values[row] === wanted);
}
