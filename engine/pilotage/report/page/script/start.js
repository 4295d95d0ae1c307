// Start: what is asked for by the address is shown, and the lists become tables that can be searched and sorted.
function followAddress() {
  const named = location.hash.match(/^#school-(\d+)$/);
  const row = named ? rowOf(Number(named[1])) : -1;
  if (row >= 0) {
    openSheet(row);
    return;
  }
  if (dialog.open) dialog.close();
  showAddress();
}

document.documentElement.classList.add("scripted");
makeTabs();
showTab(0);
makeSchools();
const lists = [...document.querySelectorAll("table[data-list]")].map(enhance);
plainRegions();
followAddress();
window.addEventListener("hashchange", followAddress);

// On paper a list has all its rows, or as many as it says; the long table of schools has the page that is shown.
const lengths = new Map();
window.addEventListener("beforeprint", () => {
  if (dialog.open) return;
  lists.forEach((list) => {
    lengths.set(list, list.page.len());
    list.page.len(Number(list.table().node().dataset.paper || -1)).draw(false);
  });
});
window.addEventListener("afterprint", () => {
  lengths.forEach((rows, list) => list.page.len(rows).draw(false));
  lengths.clear();
});
document.documentElement.dataset.ready = "yes";
