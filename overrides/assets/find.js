// Beside Material's search: numbers to call at a word of danger, other spellings of what was typed, and a way on when a request is lost.
(() => {
  const { here, load, lost, bundle, danger } = window.guide
  const field = document.querySelector(".md-search__input"), calls = document.querySelector(".find-call"), list = document.querySelector(".md-search-result__list")

  // Without accents and apostrophes: “can’t” is “cant” in the data.
  const plain = text => text.toLowerCase().normalize("NFKD").replace(/[\u0300-\u036f'’`´]/g, "").replace(/[^\p{L}\p{N}]+/gu, " ").trim()

  // An entry fits where a word begins; a full stop ends its last word.
  const fits = (typed, entry) => ` ${typed} `.includes(` ${entry.endsWith(".") ? `${entry.slice(0, -1)} ` : entry}`)
  const warn = () => {
    const typed = plain(field.value), said = danger.find(({ words }) => words.some(word => fits(typed, word)))?.html || ""
    if (calls.dataset.said !== said) calls.innerHTML = calls.dataset.said = said
  }
  field.addEventListener("input", warn)
  warn()

  // Each word as typed, as the beginning of a longer one, and with a letter wrong.
  const spelled = text => plain(text).split(" ").filter(Boolean).map(word => `${word}^8 ${word}*^3${word.length > 3 ? ` ${word}~1` : ""}`).join(" ")

  const get = async (path, wait = 1000) => {
    try {
      const answer = await fetch(here(path))
      if (!answer.ok) throw answer.status
      lost(false)
      return await answer.json()
    } catch {
      lost(true)
      await new Promise(done => { setTimeout(done, wait) })
      return get(path, Math.min(2 * wait, 30_000))
    }
  }

  // Stands in for the worker that Material starts: gives it the index, and questions in all their spellings.
  const { Worker } = window
  window.Worker = class extends EventTarget {
    #asked = []
    #worker
    constructor(url) {
      super()
      get("search/search_index.json").then(index => { this.#start(url, index) })
    }
    #start(url, index) {
      const worker = new Worker(url)
      worker.onerror = () => { lost(true); worker.terminate(); setTimeout(() => this.#start(url, index), 3000) }
      worker.onmessage = ({ data }) => {
        if (data.type === 1) { lost(false); this.#worker = worker; this.#asked.forEach(question => worker.postMessage(question)) }
        // Words that only lead here are not shown, and a word that was misspelled is not missing.
        if (data.type === 3) for (const hit of data.data.items.flat()) { delete hit.tags; hit.terms = {} }
        this.dispatchEvent(new MessageEvent("message", { data }))
      }
      worker.postMessage({ type: 0, data: { ...index, options: {} } })
    }
    postMessage({ type, data }) {
      const question = { type, data: spelled(data) }
      this.#asked = [question]
      this.#worker?.postMessage(question)
    }
  }

  // Material ends a search at Tab, and no hit can be reached by it.
  addEventListener("keydown", event => {
    if (event.target.closest(".md-search") && (event.key === "Tab" || event.key === "Shift")) event.stopPropagation()
  }, true)
  new MutationObserver(() => list.querySelectorAll("[tabindex]").forEach(hit => { hit.removeAttribute("tabindex") })).observe(list, { childList: true })

  // What Material's script asks for; here nothing is stored.
  Object.assign(window, { __md_scope: new URL(here(".")), __md_hash: () => 0, __md_get: () => null, __md_set: () => {} })
  load(bundle)
})()
