// The schools of the run: columns of texts and of numbers to sort by, row by row.
const data = JSON.parse(document.getElementById("data").textContent);
const schoolCount = data.columns.urn.values.length;

function textOf(name, row) {
  const column = data.columns[name];
  if (!column) return "";
  if (column.parts) return column.rows[row].map((part) => column.parts[part]).join(column.joined);
  return column.words ? column.words[column.codes[row]] ?? "" : column.values[row];
}

function orderOf(name, row) {
  const column = data.columns[`${name}_order`];
  return column ? column.values[row] : null;
}

function escaped(text) {
  const named = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return String(text).replace(/[&<>"']/g, (character) => named[character]);
}

function element(name, words, kind) {
  const made = document.createElement(name);
  if (words !== undefined) made.textContent = words;
  if (kind) made.className = kind;
  return made;
}
