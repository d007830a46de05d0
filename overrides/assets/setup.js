// The page "Set up your clinic": draws the form, shows what is wrong and what the file is, and hands it to GitHub.
// Nothing typed is sent: the button opens GitHub with the text in the address or on the clipboard. It is stored only where one asks for it.
import { alike, check, doubt, fields, fit, model, printed, understood, UNPRINTABLE } from "./setup-check.js"
import { country as countryOf } from "./setup-typed.js"
import { Week, writeYaml } from "./setup-yaml.js"

const LONGEST_ADDRESS = 6000 // GitHub refuses longer ones
const DRAFT = "clinic.yml", DAYS_KEPT = 30
const part = name => document.getElementById(`setup-${name}`)
const words = text => model.choices[text] ?? text.replaceAll("_", " ")
// A message names the keys and choices of the file; the form says them as people do.
const peoples = text => text.replace(/\bkind: (\w+)/g, (all, kind) => `“${words(kind)}”`).replace(/\b[a-z0-9]+(?:_[a-z0-9]+)+\b|\b(?:iv|im|sc)\b/g, words)
const capital = text => text[0].toUpperCase() + text.slice(1)
const things = count => `${count} ${count === 1 ? "thing" : "things"}`

const make = (tag, given = {}, ...inside) => {
  const element = Object.assign(document.createElement(tag), given)
  element.append(...inside)
  return element
}

// A control is { node, title, error, get, set, at }; at(step) is the control of what is below it. `asked`: the controls of its questions.
let made = 0
let root
const leaves = []

const optionsOf = pairs => pairs.map(([value, told]) =>
  Array.isArray(told) ? make("optgroup", { label: value }, ...optionsOf(told)) : make("option", { value, textContent: told }))

const choicesOf = field => {
  if (field.kind === "timezone") return [["", "Choose"]]
  if (field.kind === "yes_or_no") return [["", "Not said"], ["true", "Yes"], ["false", "No"]]
  return field.choices && [["", field.default ? `If left out: ${words(field.default)}` : "Choose"], ...field.choices.map(choice => [choice, words(choice)])]
}

const SUGGESTED = { country: () => Object.values(model.countries), currency: () => model.currencies, region: () => [] }

const suggest = (name, values) => {
  const list = part(`list-${name}`) ?? part("form").appendChild(make("datalist", { id: `setup-list-${name}` }))
  list.replaceChildren(...values.map(value => make("option", { value })))
  return list.id
}

const boxOf = field => {
  const choices = choicesOf(field)
  if (choices) return make("select", {}, ...optionsOf(choices))
  if (field.kind === "lines" || field.long) return make("textarea", { rows: field.kind === "lines" ? 2 : 3 })
  const inputMode = { plain_number: "decimal", phone: "tel", web: "url", email: "email" }[field.kind] ?? "text"
  const box = make("input", { type: "text", inputMode }), list = field.asked ? field.key : field.kind
  if (list in SUGGESTED) box.setAttribute("list", suggest(list, SUGGESTED[list]()))
  return box
}

// Boxes whose example is one of the clinic's own country: [its help, the field].
const examples = [], EXAMPLES = { phone: "phone", after_hours_phone: "phone", number: "phone", postal_code: "code" }
const exemplify = country => {
  for (const [help, { key, kind, help: said = "" }] of examples) {
    const example = key === "number" && !kind.startsWith("phone") ? "" : model.packs[country]?.[EXAMPLES[key]]
    help.textContent = [said, example && `Such as ${example}.`].filter(Boolean).join(" ")
    help.hidden = !help.textContent
  }
}

const describe = (field, element) => {
  const id = `setup-${++made}`
  const help = make("p", { className: "setup-help", id: `${id}-help`, textContent: field.help ?? "", hidden: !field.help })
  if (field.key in EXAMPLES) examples.push([help, field])
  const error = make("p", { className: "setup-error", id: `${id}-error`, hidden: true })
  element.id = id
  element.setAttribute("aria-describedby", `${field.help || field.key in EXAMPLES ? `${help.id} ` : ""}${error.id}`)
  return { help, error }
}

const clock = time => {
  const [hour, minute] = time.split(":").map(Number)
  return hour % 12 ? `${hour % 12}${minute ? `:${String(minute).padStart(2, "0")}` : ""} ${hour % 24 < 12 ? "am" : "pm"}` : hour === 12 ? "noon" : "midnight"
}

