// Beside Material's search: numbers to call at a word of danger, other spellings of what was typed, and a way on when a request is lost.
(() => {
  const { here, load, lost, field: first, search, opens, box, bundle, worker, config, danger, none, words } = window.guide
  const typed = first.value, toggle = document.getElementById("__search")
  search.insertAdjacentHTML("afterend", box)
  const field = document.querySelector("form > .md-search__input"), calls = document.querySelector(".find-call"), list = document.querySelector(".md-search-result__list")

  // Without accents and apostrophes: “can’t” is “cant” in the data.
  const plain = text => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f'’`´]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim()

  // The same but for one letter, or for two that changed places.
  const near = (one, other) => {
    let start = 0, end = 0
    while (start < one.length && one[start] === other[start]) start += 1
    while (end < Math.min(one.length, other.length) - start && one.at(-1 - end) === other.at(-1 - end)) end += 1
    const [here, there] = [one, other].map(word => word.slice(start, word.length - end))
    return here.length < 2 && there.length < 2 || here.length === 2 && here === [...there].reverse().join("")
  }

  // An entry fits where a word begins; a full stop ends its last word. A long one may have a letter wrong, unless it ends in a small word.
  const from = typed => typed.split(" ").map((_, n, all) => all.slice(n).join(" "))
  const fits = (typed, entry) => ` ${typed} `.includes(` ${entry.endsWith(".") ? `${entry.slice(0, -1)} ` : entry}`)
  const almost = (typed, entry) => entry.length > 8 && !/ .{1,3}$/.test(entry) && from(typed).some(rest => [-1, 0, 1].some(more => near(rest.slice(0, entry.length + more), entry)))
  // Two thirds of an entry are enough, while somebody types.
  const begins = (typed, entry) => from(typed).some(end => end.length > 4 && end.length * 3 >= entry.length * 2 && entry.startsWith(end))
  const dangerous = typed => danger.find(({ words }) => words.some(word => fits(typed, word))) || danger.find(({ words }) => words.some(word => begins(typed, word) || almost(typed, word)))

  // A question as Material's search reads it: each word, also as the beginning of one (but not “i” or “do”, unless somebody still types), or those that it may be meant to be, then the guide's own words for it.
  const known = new Set()
  const asked = text => {
    const meant = plain(text).split(" ").filter(Boolean).map(word => word.length < 4 || known.has(word) || [...known].some(one => one.startsWith(word)) ? [word] : [word, ...[...known].filter(one => near(word, one))])
    const typed = meant.flat().join(" "), own = Object.entries(words).filter(([word]) => fits(typed, `${word}.`)).flatMap(([, said]) => said.split(" "))
    return [...meant.flat().map((word, n, all) => word.length > 2 || n === all.length - 1 ? `${word}^8 ${word}*^3` : `${word}^8`), ...own.map(word => `${word}^6`), ...[dangerous(plain(text))?.place].filter(Boolean).map(place => `${place}^99`)].join(" ")
  }
  const learn = ({ docs }) => { for (const { title, text, tags = [] } of docs) for (const word of plain(`${title} ${text.replace(/<[^>]*>/g, " ")} ${tags} ${Object.keys(words)}`).split(" ")) if (word.length > 3) known.add(word) }

  // Above the results at a word of danger, and where nothing is found: somebody may have asked in another language.
  const warn = found => {
    const said = dangerous(plain(field.value))?.html || (found?.length === 0 && plain(field.value).length > 2 ? none : "")
    if (calls.dataset.said !== said) calls.innerHTML = calls.dataset.said = said
  }
  field.addEventListener("input", () => warn())
  field.value = typed
  warn()
  if (!toggle.checked) toggle.click()
  opens(search, document.querySelector(".md-search"))
  first.remove()

  const get = async (path, wait = 1000) => {
    try {
      const answer = await fetch(here(path))
      if (!answer.ok) throw answer.status
      lost(false, path)
      return await answer.json()
    } catch {
      lost(true, path)
      await new Promise(done => { setTimeout(done, wait) })
      return get(path, Math.min(2 * wait, 30_000))
    }
  }

  // A hit is the section that says it, under the title of its page. Words that only lead to it are not shown, and one that was misspelled is not missing.
  const sections = hits => {
    const [{ score }] = hits, inside = hits.filter(hit => hit.location.includes("#"))
    if (inside.length) { hits.sort((one, other) => other.location.includes("#") - one.location.includes("#")); hits[0].score = score }
    for (const hit of hits) { delete hit.tags; hit.terms = {} }
  }

  // Stands in for the worker that Material starts: gives it the index, and questions in all their spellings.
  const { Worker } = window
  window.Worker = class extends EventTarget {
    #asked
    #worker
    constructor(url) {
      super()
      get("search/search_index.json").then(index => { learn(index); this.#start(url, index) })
    }
    #start(url, index) {
      const worker = new Worker(url)
      worker.onerror = () => { lost(true); worker.terminate(); setTimeout(() => this.#start(url, index), 3000) }
      worker.onmessage = ({ data }) => {
        if (data.type === 1) { lost(false); this.#worker = worker; this.#ask() }
        if (data.type === 3) { data.data.items.forEach(sections); warn(data.data.items) }
        this.dispatchEvent(new MessageEvent("message", { data }))
      }
      worker.postMessage({ type: 0, data: { ...index, options: { suggest: config.features.includes("search.suggest") } } })
    }
    #ask() {
      if (this.#asked && this.#worker) this.#worker.postMessage({ type: 2, data: asked(this.#asked) })
    }
    postMessage({ data }) {
      this.#asked = data
      this.#ask()
    }
  }

  // Material ends a search at Tab, and no hit can be reached by it.
  addEventListener("keydown", event => {
    if (event.target.closest(".md-search") && (event.key === "Tab" || event.key === "Shift")) event.stopPropagation()
  }, true)
  new MutationObserver(() => list.querySelectorAll("[tabindex]").forEach(hit => { hit.removeAttribute("tabindex") })).observe(list, { childList: true })

  // What Material's script asks for; here nothing is stored.
  Object.assign(window, { __md_scope: new URL(here(".")), __md_hash: () => 0, __md_get: () => null, __md_set: () => {} })
  const told = document.createElement("script")
  Object.assign(told, { id: "__config", type: "application/json", textContent: JSON.stringify({ ...config, base: here("."), search: here(worker) }) })
  document.body.append(told)
  load(bundle)
})()
