// A school's sheet: its facts in a dialog, and the same without leaders and without other schools for the printer.
const dialog = document.getElementById("sheet");
const printed = document.getElementById("sheet-print");

function rowOf(urn) {
  return data.columns.urn.values.indexOf(urn);
}

function openSheet(row) {
  dialog.replaceChildren(...sheetParts(row, true));
  printed.replaceChildren(...sheetParts(row, false));
  document.documentElement.classList.add("sheet-open");
  if (!dialog.open) dialog.showModal();
  dialog.scrollTop = 0;
}

function sheetParts(row, whole) {
  const title = element("h2", textOf("name", row));
  if (whole) title.id = "sheet-title";
  const parts = [title, ...(whole ? [buttons()] : []), element("p", `URN ${textOf("urn", row)}. As of ${data.asOf}.`, "question")];
  if (!whole) parts.push(element("p", data.sheet.printedFor));
  if (data.banner) parts.push(element("p", data.banner, "banner"));
  parts.push(element("p", data.sheet.note, "question"));
  const facts = element("div", undefined, "sheet-facts");
  data.sheet.parts.forEach((part) => facts.append(...factsOf(part, row, whole)));
  parts.push(facts);
  if (whole) parts.push(...similarTo(row), inFull(row));
  return parts;
}

function factsOf(part, row, whole) {
  const known = part.facts.filter(([, name, kind]) => (whole || !kind) && textOf(name, row) !== "");
  if (!known.length) return [];
  const list = element("dl");
  for (const [words, name] of known) {
    const text = textOf(name, row);
    list.append(element("dt", words), element("dd", name === "status" ? statusWords(text, whole) : text));
  }
  const box = element("section");
  box.append(element("h3", part.title), list);
  return [box];
}

function statusWords(status, whole) {
  if (!whole) return data.sheet.printedStatuses[status];
  return data.statuses[status] ? `${status}. ${data.statuses[status]}` : status;
}

function similarTo(row) {
  const near = data.similar[row];
  if (!near.length) return [];
  const list = element("ul", undefined, "similar");
  for (const other of near) {
    const link = element("a", textOf("name", other));
    link.href = `#school-${textOf("urn", other)}`;
    const facts = [
      textOf("authority", other),
      `${textOf("disadvantaged", other)} of ${textOf("pupils", other)} pupils disadvantaged`,
      textOf("judged", other),
      textOf("gap", other) && `${textOf("gap", other)} months behind`,
    ];
    const item = element("li");
    item.append(link, `: ${facts.filter(Boolean).join("; ")}`);
    list.append(item);
  }
  return [element("h3", "Similar schools"), element("p", data.sheet.similar, "question"), list];
}

function buttons() {
  const box = element("p", undefined, "buttons");
  const print = element("button", "Print this sheet");
  print.type = "button";
  print.addEventListener("click", () => window.print());
  const close = element("button", "Close");
  close.type = "button";
  close.addEventListener("click", () => dialog.close());
  box.append(print, close);
  return box;
}

function inFull(row) {
  const more = element("p", "Why and why not, in full: ", "question");
  more.append(element("code", `pilotage explain RUN --school ${textOf("urn", row)}`));
  return more;
}

dialog.addEventListener("close", () => {
  document.documentElement.classList.remove("sheet-open");
  printed.replaceChildren();
  const shown = panels.find((panel) => panel.classList.contains("shown"));
  if (location.hash.startsWith("#school-")) history.replaceState(null, "", shown ? `#${shown.id}` : "#");
});
dialog.addEventListener("click", (event) => {
  if (event.target === dialog) dialog.close();
});
