// The page "Set up your clinic": draws the form, shows what is wrong and what the file is, and hands it to GitHub.
// Nothing typed is stored, and nothing is sent: the button opens GitHub with the text in the address or on the clipboard.
import { alike, check, fit, model, UNPRINTABLE } from "./setup-check.js"
import { readYaml, Week, writeYaml } from "./setup-yaml.js"

const LONGEST_ADDRESS = 6000 // GitHub refuses longer ones
const part = name => document.getElementById(`setup-${name}`)
const words = text => text.replaceAll("_", " ")
const capital = text => text[0].toUpperCase() + text.slice(1)
const things = count => `${count} ${count === 1 ? "thing" : "things"}`

const make = (tag, given = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), given)
  element.append(...inside)
  return element
}

// A control is { node, title, error, get, set, at }; at(step) is the control of what is below it.
let made = 0

const optionsOf = pairs => pairs.map(([value, told]) =>
  Array.isArray(told) ? make("optgroup", { label: value }, ...optionsOf(told)) : make("option", { value, textContent: told }))

const countries = () => {
  const [known, others] = [true, false].map(has => Object.entries(model.countries).filter(([code]) => code in model.packs === has))
  return [["", "Choose"], ["The guide knows the numbers to call", known], ["You add the numbers to call", others]]
}

const choicesOf = field => {
  if (field.kind === "country") return countries()
  if (field.kind === "yes_or_no") return [["", "Not said"], ["true", "Yes"], ["false", "No"]]
  return field.choices && [["", `If left out: ${words(field.default)}`], ...field.choices.map(choice => [choice, words(choice)])]
}

const SUGGESTED = { timezone: () => Intl.supportedValuesOf("timeZone"), currency: () => model.currencies, region: () => [] }

const suggest = (name, values) => {
  const list = part(`list-${name}`) ?? part("form").appendChild(make("datalist", { id: `setup-list-${name}` }))
  list.replaceChildren(...values.map(value => make("option", { value })))
  return list.id
}

const boxOf = field => {
  const choices = choicesOf(field)
  if (choices) return make("select", {}, ...optionsOf(choices))
  if (field.kind === "lines" || (field.kind === "one_line" && field.longest > 200)) return make("textarea", { rows: 3 })
  const inputMode = { plain_number: "decimal", phone: "tel", web: "url", email: "email" }[field.kind] ?? "text"
  const box = make("input", { type: "text", inputMode }), list = field.asked ? field.key : field.kind
  if (list in SUGGESTED) box.setAttribute("list", suggest(list, SUGGESTED[list]()))
  return box
}

const describe = (field, element) => {
  const id = `setup-${++made}`
  const help = make("p", { className: "setup-help", id: `${id}-help`, textContent: field.help ?? "", hidden: !field.help })
  const error = make("p", { className: "setup-error", id: `${id}-error`, hidden: true })
  element.id = id
  element.setAttribute("aria-describedby", `${field.help ? `${help.id} ` : ""}${error.id}`)
  return { help, error }
}

// One value. The label is around its box, so that both are one large target.
const leaf = field => {
  const box = boxOf(field), { help, error } = describe(field, box), title = make("span", { textContent: field.label })
  const label = make("label", {}, make("span", {}, title, field.needed ? " (needed)" : ""), box)
  const control = { node: make("div", { className: "setup-field" }, label, help, error), title, error, box, at: () => control }
  box.required = Boolean(field.needed)
  box.addEventListener("change", () => { control.seen = true; update() })
  control.get = () => {
    const lines = box.value.split("\n").map(line => line.replace(/\s+/g, " ").trim()).filter(Boolean)
    return field.kind === "lines" && lines.length > 1 ? lines : lines.join(" ") || undefined
  }
  control.set = value => {
    const text = [value ?? []].flat().join("\n")
    const choices = [...box.options ?? []].map(option => option.value)
    // A file may say “us” and “True”. A value that is no choice stays to be seen, so that it can be told what is wrong with it.
    const fitting = ["country", "yes_or_no"].includes(field.kind) ? choices.find(choice => choice.toLowerCase() === text.toLowerCase()) ?? text : text
    if (box.options && !choices.includes(fitting)) box.append(...optionsOf([[fitting, fitting]]))
    box.value = fitting
  }
  return control
}