// What was understood, as it is said back under the box.
const saidBack = (field, means) => field.kind.startsWith("phone") ? printed(means, root.at("country").get()) : field.kind === "country" ? `${model.countries[means]}${means in model.packs ? "" : ". The guide does not know its numbers to call: add them under Going home"}` :
  field.kind === "times" && means.includes(":") ? `${means} (${means.replace(/\d\d:\d\d/g, clock).replace(/-/g, " to ")})` : means

// One value. The label is around its box, so that both are one large target. What is typed is understood as the file writes it, and said back.
const leaf = field => {
  const box = boxOf(field), { help, error } = describe(field, box), title = make("span", { textContent: field.label })
  const means = make("p", { className: "setup-means", id: `${box.id}-means`, hidden: true }), yes = make("button", { type: "button", hidden: true })
  const mark = document.createTextNode(""), label = make("label", {}, make("span", {}, title, mark), box)
  const control = { node: make("div", { className: "setup-field" }, label, help, means, error, yes), title, error, box, kind: field.kind, at: () => control }
  box.setAttribute("aria-describedby", `${means.id} ${box.getAttribute("aria-describedby")}`)
  control.asked = () => [control]
  control.need = needed => { mark.data = needed ? " (needed)" : ""; box.required = needed }
  control.need(Boolean(field.needed && !field.within))
  box.addEventListener("change", () => { control.seen = true; update() })
  const typed = () => box.value.split("\n").map(line => line.replace(/\s+/g, " ").trim()).filter(Boolean)
  control.typed = () => typed().join(" ")
  const read = () => box.options || !box.value.trim() ? undefined : understood(field, box.value.trim(), root && field.kind !== "country" ? root.at("country").get() : undefined)
  control.get = () => {
    const found = read()
    if (found?.sure) return found.means
    const lines = typed()
    return field.kind === "lines" && lines.length > 1 ? lines : lines.join(" ") || undefined
  }
  // What may mean something else is asked, with a button that says yes.
  control.question = () => {
    const found = read()
    if (!found || found.sure) return
    return { message: `“${control.typed()}” ${field.kind === "web" ? "is not a secure web address" : "can be read in two ways"}`, hint: `Did you mean ${saidBack(field, found.means)}?`, means: found.means }
  }
  control.answer = question => {
    yes.hidden = !question
    yes.textContent = question ? `Yes, ${question.means}` : ""
    yes.onclick = () => { box.value = question.means; box.focus(); dirty = true; update() }
  }
  control.sayBack = (wrong, data) => {
    const found = read(), text = found?.sure && !wrong ? saidBack(field, found.means) : "", doubted = !wrong && box.value ? doubt(field, box.value, found?.means ?? control.get(), data) : ""
    means.textContent = [text && text !== typed().join(" ") && `Understood: ${text}`, doubted].filter(Boolean).join(". ")
    means.hidden = !means.textContent
  }
  control.set = value => {
    const text = [value ?? []].flat().join("\n")
    const choices = [...box.options ?? []].map(option => option.value)
    // A file may say “us” and “Yes”. A value that is no choice stays to be seen, so that it can be told what is wrong with it.
    const fitting = box.options && !choices.includes(text) ? understood(field, text)?.means ?? text : field.kind === "country" ? model.countries[countryOf(text, model.countries)?.means] ?? text : text
    if (box.options && !choices.includes(fitting)) box.append(...optionsOf([[fitting, fitting]]))
    box.value = fitting
  }
  leaves.push(control)
  // Other choices; what was chosen stays.
  control.offer = pairs => {
    const chosen = box.value
    box.replaceChildren(...optionsOf(pairs))
    control.set(chosen)
  }
  return control
}

const frame = (field, ...inside) => {
  const title = make("legend", { textContent: field.label }), node = make("fieldset", { tabIndex: -1 }), { help, error } = describe(field, node)
  node.append(title, help, error, ...inside)
  return { node, title, error }
}

const fold = (title, ...inside) => make("details", {}, make("summary", { textContent: title }), ...inside)

