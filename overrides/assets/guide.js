// What a browser with script adds: buttons for the menu and the search, the search on first touch, everything unfolded on paper.
(() => {
  const root = new URL("..", document.currentScript.src)
  const here = path => new URL(path, root).href
  const one = what => document.querySelector(what)
  const all = (what, open) => document.querySelectorAll(what).forEach(part => { part.open = open })

  // A lost request is told, and tried again until it comes.
  const lost = is => { one(".find-lost").hidden = !is }
  const load = (path, wait = 1000) => {
    const script = document.createElement("script")
    script.src = here(path)
    script.onload = () => lost(false)
    script.onerror = () => { lost(true); script.remove(); setTimeout(load, wait, path, Math.min(2 * wait, 30_000)) }
    document.head.append(script)
  }
  const search = () => {
    if (window.guide) return
    window.guide = { here, load, lost }
    const style = document.createElement("link")
    style.rel = "stylesheet"
    style.href = here("assets/find.css")
    document.head.append(style)
    load("assets/find.js")
  }

  addEventListener("beforeprint", () => all("article details", true))

  const wide = matchMedia("(min-width: 60em)")
  const arrange = () => all("details.md-nav--secondary", wide.matches)
  arrange()
  wide.addEventListener("change", arrange)

  // A label opens by touch alone; a button opens by key, too, and says whether it is open.
  document.querySelectorAll("nav > .md-header__button").forEach(label => {
    const button = document.createElement("button"), way = label.getAttribute("for"), toggle = document.getElementById(way)
    const part = one(way === "__drawer" ? ".md-sidebar--primary" : ".md-search"), first = part.querySelector("input, a[href]")
    for (const { name, value } of label.attributes) button.setAttribute(name, value)
    const tell = () => button.setAttribute("aria-expanded", toggle.checked)
    const close = () => { if (toggle.checked) toggle.click() }
    button.type = "button"
    button.append(...label.childNodes)
    button.onclick = () => { toggle.click(); if (toggle.checked) first.focus() }
    toggle.addEventListener("change", tell)
    part.addEventListener("keydown", event => { if (event.key === "Escape" && toggle.checked) { close(); button.focus() } })
    part.addEventListener("focusout", ({ relatedTarget: to }) => { if (to && to !== button && !part.contains(to)) close() })
    tell()
    label.replaceWith(button)
  })
  for (const kind of ["pointerdown", "focusin"]) one(".md-header").addEventListener(kind, event => { if (event.target.closest(".md-search, [for=__search]")) search() })
  // A second later, so that nothing that is read waits for it.
  addEventListener("load", () => setTimeout(() => { if (one(".open-now")) load("assets/open.js") }, 1000))
})()
