// Search in the words of the guide. They are fetched when it is opened, and nothing that is typed leaves the page.
let dialog, input, list, status, engine
// Questions that wait for their answer: only the last answer is shown, and Enter waits for it, or focus would be lost with the links that it replaces.
let asked = 0, entered = false

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
  input.addEventListener("input", () => { entered = false; ask() })
  input.addEventListener("keydown", event => {
    if (event.key !== "Enter") return
    event.preventDefault()
    if (asked || !engine) entered = true
    else list.querySelector("a")?.focus()
  })
  dialog.addEventListener("click", event => { if (event.target === dialog) dialog.close() })
}

const load = async here => {
  status.textContent = "Loading the search …"
  const index = await (await fetch(here("search/search_index.json"))).json()
  const worker = new Worker(here(document.querySelector("[data-search]").dataset.search))
  worker.onmessage = ({ data }) => {
    if (data.type === 1) { engine = worker; status.textContent = ""; ask() }
    if (data.type === 3 && !--asked) show(data.data.items, here)
  }
  worker.postMessage({ type: 0, data: { ...index, options: { suggest: false } } })
}

// Each word may be the beginning of a longer one: "pan" finds "panic".
const ask = () => {
  const words = input.value.trim().replace(/[+\-:^~*"]/g, " ").split(/\s+/).filter(Boolean)
  if (!words.length) { list.replaceChildren(); status.textContent = ""; return }
  if (!engine) return
  asked += 1
  engine.postMessage({ type: 2, data: words.map(word => `${word}^10 ${word}*`).join(" ") })
}

const show = (pages, here) => {
  if (!input.value.trim()) return
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
    `Nothing found. Try another word, or call us: ${phone.textContent}`
  if (entered) list.querySelector("a")?.focus()
}

export const open = here => {
  if (!dialog) { build(); load(here) }
  dialog.showModal()
  input.focus()
}