// The boxes of a group in their order; three or more long texts that may wait are folded away together.
const shelved = (fields, nodeOf) => {
  const later = fields.filter(({ long, needed }) => long && !needed), kept = later.length < 3 ? fields : fields.filter(field => !later.includes(field))
  const names = later.map(({ label }, n) => n ? label.toLowerCase() : label).join(", ")
  return [...kept.map(({ key }) => nodeOf(key)), ...later.length < 3 ? [] : [fold(names, ...later.map(({ key }) => nodeOf(key)))]]
}

const group = (field, around = frame) => {
  // What a group needs is not needed where the whole group may be left out.
  const controls = new Map(field.fields.map(inner => [inner.key, controlOf({ ...inner, within: field.within || field.needed === false && !field.row })]))
  const control = around(field, ...shelved(field.fields, key => controls.get(key).node))
  control.get = () => {
    const typed = [...controls].map(([key, inner]) => [key, inner.get()]).filter(([, value]) => value !== undefined)
    return typed.length ? Object.fromEntries(typed) : undefined
  }
  control.set = value => controls.forEach((inner, key) => inner.set(value?.[key]))
  control.at = key => controls.get(key) ?? control
  control.asked = () => [...controls.values()].flatMap(inner => inner.asked())
  return control
}

// A group that counts even when nothing in it is typed: it is ticked, and its own questions are folded away.
const ticked = field => {
  const tick = make("input", { type: "checkbox" }), inner = group(field, (field, ...inside) => {
    const title = make("summary", { textContent: field.label }), node = make("details", {}, title), { error } = describe(field, tick)
    node.append(...inside)
    return { node, title, error }
  })
  const label = make("div", { className: "setup-tick" }, make("label", {}, tick, make("span", { textContent: field.label })), inner.error)
  const show = () => { inner.node.hidden = !tick.checked }
  tick.addEventListener("change", () => { show(); update() })
  show()
  return {
    ...inner, box: tick, tick: label, asked: () => tick.checked ? inner.asked() : [],
    get: () => tick.checked ? inner.get() ?? {} : undefined,
    set: value => { tick.checked = value !== undefined; inner.set(value); show() },
  }
}

// Groups to tick: the ticks stand where one asks what there is, the questions where one asks how.
const ticks = field => {
  const control = group(field), inner = field.fields.map(({ key }) => control.at(key))
  control.node.append(...inner.map(({ tick }) => tick))
  control.later = inner.map(({ node }) => node)
  return control
}

const list = field => {
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
    const row = controlOf({ ...field, list: false, open: false, needed: false, help: "" })
    row.remove = make("button", { type: "button", onclick: () => { drop(row); update(); more.focus(); say(`One ${field.row} is removed.`) } })
    row.outer = box.appendChild(make("div", { className: `setup-row setup-row-of-${field.key}` }, row.node, row.remove))
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
  control.first = () => rows[0]
  control.rows = () => rows
  control.asked = () => field.needed ? rows.flatMap(row => row.asked()) : [control]
  control.set()
  return control
}

const hours = field => {
  const control = list({ ...field, kind: "", fields: [{ key: "days", label: "Days", kind: "days" }, { key: "times", label: "Times", kind: "times" }] }), { get, set } = control
  control.get = () => {
    const rows = get()
    return rows && Week.from(rows, ({ days = "", times = "" }) => [days, times.split(/\s*,\s*/).filter(Boolean)])
  }
  control.set = week => set(week && Array.from(week, ([days, spans]) => ({ days, times: spans.join(", ") })))
  return control
}

const controlOf = field => {
  if (field.kind === "hours") return hours(field)
  if (field.list) return list(field)
  if (field.switch) return ticked(field)
  if (field.fields?.every(inner => inner.switch)) return ticks(field)
  return field.fields ? group(field) : leaf(field)
}

let editing = model.exists, dirty = false, everything = false, marked = [], problems = new Map()

const say = text => { part("status").textContent = text }
const valueAt = (data, path) => path.split(".").reduce((above, step) => above?.[step], data)
const controlAt = path => path.split(".").reduce((above, step) => above.at(step), root)
const START = model.steps[0], PLACE = START.keys.filter(path => path.startsWith("locations.0.")).map(path => path.split(".")[2])
const OF_KINDS = fields.find(({ key }) => key === "locations").fields.filter(({ kinds }) => kinds), KIND = fields.find(({ key }) => key === "locations").fields.find(({ key }) => key === "kind")

