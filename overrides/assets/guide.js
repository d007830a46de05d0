// What a browser with script adds: the menu open on a wide screen, search on first touch, everything unfolded on paper.
(() => {
  const base = document.currentScript.dataset.base
  const here = path => new URL(`${base}/${path}`, location).href

  const unfold = () => document.querySelectorAll("main details").forEach(part => { part.open = true })
  addEventListener("beforeprint", unfold)

  const wide = matchMedia("(min-width: 76.25em)")
  const arrange = () => document.querySelectorAll(".guide-menu, .guide-toc").forEach(part => { part.open = wide.matches })

  // Search comes when somebody opens it: until then it costs nothing.
  const open = async () => (await import(here("assets/search.js"))).open(here)

  addEventListener("DOMContentLoaded", () => {
    arrange()
    wide.addEventListener("change", arrange)
    const button = document.querySelector(".guide-search")
    button.style.visibility = "visible"
    button.addEventListener("click", open)
    addEventListener("keydown", event => {
      if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) { event.preventDefault(); open() }
    })
  })
})()
