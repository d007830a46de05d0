// What a browser with script adds: the menu open on a wide screen, search on first touch, everything unfolded on paper.
(() => {
  const base = document.currentScript.dataset.base
  const here = path => new URL(`${base}/${path}`, location).href

  const unfold = () => document.querySelectorAll("main details").forEach(part => { part.open = true })
  addEventListener("beforeprint", unfold)

  const wide = matchMedia("(min-width: 76.25em)")
  const arrange = () => document.querySelectorAll(".guide-menu, .guide-toc").forEach(part => { part.open = wide.matches })

  // Search: the words of the guide are fetched when somebody opens it, and nothing that is typed leaves the page.
  let dialog, input, list, status, engine

  const text = html => new DOMParser().parseFromString(html, "text/html").body.textContent

  const build = () => {
    dialog = document.createElement("dialog")
    dialog.className = "guide-results"
    dialog.setAttribute("aria-label", "Search this guide")
    dialog.innerHTML = `<form method="dialog"><label for="guide-query">Search this guide</label>
      <input id="guide-query" type="search" autocomplete="off" enterkeyhint="search">
      <button type="submit" formnovalidate>Close search</button></form>
      <p role="status"></p><ol></ol>`
    document.body.append(dialog)
    input = dialog.querySelector("input")
    list = dialog.querySelector("ol")
    status = dialog.querySelector("[role=status]")
    input.addEventListener("input", () => ask())
    input.addEventListener("keydown", event => {
      if (event.key !== "Enter") return
      event.preventDefault()
      list.querySelector("a")?.focus()
    })
    dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close() })
  }

  const load = async () => {
    status.textContent = "Loading the search …"
    const index = await (await fetch(here("search/search_index.json"))).json()
    engine = new Worker(here(document.querySelector("[data-search]").dataset.search))
    engine.onmessage = ({ data }) => {
      if (data.type === 1) { status.textContent = ""; ask() }
      if (data.type === 3) show(data.data.items)
    }
    engine.postMessage({ type: 0, data: { ...index, options: { suggest: false } } })
  }

  // Each word may be the beginning of a longer one: "pan" finds "panic".
  const ask = () => {
    const words = input.value.trim().replace(/[+\-:^~*"]/g, " ").split(/\s+/).filter(Boolean)
    if (!words.length) { list.replaceChildren(); status.textContent = ""; return }
    engine?.postMessage({ type: 2, data: words.map(word => `${word}^10 ${word}*`).join(" ") })
  }

  const show = pages => {
    const hits = pages.slice(0, 8).map(sections => [...sections].sort((one, other) => other.score - one.score)[0])
    list.replaceChildren(...hits.map(hit => {
      const item = document.createElement("li")
      const link = item.appendChild(document.createElement("a"))
      link.href = here(hit.location)
      link.textContent = text(hit.title)
      item.append(document.createElement("br"), text(hit.text).slice(0, 140))
      return item
    }))
    const phone = document.querySelector(".md-footer a[href^='tel:']")
    status.textContent = hits.length ? `${hits.length} page${hits.length > 1 ? "s" : ""} found` :
      input.value.trim() ? `Nothing found. Try another word, or call us: ${phone.textContent}` : ""
  }

  const open = () => {
    if (!dialog) { build(); load() }
    dialog.showModal()
    input.focus()
  }

  addEventListener("DOMContentLoaded", () => {
    arrange()
    wide.addEventListener("change", arrange)
    const button = document.querySelector(".guide-search")
    button.hidden = false
    button.addEventListener("click", open)
    addEventListener("keydown", event => {
      if (event.key === "/" && !/INPUT|TEXTAREA|SELECT/.test(event.target.tagName)) { event.preventDefault(); open() }
    })
  })
})()