// A place shows what its kind can have, and what was typed all the same.
const withKind = place => {
  const kind = place.at("kind").get() ?? KIND.default
  place.at("address").at("street").need(kind === "here" && place.at("entrance").get() === undefined)
  for (const { key, kinds } of OF_KINDS) place.at(key).node.hidden = !kinds.includes(kind) && place.at(key).get() === undefined
  for (const { parentNode: folded } of OF_KINDS.map(({ key }) => place.at(key).node)) if (folded.localName === "details") folded.hidden = [...folded.children].every(({ localName, hidden }) => hidden || localName === "summary")
}

// What is asked first stands in the first step, whatever group it belongs to in the file.
const settle = () => {
  const places = root.at("locations"), slot = part(START.id).querySelector(".setup-place"), [kind, area, address] = PLACE.map(key => places.first().at(key).node)
  places.rows().forEach(withKind)
  if (slot.lastChild !== address) slot.replaceChildren(fold("Do patients not come to you?", kind), area, address)
  if (places.first().at("kind").get()) slot.firstChild.open = true
  const region = root.at("region").node, needed = Boolean(model.packs[root.at("country").get()]?.regions.length), step = part(needed ? START.id : "where").querySelector(".setup-fields")
  root.at("region").need(needed)
  if (region.parentNode !== step) step.insertBefore(region, needed ? step.children[1] : null)
}

const arrange = () => {
  const boxes = Object.fromEntries(model.steps.map(({ id }) => [id, part(id).querySelector(".setup-fields")]))
  for (const { id, keys } of model.steps.slice(1)) for (const key of keys) {
    const control = root.at(key.replace(".*", ""))
    boxes[id].append(...control.later ?? (key.endsWith(".*") ? [...control.node.children].filter(node => node.localName !== "legend") : [control.node]))
  }
  boxes[START.id].append(...START.keys.filter(path => !PLACE.slice(1).some(key => path.endsWith(`.${key}`))).map(path => path.startsWith("locations") ? make("div", { className: "setup-place" }) : controlAt(path).node))
  settle()
}

const show = (id, focus) => {
  for (const step of model.steps) part(step.id).hidden = step.id !== id
  for (const link of part("steps").querySelectorAll("a")) link.toggleAttribute("aria-current", link.hash === `#setup-${id}`)
  if (focus) {
    part(`${id}-title`).focus()
    part(id).scrollIntoView()
  }
}

// “Location 1, Address, Street”
const nameOf = control => {
  const names = [control.title.textContent]
  for (let around = control.node; (around = around.parentElement.closest("fieldset"));) names.unshift(around.firstChild.textContent)
  return names.join(", ")
}

const tell = (control, problem) => {
  const message = problem && control.typed ? problem.message.replace(`“${control.get()}”`, () => `“${control.typed()}”`) : problem?.message
  control.error.textContent = problem ? `${control.title.textContent}: ${message}. ${peoples(problem.hint)}` : ""
  control.error.hidden = !problem
  control.box?.setAttribute("aria-invalid", Boolean(problem))
}

const targetOf = control => control.box ?? control.node

// The first problem of each control, from the top of the form to its end. Which zones there are to choose from is known with the country.
const byControl = (found, asked) => {
  const told = new Map(asked.map(control => [control, control.question()]).filter(([, question]) => question))
  for (const problem of found) {
    const control = problem.place.reduce((above, step) => above.at(step), root)
    if (!told.has(control) && (root.at("country").get() || control !== root.at("timezone"))) told.set(control, problem)
  }
  return new Map([...told].sort(([one], [other]) => targetOf(one).compareDocumentPosition(targetOf(other)) & Node.DOCUMENT_POSITION_PRECEDING ? 1 : -1))
}

const stepOf = control => targetOf(control).closest("section").id.replace("setup-", "")

const open = element => {
  const step = element.closest("#setup-form section")
  if (step) show(step.id.replace("setup-", ""))
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true
  element.focus()
}

// [zone, what people call it]. Of a country whose numbers the guide does not know, the browser knows the zones; one that does not has all to choose from.
const zonesOf = country => {
  if (!(country in model.countries)) return []
  if (typeof model.zones[country] === "string") return [[model.zones[country], model.zones[country]]]
  if (model.zones[country]) return model.zones[country]
  const place = new Intl.Locale("und", { region: country }), zones = place.getTimeZones?.() ?? place.timeZones ?? Intl.supportedValuesOf?.("timeZone") ?? ["UTC"]
  return zones.map(zone => [zone, words(zone)])
}

