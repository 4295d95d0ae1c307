// Tabs: links to the parts of the page become a list of tabs; without script all parts are shown, one below another.
const tabs = [...document.querySelectorAll(".tabs a")];
const panels = [...document.querySelectorAll(".panel")];

function makeTabs() {
  const list = document.querySelector(".tabs ul");
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", "Parts of this report");
  document.querySelector(".tabs").removeAttribute("aria-label");
  document.querySelector(".tabs").setAttribute("role", "presentation");
  tabs.forEach((tab, place) => {
    const panel = panels[place];
    tab.parentElement.setAttribute("role", "presentation");
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    tab.addEventListener("click", (event) => {
      event.preventDefault();
      showTab(place);
      history.replaceState(null, "", `#${panel.id}`);
    });
    tab.addEventListener("keydown", (event) => moveAlong(event, place));
  });
}

function showTab(place) {
  tabs.forEach((tab, each) => {
    const chosen = each === place;
    tab.setAttribute("aria-selected", String(chosen));
    tab.tabIndex = chosen ? 0 : -1;
    panels[each].classList.toggle("shown", chosen);
  });
}

function moveAlong(event, place) {
  const last = tabs.length - 1;
  const places = {
    ArrowRight: place === last ? 0 : place + 1,
    ArrowLeft: place === 0 ? last : place - 1,
    Home: 0,
    End: last,
  };
  if (event.key === " ") {
    event.preventDefault();
    tabs[place].click();
  }
  if (!(event.key in places)) return;
  event.preventDefault();
  tabs[places[event.key]].focus();
  tabs[places[event.key]].click();
}

// Shows the tab that an address names, by the part itself or by anything inside it; the first tab where it names none.
function showAddress() {
  const named = location.hash ? document.getElementById(decodeURIComponent(location.hash.slice(1))) : null;
  const place = named ? panels.findIndex((panel) => panel.contains(named)) : -1;
  if (place >= 0 || !panels.some((panel) => panel.classList.contains("shown"))) showTab(Math.max(0, place));
  if (place >= 0) named.scrollIntoView();
}
