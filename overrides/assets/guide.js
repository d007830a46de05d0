// What a browser with script adds: buttons for the menu and the search, the search on first touch, everything unfolded on paper.
(() => {
  const root = new URL("..", document.currentScript.src)
  const here = path => new URL(path, root).href
  const one = what => document.querySelector(what)
  const all = (what, open) => document.querySelectorAll(what).forEach(part => { part.open = open })

  // A lost request is told, and tried again until it comes. LOST is what partials/search.html says of it.
  const missing = new Set()
  const lost = (is, path) => {
    missing[is ? "add" : "delete"](path)
    if (is && !one(".find-lost")) (one(".find-call") || one(".md-header nav")).insertAdjacentHTML("afterend", LOST)
    if (!missing.size) one(".find-lost")?.remove()
  }
  const load = (path, wait = 1000) => {
    const style = path.endsWith("css"), part = document.createElement(style ? "link" : "script")
    part.rel = "stylesheet"
    part[style ? "href" : "src"] = here(path)
    part.onload = () => lost(false, path)
    part.onerror = () => { lost(true, path); part.remove(); setTimeout(load, wait, path, Math.min(2 * wait, 30_000)) }
    document.head.append(part)
  }

  // A label opens by touch alone; a button opens by key, too, and says whether it is open.
  const buttons = [...document.querySelectorAll("nav > .md-header__button")].map(label => {
    const button = document.createElement("button"), toggle = document.getElementById(label.getAttribute("for"))
    for (const { name, value } of label.attributes) button.setAttribute(name, value)
    const tell = () => button.setAttribute("aria-expanded", toggle.checked)
    button.type = "button"
    button.append(...label.childNodes)
    toggle.addEventListener("change", tell)
    tell()
    label.replaceWith(button)
    return button
  })
  const opens = (button, part) => {
    const toggle = document.getElementById(button.getAttribute("for"))
    const close = () => { if (toggle.checked) toggle.click() }
    const focus = () => part.querySelector("input, a[href]").focus()
    button.onclick = () => { toggle.click(); if (toggle.checked) focus() }
    part.addEventListener("keydown", event => { if (event.key === "Escape" && toggle.checked) { close(); button.focus() } })
    part.addEventListener("focusout", ({ relatedTarget: to }) => { if (to && to !== button && !part.contains(to)) close() })
    if (toggle.checked) focus()
  }
  const [menu, search] = buttons
  opens(menu, one(".md-sidebar--primary"))

  // A field at once, for a phone shows its keyboard only in answer to the touch; find.js brings the rest, and takes over what was typed.
  search.onclick = () => {
    const field = document.createElement("input")
    field.className = "md-search__input"
    search.after(field)
    field.focus()
    window.guide = { here, load, lost, field, search, opens }
    search.onclick = null
    load("assets/find.css")
    load("assets/find.js")
  }

  // Older browsers leave what an address leads to folded.
  const unfold = () => {
    const place = document.getElementById(location.hash.slice(1)), fold = place?.closest("details:not([open])")
    if (fold) { fold.open = true; place.scrollIntoView() }
  }
  unfold()
  addEventListener("hashchange", unfold)

  addEventListener("beforeprint", () => all("article details", true))

  const wide = matchMedia("(min-width: 60em)"), arrange = () => all("details.md-nav--secondary", wide.matches)
  arrange()
  wide.addEventListener("change", arrange)

  // A notice goes at the end of its last day, and a check of the guide is overdue from its day on, without a new build.
  const tell = () => document.querySelectorAll(".md-banner p").forEach(part => { part.hidden = part.dataset.from > Date.now() || part.dataset.until <= Date.now() })
  tell()
  setInterval(tell, 1000)

  // A second later, so that nothing that is read waits for it.
  addEventListener("load", () => setTimeout(() => { if (one(".open-now")) load("assets/open.js") }, 1000))
})()