// The zones of a state, where the guide knows it.
const zonesIn = (country, states) => {
  const kept = state => (model.packs[country]?.zones ?? []).filter(([, , codes, names]) => [...codes.split(" "), ...names].some(name => name.toLowerCase() === state.toLowerCase()))
  return states.filter(Boolean).map(kept).find(({ length }) => length)
}

const withCountry = ({ country, region, locations }) => {
  const nation = countryOf(root.at("country").box.value, model.countries)?.part
  if (nation && !root.at("region").get()) root.at("region").set(nation)
  const { regions = [] } = model.packs[country] ?? {}, all = zonesOf(country), zone = root.at("timezone"), own = zonesIn(country, [region, locations?.[0]?.address?.region]) ?? all, [only, more] = own
  suggest("region", regions)
  for (const place of leaves.filter(({ kind }) => kind === "timezone")) if (only) {
    const zones = place === zone ? own : all, which = `${country} ${zones.length} ${zones[0][0]}`
    if (place.which === which) continue
    place.which = which
    const chosen = place === zone && zone.get() === zone.filled ? "" : place.get()
    place.set(chosen || (place === zone && !more ? zone.filled = only[0] : ""))
    place.offer([...more || place !== zone ? [["", "Choose"]] : [], ...zones])
  }
  zone.node.hidden = !only || !more && zone.get() === only[0]
}

const preview = data => {
  const pack = model.packs[data.country], { after_hours_phone: night = "", emergency: own } = data, none = night.toLowerCase() === "none"
  const [line] = own?.crisis_lines ?? [], [crisis, name] = pack?.crisis ?? [line?.phone, line?.name], [urgent, urgentName] = pack?.urgent ?? []
  const { street, city, region, postal_code: code } = valueAt(data, "locations.0.address") ?? {}
  const filled = {
    name: data.name, address: [street, city, region, code].flat().filter(Boolean).join(", "), day: data.phone, night: none ? "" : night, urgent, urgent_name: urgentName,
    emergency: pack?.emergency ?? own?.number, crisis, crisis_name: name,
  }
  for (const [key, text] of Object.entries(filled)) {
    const box = part("preview").querySelector(`[data-of=${key}]`)
    box.kept ??= box.textContent
    box.textContent = text || box.kept
  }
  const row = key => part("preview").querySelector(`[data-of=${key}]`).closest("p")
  row("night").hidden = none
  row("urgent").hidden = !none || !urgent
  row("nobody").hidden = !none || Boolean(urgent)
}

const stepsSaid = () => {
  model.steps.forEach((step, n) => {
    const wrong = [...problems].filter(([control, { empty }]) => stepOf(control) === step.id && !empty).length
    const asked = n ? step.keys.flatMap(key => root.at(key.replace(".*", "")).asked()).filter(control => stepOf(control) === step.id) : [...problems].filter(([control, { empty }]) => empty && stepOf(control) === step.id).map(([control]) => control)
    const left = asked.filter(control => control.get() === undefined).length
    part("steps").querySelectorAll("a span")[n].textContent = wrong ? `${wrong} to put right` : left ? `${left} left` : "done"
  })
}

// Until the button is pressed, only what was typed is told.
const update = () => {
  const data = root.get() ?? {}
  settle()
  withCountry(data)
  exemplify(data.country)
  const asked = leaves.filter(control => control.node.isConnected)
  problems = byControl(check(root.get() ?? {}), asked)
  for (const control of asked) {
    control.sayBack(problems.has(control), data)
    control.answer(problems.get(control)?.means ? problems.get(control) : undefined)
  }
  for (const control of marked) if (!problems.has(control)) tell(control)
  marked = [...problems.keys()].filter(control => everything || control.seen)
  for (const control of marked) tell(control, problems.get(control))
  const text = writeYaml(root.get() ?? {}), empty = [...problems.values()].filter(problem => problem.empty).length, wrong = problems.size - empty
  part("yaml").value = text
  preview(data)
  stepsSaid()
  part("state").textContent = !problems.size ? "Ready: from this your whole guide is made." :
    `Not ready: ${[empty && `${things(empty)} to fill in`, wrong && `${things(wrong)} to put right`].filter(Boolean).join(", ")}.`
  part("next").hidden = !problems.size
  if (problems.size) part("next").textContent = `Go to: ${nameOf([...problems.keys()][0])}`
  if (model.repository) showWay(problems.size)
  keep(text)
  return problems.size
}