const frame = (field, ...inside) => {
  const title = make("legend", { textContent: field.label }), node = make("fieldset", { tabIndex: -1 }), { help, error } = describe(field, node)
  node.append(title, help, error, ...inside)
  return { node, title, error }
}

const fold = (title, ...inside) => make("details", {}, make("summary", { textContent: title }), ...inside)

const mayWait = field => !field.needed && !field.asked && !field.switch

// What is needed comes first; the rest is folded away by subject, but only once.
const arrange = (fields, controls, folded) => {
  const nodes = kept => kept.map(field => controls.get(field.key).node)
  const first = fields.filter(field => folded || !mayWait(field)), later = fields.filter(field => !first.includes(field))
  const loose = later.filter(field => !field.fields), groups = later.filter(field => field.fields)
  const names = loose.map((field, n) => n ? field.label.toLowerCase() : field.label).join(", ")
  return [...nodes(first), ...(loose.length ? [fold(`More: ${names}`, ...nodes(loose))] : []), ...groups.map(field => fold(field.label, ...nodes([field])))]
}

const group = (field, folded, around = frame) => {
  const controls = new Map(field.fields.map(inner => [inner.key, controlOf(inner, folded || mayWait(inner))]))
  const control = around(field, ...arrange(field.fields, controls, folded))
  control.get = () => {
    const typed = [...controls].map(([key, inner]) => [key, inner.get()]).filter(([, value]) => value !== undefined)
    return typed.length ? Object.fromEntries(typed) : undefined
  }
  control.set = value => controls.forEach((inner, key) => inner.set(value?.[key]))
  control.at = key => controls.get(key) ?? control
  return control
}

// A group that counts even when nothing in it is typed: it is ticked.
const ticked = field => {
  const tick = make("input", { type: "checkbox" }), inner = group(field, true)
  const show = () => { inner.node.hidden = !tick.checked }
  const node = make("div", { className: "setup-tick" }, make("label", {}, tick, make("span", { textContent: field.label })), inner.node)
  tick.addEventListener("change", show)
  show()
  return {
    ...inner, node, box: tick,
    get: () => tick.checked ? inner.get() ?? {} : undefined,
    set: value => { tick.checked = value !== undefined; inner.set(value); show() },
  }
}

const list = (field, folded) => {
  let rows = []
  const box = make("div"), more = make("button", { type: "button", textContent: `Add a ${field.row}` }), control = frame(field, box, more)
  const number = () => rows.forEach((row, n) => {
    row.title.textContent = `${capital(field.row)} ${n + 1}`
    row.remove.textContent = `Remove ${field.row} ${n + 1}`
    row.remove.hidden = field.needed && rows.length === 1
  })
  const drop = row => {
    rows = rows.filter(other => other !== row)
    row.outer.remove()
    number()
  }
  const add = value => {
    const row = controlOf({ ...field, list: false, needed: false, help: "" }, folded)
    row.remove = make("button", { type: "button", onclick: () => { drop(row); update(); more.focus(); say(`One ${field.row} is removed.`) } })
    row.outer = box.appendChild(make("div", { className: "setup-row" }, row.node, row.remove))
    row.set(value)
    rows.push(row)
    number()
    return row
  }
  more.addEventListener("click", () => { add().outer.querySelector("input, select, textarea").focus(); update() })
  control.get = () => {
    const values = rows.map(row => row.get()).filter(value => value !== undefined)
    return values.length ? values : undefined
  }
  control.set = values => {
    rows.forEach(row => row.outer.remove())
    rows = []
    for (const value of values?.length ? values : field.needed ? [undefined] : []) add(value)
  }
  // Empty rows are not in the file, so they do not count.
  control.at = n => rows.filter(row => row.get() !== undefined)[n] ?? rows[0] ?? control
  control.set()
  return control
}

const hours = (field, folded) => {
  const control = list({ ...field, kind: "", fields: [{ key: "days", label: "Days" }, { key: "times", label: "Times" }] }, folded), { get, set } = control
  control.get = () => {
    const rows = get()
    return rows && Week.from(rows, ({ days = "", times = "" }) => [days, times.split(/\s*,\s*/).filter(Boolean)])
  }
  control.set = week => set(week && Array.from(week, ([days, spans]) => ({ days, times: spans.join(", ") })))
  return control
}

