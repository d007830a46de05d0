// What a browser with script adds: the menu open on a wide screen, search on first touch, everything unfolded on paper.
// It stands in each page, for a phone waits longer for one more file than for these few letters.
(() => {
  const base = document.currentScript.dataset.base
  const here = path => new URL(`${base}/${path}`, location).href
  const all = (what, open) => document.querySelectorAll(what).forEach(part => { part.open = open })

  addEventListener("beforeprint", () => all("main details", true))

  const wide = matchMedia("(min-width: 76.25em)")
  const arrange = () => all(".guide-menu, .guide-toc", wide.matches)

  // Search comes when somebody opens it: until then it costs nothing.
  const open = async () => (await import(here("assets/search.js"))).open(here)

  addEventListener("DOMContentLoaded", () => {
    arrange()
    wide.addEventListener("change", arrange)
    const button = document.querySelector(".guide-search")
    button.style.visibility = "visible"
    button.addEventListener("click", open)
  })
  // A second later, so that nothing that is read waits for it.
  addEventListener("load", () => setTimeout(() => { if (document.querySelector(".open-now")) import(here("assets/open.js")) }, 1000))
})()