const stored = () => {
  try { return JSON.parse(localStorage.getItem(DRAFT)) } catch { return null }
}

const keep = text => {
  if (!part("keep").checked || !dirty) return
  try { localStorage.setItem(DRAFT, JSON.stringify({ on: Date.now(), text })) } catch { say("This browser keeps nothing.") }
  part("erase").hidden = false
}

const erase = () => {
  try { localStorage.removeItem(DRAFT) } catch { /* then there is nothing to erase */ }
  part("keep").checked = false
  part("erase").hidden = true
}

const addressOf = text => {
  const { address, branch } = model.repository
  if (editing) return `${address}/edit/${branch}/clinic.yml`
  const bare = `${address}/new/${branch}?filename=clinic.yml`, whole = `${bare}&value=${encodeURIComponent(text)}`
  return whole.length > LONGEST_ADDRESS ? bare : whole
}

const showWay = count => {
  const pasted = !count && !addressOf(part("yaml").value).includes("&value=")
  part("github").textContent = editing ? "Copy the text and open clinic.yml on GitHub" : pasted ? "Copy the text and open GitHub" : "Create clinic.yml on GitHub"
  part("paste").hidden = !editing && !pasted
}

const copy = () => {
  const before = document.activeElement, box = make("textarea", { value: part("yaml").value, className: "setup-copied" })
  part("save").append(box)
  box.select()
  // The older way to copy is over before a new tab takes the focus, and needs no permission.
  const done = document.execCommand("copy")
  box.remove()
  before.focus()
  return done
}

// The box that it leads to says what is wanted there.
const toNext = () => {
  const [first] = problems.keys()
  if (!first) return
  first.seen = true
  update()
  open(targetOf(first))
}

const ready = () => {
  everything = true
  if (!update()) return true
  toNext()
  return false
}

const saved = text => {
  dirty = false
  erase()
  part("after").hidden = false
  say(text)
}