const controlOf = (field, folded) => {
  if (field.kind === "hours") return hours(field, folded)
  if (field.list) return list(field, folded)
  if (field.switch) return ticked(field)
  return field.fields ? group(field, folded) : leaf(field)
}

let root, everything = false, editing = model.exists, dirty = false, marked = []

const say = text => { part("status").textContent = text }

// “Location 1, Address, Street”
const nameOf = control => {
  const names = [control.title.textContent]
  for (let around = control.node; (around = around.parentElement.closest("fieldset"));) names.unshift(around.firstChild.textContent)
  return names.join(", ")
}

const tell = (control, problem) => {
  control.error.textContent = problem ? `${control.title.textContent}: ${problem.message}. ${problem.hint}` : ""
  control.error.hidden = !problem
  control.box?.setAttribute("aria-invalid", Boolean(problem))
}

// The first problem of each control.
const byControl = problems => {
  const told = new Map()
  for (const problem of problems) {
    const control = problem.place.reduce((above, step) => above.at(step), root)
    if (!told.has(control)) told.set(control, problem)
  }
  return told
}

const open = element => {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true
  element.focus()
}

const summary = told => {
  part("problems").hidden = !told.size
  part("problems-title").textContent = `${things(told.size)} to put right`
  part("problems-list").replaceChildren(...[...told].map(([control, problem]) => {
    const target = control.box ?? control.node
    const link = make("a", { href: `#${target.id}`, textContent: `${nameOf(control)}: ${problem.message}` })
    link.addEventListener("click", event => { event.preventDefault(); open(target) })
    return make("li", {}, link)
  }))
}

// Gives how many things are wrong. Until the button is pressed, only what was typed is told.
const update = () => {
  const data = root.get() ?? {}, told = byControl(check(data))
  for (const control of marked) if (!told.has(control)) tell(control)
  marked = [...told.keys()].filter(control => everything || control.seen)
  for (const control of marked) tell(control, told.get(control))
  if (everything) summary(told)
  suggest("region", model.packs[data.country]?.regions ?? [])
  part("yaml").value = writeYaml(data)
  part("state").textContent = told.size ? `Not ready: ${things(told.size)} to fill in or put right.` : "Ready."
  if (model.repository) showWay(told.size)
  return told.size
}

const addressOf = text => {
  const { address, branch } = model.repository
  if (editing) return `${address}/edit/${branch}/clinic.yml`
  const bare = `${address}/new/${branch}?filename=clinic.yml`, whole = `${bare}&value=${encodeURIComponent(text)}`
  return whole.length > LONGEST_ADDRESS ? bare : whole
}

const showWay = problems => {
  const pasted = !problems && !addressOf(part("yaml").value).includes("&value=")
  part("github").textContent = editing ? "Copy the text and open clinic.yml on GitHub" : pasted ? "Copy the text and open GitHub" : "Create clinic.yml on GitHub"
  part("paste").hidden = !editing && !pasted
}

const copy = () => {
  const before = document.activeElement
  part("yaml").select()
  // The older way to copy is over before a new tab takes the focus, and needs no permission.
  const done = document.execCommand("copy")
  before.focus()
  return done
}

const ready = () => {
  everything = true
  if (!update()) return true
  part("problems").focus()
  return false
}

const toGitHub = () => {
  if (!ready()) return
  const address = addressOf(part("yaml").value), pasted = !address.includes("&value=")
  const copied = pasted && copy()
  window.open(address, "_blank", "noopener,noreferrer")
  dirty = false
  say(!pasted ? "GitHub has opened in a new tab. Look at the file there, then press Commit changes." :
    copied ? "The text is copied, and GitHub has opened in a new tab. Select all that stands there, paste, then press Commit changes." :
      "GitHub has opened in a new tab. Come back, copy the text by hand, and paste it there.")
}

const toClipboard = () => {
  if (ready()) say(copy() ? "The text is copied." : "This browser does not allow it. Select the text and copy it by hand.")
}

