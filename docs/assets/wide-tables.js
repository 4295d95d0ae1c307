// A table that is wider than its page is scrolled: let the keyboard reach it too.
function reach() {
  for (const table of document.querySelectorAll(".md-typeset__scrollwrap")) {
    if (table.scrollWidth > table.clientWidth) table.tabIndex = 0
    else table.removeAttribute("tabindex")
  }
}
new MutationObserver(reach).observe(document.documentElement, { childList: true, subtree: true })
addEventListener("resize", reach)