const toGitHub = () => {
  if (!ready()) return
  const address = addressOf(part("yaml").value), pasted = !address.includes("&value=")
  const copied = pasted && copy()
  window.open(address, "_blank", "noopener,noreferrer")
  saved(!pasted ? "GitHub has opened in a new tab. Look at the file there, then press Commit changes." :
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
  saved("The file clinic.yml is downloaded.")
}

const lineOfHidden = text => text.split(/\r\n|\r|\n/).findIndex(line => UNPRINTABLE.test(line)) + 1

// { data, told, notes }: what the form takes from a file, or what stands in the way as [key, message, hint, line].
const taken = async text => {
  const refuse = (message, hint, line = 1) => ({ told: [["", message, hint, line]] })
  if (new Blob([text]).size > model.largest) return refuse("this file is far too large", "Start from clinic.example.yml.")
  if (text.includes("\ufffd")) return refuse("this file is not saved as UTF-8", "Save it again and choose the encoding UTF-8.")
  if (lineOfHidden(text)) return refuse("a character that cannot be seen stands here", "Type this line again instead of pasting it.", lineOfHidden(text))
  const { readYaml } = await import("./setup-read.js")
  try {
    const { found, lineOf, notes } = readYaml(text), told = []
    if (!Object.keys(found).length) return refuse("this file is empty", "Start from clinic.example.yml, or go on to the form.")
    return { data: fit({ key: "", fields }, found, told, lineOf), told, notes }
  } catch (problem) {
    return problem.line ? refuse(problem.message, problem.hint, problem.line) : refuse("this cannot be read", "Compare it with clinic.example.yml.")
  }
}

// Put a file into the form. `partly`: what can be read is taken, and what cannot be read is listed; else it is all or nothing. `from`: how it is called.
const takeOver = async (text, { partly = false, from = "Your file" } = {}) => {
  const { data, told, notes } = await taken(text.replace(/^\ufeff/, "")), error = part("old-error")
  part("old").value = text
  error.replaceChildren(...told.map(([key, message, hint, line = 1]) => make("span", { textContent: `Line ${line}: ${key ? `${key}: ` : ""}${message}. ${hint}` })))
  error.hidden = !told.length
  part("old").setAttribute("aria-invalid", told.length > 0)
  if (told.length) part("before").open = true
  if (told.length && !(partly && data)) return open(part("old"))
  const nation = countryOf(data.country ?? "", model.countries)?.part
  root.at("timezone").filled = undefined // what the file says stands
  root.set(nation && !data.region ? { ...data, region: nation } : data)
  // Somebody who starts from the sample has no clinic.yml yet.
  editing ||= !model.sample.includes(alike(data.name ?? ""))
  everything = true
  const count = update(), lost = notes ? ", without its notes (lines and ends of lines that begin with #)" : ""
  const wrong = count ? `${things(count)} to put right.` : "nothing in it is wrong."
  const left = told.length ? ` The lines named at the end of this page could not be taken over: ${things(told.length)}.` : ""
  part("taken").textContent = `${from} is in the form now${lost}: ${wrong}${left}`
  return true
}

const takeOverAndTell = async (text, how) => { if (await takeOver(text, how)) { dirty = true; open(part("taken")) } }

// A link of a run opens the form with the refused file behind the #, which a browser sends to nobody. It does not stay in the address.
const fromAddress = () => {
  const packed = /^#clinic=([\w-]+)$/.exec(location.hash)?.[1]
  if (!packed) return false
  history.replaceState(null, "", location.pathname)
  try {
    const bytes = Uint8Array.from(atob(packed.replace(/-/g, "+").replace(/_/g, "/")), letter => letter.charCodeAt(0))
    editing = true
    takeOverAndTell(new TextDecoder().decode(bytes), { partly: true })
    return true
  } catch { return false } // the link was cut
}

// What was kept on this device, unless it is too old.
const fromDevice = () => {
  const draft = stored(), old = !draft?.text || Date.now() - draft.on > DAYS_KEPT * 864e5
  if (old) {
    erase()
    return false
  }
  part("keep").checked = true
  part("erase").hidden = false
  everything = false
  return takeOver(draft.text, { partly: true, from: "What this device kept" })
}

// The file that this site was built from lies beside the page.
const fromSite = async () => {
  if (!model.exists) return
  try {
    const answer = await fetch("clinic.yml")
    if (answer.ok && !dirty) await takeOver(await answer.text(), { partly: true, from: "Your present file" })
  } catch { /* without it the form is empty, and a file can be opened by hand */ }
}

const readFile = async file => { if (file) takeOverAndTell(await file.text()) }

const listen = () => {
  part("form").addEventListener("submit", event => event.preventDefault())
  part("form").addEventListener("input", () => { dirty = true; update() })
  part("github")?.addEventListener("click", toGitHub)
  part("copy").addEventListener("click", toClipboard)
  part("download").addEventListener("click", toFile)
  part("next").addEventListener("click", toNext)
  part("take").addEventListener("click", () => takeOverAndTell(part("old").value))
  part("file").addEventListener("change", event => readFile(event.target.files[0]))
  part("keep").addEventListener("change", event => { if (event.target.checked) { dirty = true; update() } else erase() })
  part("erase").addEventListener("click", () => { erase(); say("Nothing is kept on this device.") })
  part("all").addEventListener("dragover", event => event.preventDefault())
  part("all").addEventListener("drop", event => { event.preventDefault(); readFile(event.dataTransfer.files[0]) })
  addEventListener("hashchange", () => { if (location.hash.startsWith("#clinic=")) fromAddress(); else toStep(true) })
  addEventListener("beforeunload", event => { if (dirty) event.preventDefault() })
}

const toStep = focus => {
  const step = model.steps.find(({ id }) => location.hash === `#setup-${id}`) ?? START
  show(step.id, focus)
}

const begin = () => {
  root = group({ fields }, () => ({ node: part("form"), error: make("p"), title: make("span") }))
  arrange()
  listen()
  update()
  // Whatever fails before this line leaves the manual way to be seen.
  part("manual").hidden = true
  part("all").hidden = false
  toStep(false)
  if (!fromAddress() && !fromDevice()) fromSite()
}

begin()