const toFile = () => {
  if (!ready()) return
  const href = URL.createObjectURL(new Blob([part("yaml").value], { type: "text/yaml" }))
  make("a", { href, download: "clinic.yml" }).click()
  URL.revokeObjectURL(href)
  dirty = false
  say("The file clinic.yml is downloaded.")
}

const lineOfHidden = text => text.split(/\r\n|\r|\n/).findIndex(line => UNPRINTABLE.test(line)) + 1

// { data, told, notes }: what the form takes from a file, or what stands in the way as [key, message, hint, line].
const taken = text => {
  const refuse = (message, hint, line = 1) => ({ told: [["", message, hint, line]] })
  if (new Blob([text]).size > model.largest) return refuse("this file is far too large", "Start from clinic.example.yml.")
  if (text.includes("\ufffd")) return refuse("this file is not saved as UTF-8", "Save it again and choose the encoding UTF-8.")
  if (lineOfHidden(text)) return refuse("a character that cannot be seen stands here", "Type this line again instead of pasting it.", lineOfHidden(text))
  try {
    const { found, lineOf, notes } = readYaml(text), told = []
    if (!Object.keys(found).length) return refuse("this file is empty", "Start from clinic.example.yml, or go on to the form.")
    return { data: fit({ key: "", fields: model.fields }, found, told, lineOf), told, notes }
  } catch (problem) {
    return problem.line ? refuse(problem.message, problem.hint, problem.line) : refuse("this cannot be read", "Compare it with clinic.example.yml.")
  }
}

// `partly`: what can be read is taken, and what cannot be read is listed; else it is all or nothing.
const takeOver = partly => {
  const text = part("old").value.replace(/^\ufeff/, ""), { data, told, notes } = taken(text), error = part("old-error")
  error.replaceChildren(...told.map(([key, message, hint, line = 1]) => make("span", { textContent: `Line ${line}: ${key ? `${key}: ` : ""}${message}. ${hint}` })))
  error.hidden = !told.length
  part("old").setAttribute("aria-invalid", told.length > 0)
  if (told.length && !(partly && data)) return open(part("old"))
  root.set(data)
  // Somebody who starts from the sample has no clinic.yml yet.
  editing ||= !model.sample.includes(alike(data.name ?? ""))
  everything = dirty = true
  const problems = update(), lost = notes ? ", without its notes (lines and ends of lines that begin with #)" : ""
  const wrong = problems ? `${things(problems)} to put right.` : "nothing in it is wrong."
  const left = told.length ? ` The lines named above could not be taken over: ${things(told.length)}.` : ""
  part("taken").textContent = `Your file is in the form now${lost}: ${wrong}${left}`
  open(part("taken"))
}

// A link of a run opens the form with the refused file behind the #, which a browser sends to nobody. It does not stay in the address.
const fromAddress = () => {
  const packed = /^#clinic=([\w-]+)$/.exec(location.hash)?.[1]
  if (!packed) return
  history.replaceState(null, "", location.pathname)
  try {
    const bytes = Uint8Array.from(atob(packed.replace(/-/g, "+").replace(/_/g, "/")), letter => letter.charCodeAt(0))
    part("old").value = new TextDecoder().decode(bytes)
  } catch { return } // the link was cut
  takeOver(true)
}

const readFile = async event => {
  const [file] = event.target.files
  if (!file) return
  part("old").value = await file.text()
  takeOver(false)
}

const begin = () => {
  root = group({ fields: model.fields }, false, (field, ...inside) => {
    part("form").append(...inside)
    return { node: part("form"), error: make("p"), title: make("span") }
  })
  part("form").addEventListener("submit", event => event.preventDefault())
  part("form").addEventListener("input", () => { dirty = true; update() })
  part("github")?.addEventListener("click", toGitHub)
  part("copy").addEventListener("click", toClipboard)
  part("download").addEventListener("click", toFile)
  part("take").addEventListener("click", () => takeOver(false))
  part("file").addEventListener("change", readFile)
  addEventListener("beforeunload", event => { if (dirty) event.preventDefault() })
  update()
  if (!model.exists) part("all").prepend(fold("Do you have a clinic.yml already?", part("before")))
  // Whatever fails before this line leaves the manual way to be seen.
  part("manual").hidden = true
  part("all").hidden = false
  fromAddress()
}

begin()
