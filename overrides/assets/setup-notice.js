// The page "A notice in a minute": one small file, clinic/notices/DATE.md, whose name is the last day of what it says. Nothing typed is stored or sent.
const LONGEST = 300, MOST_LINES = 3
const part = name => document.getElementById(`notice-${name}`)
const form = part("form"), asked = ["text", "day"]
let pressed = false

// The day in the clinic, wherever it is written.
const today = () => {
  const at = Object.fromEntries(new Intl.DateTimeFormat("en-US", { timeZone: form.dataset.zone, year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(new Date()).map(({ type, value }) => [type, value]))
  return `${at.year}-${at.month}-${at.day}`
}

const lines = () => part("text").value.split("\n").map(line => line.replace(/\s+/g, " ").trim()).filter(Boolean)

const wrong = {
  text: () => {
    const said = lines(), { length } = [...said.join("\n")]
    if (!length) return "Write what patients must know."
    if (said.length > MOST_LINES) return `It has ${said.length} lines; ${MOST_LINES} fit.`
    if (length > LONGEST) return `It is ${length} characters long; ${LONGEST} fit.`
    if (/[<>{}[\]|`]/.test(said.join(""))) return "Write plain words, without < > { } [ ] | or `."
  },
  day: () => {
    const day = part("day").value
    if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return "Choose the last day on which it holds."
    if (day < today()) return "This day is over. Choose today or a later day."
  },
}

const update = () => {
  const found = asked.map(name => [name, wrong[name]()])
  for (const [name, message] of found) {
    const told = message && (pressed || part(name).seen)
    part(`${name}-error`).textContent = told ? message : ""
    part(`${name}-error`).hidden = !told
    part(name).setAttribute("aria-invalid", Boolean(told))
  }
  part("shown").textContent = lines().join(" ") || "…"
  if (part("name")) part("name").textContent = `clinic/notices/${part("day").value}.md`
  return found.find(([, message]) => message)?.[0]
}

const copied = text => {
  const box = Object.assign(document.createElement("textarea"), { value: text, className: "setup-copied" })
  form.append(box)
  box.select()
  const done = document.execCommand("copy")
  box.remove()
  return done
}

form.addEventListener("submit", event => {
  event.preventDefault()
  pressed = true
  const first = update()
  if (first) return part(first).focus()
  const text = `${lines().join("\n")}\n`, name = `clinic/notices/${part("day").value}.md`
  if (!form.dataset.new) {
    part("status").textContent = copied(text) ? "The text is copied." : "This browser does not allow it. Select the text and copy it by hand."
    return
  }
  window.open(`${form.dataset.new}?filename=${encodeURIComponent(name)}&value=${encodeURIComponent(text)}`, "_blank", "noopener,noreferrer")
  part("status").textContent = "GitHub has opened in a new tab. After you press Commit changes it takes about two minutes, and patients who have a page open see it within ten more. If GitHub says that the file is there already, a notice with this last day exists: change that one."
})
form.addEventListener("input", update)
form.addEventListener("change", event => { event.target.seen = true; update() })
part("day").value = part("day").min = today()
update()
part("manual").hidden = true
form.hidden = false
