// What clinic.yml may hold, as far as a browser can know: reads the JSON Schema that guide/setup/checks.py makes of the model. The schema says
// what is wrong in the model's own words (`says`); here stands only how each of its keywords is asked. The run on GitHub has the last word.
import * as people from "./setup-typed.js"
import { Week } from "./setup-yaml.js"

export const model = JSON.parse(document.getElementById("setup-model").textContent)
const names = new Intl.DisplayNames("en", { type: "region" })
model.countries = Object.fromEntries(model.countries.split(" ").map(code => [code, names.of(code)]))
model.currencies = model.currencies.split(" ")

const own = ({ title, description, row, switch: ticked, open, ...part }) => part // what is said of a key is not said of its entries
const resolved = part => part.$ref ? { ...own(model.schema.$defs[part.$ref.replace("#/$defs/", "")]), ...part } : part

// A key of the schema as the form draws it: { key, label, help, needed, kind, … }; `fields`: those of a group.
const fieldOf = (key, given, needed) => {
  const part = resolved(given), { title = key[0].toUpperCase() + key.slice(1), description: help = "", row, items } = part
  const field = { key, label: title, help, needed, row, list: Boolean(row), switch: part.switch, open: part.open, kinds: part.kinds, default: part.default, kind: part.format ?? "one_line", asked: given === model.schema.properties.region }
  const inner = items ? resolved(items) : part
  if (part.format === "hours") return field
  if (inner.properties) return { ...field, kind: "", fields: fieldsOf(inner) }
  if (inner.enum) return { ...field, kind: "choice", choices: inner.enum }
  return { ...field, kind: part.oneOf && field.kind === "one_line" ? "lines" : field.kind, long: part.maxLength > 200 && field.kind === "one_line" }
}
const fieldsOf = part => Object.entries(part.properties).map(([key, inner]) => fieldOf(key, inner, Boolean(inner.must || part.required?.includes(key))))
export const fields = fieldsOf(model.schema)

const whole = (pattern, flags = "") => new RegExp(`^(?:${pattern})$`, flags)
export const UNPRINTABLE = new RegExp(model.patterns.unprintable, "u")
const LACKING = new RegExp(model.patterns.lacking, "u")
const TELEPHONE = whole(model.patterns.phone, "i"), HOST = whole(model.patterns.host, "i"), PRICE = whole(model.patterns.price), SPAN = whole(model.patterns.span)
const NORTH_AMERICAN = whole(model.patterns.north_american), NAMED = new RegExp(model.patterns.named)
const EXTENSION = /,? ?(ext(ension|\.)?|x|#) ?[0-9]{1,6}$/i
const NUMBER = /^[0-9]{1,6}(\.[0-9]{1,2})?$/
const NOT_IN_ADDRESS = /[\s<>"'`\\{}[\]|^]/
const MADE_UP = /(^|\.)(example\.(com|net|org)|your-clinic\.com|example|invalid|test|localhost|local|internal|lan)\.?$/i
const DAY = 864e5

const shown = text => {
  const characters = [...text.trim().replace(/\s+/g, " ")]
  return characters.length > model.longest_shown ? `${characters.slice(0, model.longest_shown - 1).join("")}…` : characters.join("")
}
export const alike = text => text.replace(/[^\p{L}\p{N}_]/gu, "").toLowerCase()
// [message, hint] with each {slot} filled.
const filled = (said, slots) => said.map(text => text.replace(/\{(\w+)\}/g, (all, slot) => slots[slot] ?? all))
const withValue = (said, typed, slots) => filled(said, { value: typeof typed === "string" ? shown(typed) : "", ...slots })

// What was typed, as the file writes it: { means, sure }. `data`: all that was typed.
export const understood = (field, typed, country) => {
  if (["plain_number", "price"].includes(field.kind) && NUMBER.test(typed)) return
  const unit = ["minutes", "hours"].find(name => field.key.endsWith(`_${name}`))
  const read = {
    country: () => people.country(typed, model.countries), timezone: undefined, yes_or_no: () => people.yesOrNo(typed), web: () => people.web(typed),
    date: () => people.date(typed, country), currency: () => people.currency(typed, country), plain_number: () => people.number(typed, unit), price: () => people.amount(typed),
    phone: () => people.phone(typed, model.packs[country]), phone_or_none: () => people.none(typed) ?? people.phone(typed, model.packs[country]),
    days: () => daysSaid(typed), times: () => people.times(typed),
  }[field.kind] ?? { postal_code: () => people.postalCode(typed, country) }[field.key]
  return read?.()
}

// Days that follow one another as a range: “mon-fri”.
const daysSaid = typed => {
  const found = people.days(typed)
  if (!found) return
  const runs = []
  for (const day of found) {
    const run = runs[runs.length - 1]
    if (run && (model.days.indexOf(run[run.length - 1]) + 1) % 7 === model.days.indexOf(day)) run.push(day)
    else runs.push([day])
  }
  return { means: runs.map(run => run.length > 1 ? `${run[0]}-${run[run.length - 1]}` : run[0]).join(", "), sure: true }
}

// The digits that reach a number from inside its country; none for a number of another one.
const dialled = (typed, pack) => {
  const digits = typed.replace(EXTENSION, "").replace(/\D/g, "")
  if (!pack) return digits
  const abroad = typed.startsWith("+") ? digits : digits.startsWith(`00${pack.calling}`) ? digits.slice(2) : ""
  if (abroad && !abroad.startsWith(pack.calling)) return ""
  const national = abroad ? abroad.slice(pack.calling.length) : digits
  return pack.trunk && national.startsWith(pack.trunk) ? national.slice(pack.trunk.length) : national
}

// The number as the guide prints it in its country.
export const printed = (typed, country) => {
  const pack = model.packs[country], number = dialled(typed, pack), [extension = ""] = EXTENSION.exec(typed) ?? []
  const [, digits, form, rule] = pack?.formats.find(([first, all]) => new RegExp(`^(?:${first})`).test(number) && whole(all).test(number)) ?? []
  return digits && !extension ? number.replace(whole(digits), rule ? form.replace("$1", () => rule) : form) : typed
}

const SIGNED = [[/us\$|usd/i, "USD"], [/ca?\$|cad/i, "CAD"], [/au?\$|aud/i, "AUD"], [/nz\$|nzd/i, "NZD"], [/£|gbp/i, "GBP"], [/€|eur/i, "EUR"], [/\$|dollar/i, "USD CAD AUD NZD"]]

// What may be meant otherwise, and stops nothing. `typed`: as it was typed; `means`: as the file writes it.
export const doubt = ({ key, kind }, typed, means, data) => {
  const today = new Date().toISOString().slice(0, 10), currency = data.cost?.currency, money = kind === "price" && SIGNED.find(([sign]) => sign.test(typed))
  if (["from", "to"].includes(key) && isDate(means) && means < today) return `This day is over. Did you mean ${Number(today.slice(0, 4)) + (means.slice(5) < today.slice(5))}?`
  if (money && currency && !money[1].includes(currency)) return `Your prices are in ${currency}: patients read ${means} ${currency}. Is that right?`
  if (key === "watched_by" && NAMED.test(typed)) return "This may be somebody's name. A role, such as a nurse trained in ketamine care, stays right when people change."
}

const hostOf = typed => { try { return new URL(typed).hostname } catch { return "" } }

// The zone as the browser knows it; nothing for one that it does not know.
const zoneOf = typed => { try { return new Intl.DateTimeFormat("en", { timeZone: typed }).resolvedOptions().timeZone } catch { return "" } }

const isDate = typed => {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? new Date(`${typed}T00:00Z`) : new Date(NaN)
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(typed) // 30 February is none
}

const reserved = host => MADE_UP.test(host) ? "reserved" : undefined

const phone = (typed, { country }) => {
  const pack = model.packs[country], number = dialled(typed, pack), { length } = dialled(typed)
  if (!TELEPHONE.test(typed) || length < 2 || length > 17) return "format"
  const known = pack?.public.find(([line]) => dialled(line, pack) === number)
  if (known) return withValue(known[1], typed)
  if (pack && pack.calling !== "1" && NORTH_AMERICAN.test(typed)) return withValue(pack.says.foreign, typed)
  if (pack && !pack.digits.includes(number.length)) return withValue(pack.says.phone, typed)
  if (pack?.calling === "1" && /55501\d\d$/.test(number)) return "reserved"
}

// What is wrong with one text of a kind: the keyword that it breaks, or [message, hint]; nothing for what is right, or what only Python knows.
const KINDS = {
  phone,
  phone_or_none: (typed, data) => people.none(typed) ? undefined : phone(typed, data),
  web: typed => {
    const host = hostOf(typed), fits = typed.startsWith("https://") && HOST.test(host) && !NOT_IN_ADDRESS.test(typed) && !typed.split("/")[2].includes("@")
    return fits ? reserved(host) : "format"
  },
  email: typed => {
    const host = /^[\w'+-]+(?:\.[\w'+-]+)*@([^@]*)$/.exec(typed)?.[1] ?? ""
    return HOST.test(host) && !host.endsWith(".") ? reserved(host) : "format"
  },
  timezone: typed => { const zone = zoneOf(typed); return zone && /^[A-Za-z]/.test(typed) && (zone === typed || zone.toLowerCase() !== typed.toLowerCase()) ? undefined : "format" },
  plain_number: typed => NUMBER.test(typed) ? undefined : "format",
  price: typed => {
    const figures = typed.match(/[0-9.]+/g) ?? []
    return !PRICE.test(typed) ? "format" : figures[0] - figures[1] > 0 ? "order" : figures[figures.length - 1] > model.dearest ? "largest" : undefined
  },
  country: typed => typed in model.countries ? undefined : "format",
  currency: typed => model.currencies.includes(typed) ? undefined : "format",
  date: typed => isDate(typed) ? undefined : "format",
  yes_or_no: typed => /^(true|false)$/.test(typed) ? undefined : "format",
}

// Whether one text keeps a keyword of its schema.
const KEYWORDS = {
  words: (typed, words) => !words.includes(/[\p{L}\p{N}]/u.test(typed) ? typed.toLowerCase() : "-"),
  enum: (typed, choices) => choices.includes(typed),
  pattern: (typed, pattern) => new RegExp(pattern).test(typed),
  maxLength: (typed, most) => [...typed].length <= most,
  minimum: (typed, least) => typed >= least,
  maximum: (typed, most) => typed <= most,
  multipleOf: (typed, step) => (typed / step) % 1 === 0,
}

const lastDay = on => `${Number(on.slice(0, 4)) + 1}${on.slice(4)}`.replace(/-02-29$/, "-02-28")

// Whether a value fits its neighbour: (value, neighbour, its schema).
const RELATIONS = {
  kinds: (typed, kind, { kinds }) => kinds.includes(kind) || Array.isArray(typed) && !typed.length,
  soonAfter: (typed, from = "") => !isDate(from) || !isDate(typed) || (typed >= from && new Date(typed) - new Date(from) <= model.longest_closing * DAY),
  notAbove: (typed, other) => !(Number(typed) > Number(other)),
  // The day of the check on GitHub is that of Greenwich; in Auckland it is tomorrow already.
  past: typed => !isDate(typed) || typed <= new Date(Date.now() + DAY).toISOString().slice(0, 10),
  withinAYear: (typed, on = "") => !isDate(on) || !isDate(typed) || (typed > on && typed <= lastDay(on)),
}

const said = (part, keyword) => model.says[part.says?.[keyword]] ?? ["is not right", "Look at it again."]

const wrongText = (part, leaf, typed, place, data) => {
  if (UNPRINTABLE.test(typed)) return ["holds a character that cannot be seen or printed", "Type the text again instead of pasting it."]
  const lacking = KINDS[part.format] || part.enum || leaf.enum ? null : typed.match(LACKING)
  if (lacking) return [`the font of the printed sheets has no “${lacking[0]}”`, "Write it in Latin, Greek or Cyrillic letters, and leave out emoji and other small pictures."]
  if (["…", "..."].includes(typed)) return ["is not filled in yet", "Write your own text, or leave this empty."]
  if (place.some(step => model.ours.includes(step)) && model.sample.includes(alike(typed))) return ["is still the sample clinic's", "Write your own clinic's."]
  const broken = KINDS[part.format]?.(typed, data) ?? (part.type === "integer" && typed % 1 ? "integer" : undefined)
    ?? Object.keys(KEYWORDS).find(keyword => (part[keyword] ?? leaf[keyword]) !== undefined && !KEYWORDS[keyword](typed, part[keyword] ?? leaf[keyword]))
  return typeof broken === "string" ? withValue(said(part, broken), typed, { length: [...typed].length, limit: part[broken] ?? leaf[broken] }) : broken
}

// [opens, closes] in minutes, nothing when closed, or the name of what is wrong.
const spanOf = (text, alone) => {
  const typed = text.toLowerCase(), found = SPAN.exec(typed)
  if (!typed) return "empty"
  if ([...model.shut, "24h"].includes(typed)) return !alone ? "alone" : typed === "24h" ? [0, 1440] : undefined
  if (!found) return "times"
  const [opens, closes] = found.slice(1, 3).map(time => 60 * time.slice(0, 2) + Number(time.slice(3)))
  return opens === closes ? "length" : [opens, closes > opens ? closes : closes + 1440]
}

const forAfternoon = ([opens, closes], before) => {
  if (closes > 1440 && closes - opens > model.longest_night) return closes - 1440 >= 360 && closes - 1440 < 720 && opens > 720 ? "swapped" : "night"
  if (opens > 0 && opens < model.earliest) return "early"
  if (before.length && opens < before[before.length - 1][0]) return "order"
}

// {day: [what, the day before]} of days whose times run into those of the next one, round the week.
const overlaps = week => {
  const spansOf = (day, n) => (week.get(day) ?? []).map(([opens, closes]) => [n * 1440 + opens, n * 1440 + closes, day])
  const spans = model.days.flatMap(spansOf).sort(([one], [other]) => one - other), wrong = {}
  spans.forEach(([, ends, day], n) => {
    const [starts, , after] = spans[n + 1] ?? [spans[0][0] + 7 * 1440, 0, spans[0][2]]
    if (starts < ends) wrong[after] ??= [day === after ? "overlap" : "overlaps", day]
  })
  return wrong
}

const weekProblems = (typed, add) => {
  const week = new Map(), rowOf = {}
  const tell = (row, box, name, slots) => add([row, box], filled(model.week[name], slots))
  typed.forEach(([text, spans], row) => {
    const days = people.days(text), open = []
    if (!days) return tell(row, "days", "day", { day: shown(text) })
    for (const times of spans.length ? spans : [""]) {
      const span = spanOf(times, spans.length < 2), odd = Array.isArray(span) ? forAfternoon(span, open) : span
      if (typeof odd === "string") tell(row, "times", odd, { value: shown(times.toLowerCase()), swapped: shown(times.toLowerCase()).split(/ ?[-–] ?/).reverse().join("-"), hours: Array.isArray(span) && Math.round((span[1] - span[0]) / 6) / 10 })
      else if (span) open.push(span)
    }
    const twice = days.filter(day => week.has(day))
    if (twice.length) tell(row, "days", twice.length > 1 ? "several" : "twice", { day: twice.join(", ") })
    for (const day of days) { week.set(day, open); rowOf[day] ??= row }
  })
  for (const [day, [name, before]] of Object.entries(overlaps(week))) tell(rowOf[day], "times", name, { day, before })
}

// What depends on the country, by the way to the key: (value, pack of the country, part of the schema) to [message, hint].
const BY_COUNTRY = {
  region: (typed, pack) => {
    const { regions = [], says } = pack ?? {}
    if (regions.length && !regions.includes(typed)) return typed ? withValue(says.region, typed) : says.no_region
  },
  "locations.address.postal_code": (typed, pack) => typed && pack?.postal_code && !whole(pack.postal_code).test(typed) ? withValue(pack.says.postal_code, typed) : undefined,
  "emergency.number": (typed, pack, elsewhere) => pack ? typed && typed !== pack.emergency ? pack.says.number : undefined : elsewhere && !/^[0-9]{2,6}$/.test(typed) ? model.elsewhere.number : undefined,
  "emergency.crisis_lines": (lines = [], pack, elsewhere) => elsewhere && !lines.length ? model.elsewhere.crisis_lines : undefined,
  "emergency.poison": (typed, pack) => typed && pack?.says.poison ? pack.says.poison : undefined,
  "locations.pictures.file": typed => typed && !/^clinic\/(?!.*\.\.).+\.(png|jpe?g)$/i.test(typed) ? [`“${shown(typed)}” is not a picture in the folder clinic/`, "Upload it there and write clinic/door.jpg."] : undefined,
  "look.logo": typed => typed && !/^clinic\/(?!.*\.\.).+\.(svg|png|jpe?g)$/i.test(typed) ? [`“${shown(typed)}” is not a picture in the folder clinic/`, "Upload it there and write clinic/logo.svg or clinic/logo.png."] : undefined,
}

const plain = name => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-")

// What does not fit between places and treatments.
const across = ({ treatments = {}, locations = [] }, country, problems) => {
  const tell = (place, said) => problems.push({ place, message: said[0], hint: said[1] })
  const offered = Object.keys(treatments), doses = locations.filter(({ kind }) => kind !== "video"), spray = "nasal_esketamine"
  if (!offered.length || !locations.length || locations.some(({ treatments: given = [] }) => given.some(key => !(key in model.schema.$defs.Treatments.properties)))) return // told there
  if (!doses.length) return tell(["locations", 0, "kind"], model.across.video)
  locations.forEach(({ kind, treatments: given = [] }, n) => {
    given.forEach((key, m) => { if (!offered.includes(key)) tell(["locations", n, "treatments", m], withValue(model.across.among, key, { others: offered.join(", ") })) })
    if (country === "US" && kind === "visits_you" && offered.includes(spray) && (!given.length || given.includes(spray))) tell(["locations", n, "kind"], model.across.certified)
  })
  for (const key of offered) if (doses.every(({ treatments: given = [] }) => given.length && !given.includes(key))) tell(["treatments", key], model.across.nowhere)
}

// Every problem of what is typed, as { place, message, hint, empty }; a place is a way such as ["locations", 0, "phone"].
export const check = typed => {
  const data = { ...typed, country: typed.country in model.countries ? typed.country : undefined }, problems = []
  const pack = model.packs[data.country], elsewhere = Boolean(data.country) && !pack

  const walk = (given, value, place, neighbours = {}) => {
    const part = resolved(given), way = place.filter(step => typeof step === "string").join(".")
    const add = (more, told, empty = false) => { if (told) problems.push({ place: [...place, ...more], message: told[0], hint: told[1], empty }) }
    if (value !== undefined) inside(part, value, place, add)
    if (part.trueIn?.includes(data.country) && value !== "true") add([], said(part, "trueIn"))
    for (const [keyword, other] of Object.entries(part.relation ?? {}))
      if (value !== undefined && !RELATIONS[keyword](value, neighbours[other], part)) add([], withValue(said(part, keyword), value, { other: neighbours[other], last: neighbours[other] && lastDay(neighbours[other]) }))
    if (typeof place[place.length - 1] === "string") add([], BY_COUNTRY[way]?.(value, pack, elsewhere))
  }

  const group = (part, value, place) => {
    const keys = Object.entries(part.properties), whole = Object.fromEntries(keys.map(([key, inner]) => [key, value[key] ?? (inner.default === undefined ? undefined : String(inner.default))]))
    for (const [key, inner] of keys) {
      const below = resolved(inner), needed = part.required?.includes(key) || below.must && below.kinds.includes(whole.kind)
      // A group that is needed, or that has defaults, is looked at even when nothing in it is typed.
      const given = value[key] ?? (needed && below.minItems ? [{}] : below.properties && (needed || below.always) ? {} : undefined)
      if (given === undefined && needed) problems.push({ place: [...place, key], message: "is missing", hint: "Fill this in.", empty: true })
      walk(inner, given, [...place, key], whole)
    }
  }

  const sets = (part, value, add) => {
    if (part.says?.some !== undefined && !Object.keys(value).length) add([], [said(part, "some")[0], "Tick what you offer."], true)
    if (part.says?.named === undefined || value.length < 2) return
    const names = value.map(({ name = "" }) => plain(name))
    value.forEach(({ name }, n) => {
      if (!name) add([n, "name"], [said(part, "named")[0], "Add one, such as Main Street."])
      else if (names.indexOf(names[n]) < n) add([n, "name"], withValue(said(part, "unique"), name))
    })
  }

  const inside = (part, value, place, add) => {
    if (part.format === "hours") return weekProblems(value, add)
    const leaf = part.oneOf?.find(one => (one.type === "array") === Array.isArray(value)) ?? part
    if (Array.isArray(value) && value.length > leaf.maxItems) add([], withValue(model.says[part.says?.maxItems] ?? said({}), "", { length: value.length, limit: leaf.maxItems }))
    if (Array.isArray(value) && part.items && resolved(part.items).properties) value.forEach((entry, n) => walk(part.items, entry, [...place, n]))
    else if (part.properties) group(part, value, place)
    else if (part.items) value.forEach((text, n) => { const told = wrongText(part, part.items, text, place, data); if (told) add([n], told) })
    else [value].flat().forEach(text => add([], wrongText(part, leaf.items ?? leaf, text, place, data)))
    sets(part, value, add)
  }

  group(model.schema, typed, [])
  if (data.country && !typed.timezone) problems.push({ place: ["timezone"], message: "is missing", hint: "Fill this in.", empty: true })
  across(typed, data.country, problems)
  ;[typed.locations ?? [{}]].flat().forEach(({ kind = "here", address = {}, entrance }, n) => {
    if (kind === "here" && !entrance && ![address.street].flat().some(Boolean)) problems.push({ place: ["locations", n, "address", "street"], message: "is missing", hint: "Fill this in. If there is no street, say under entrance where the place is.", empty: true })
  })
  return problems
}

// What was read from a file, as the form holds it; `told` gathers [key, message, hint, line] of what has no place there.
export const fit = (field, value, told, lineOf) => {
  const isMap = value && typeof value === "object" && !Array.isArray(value)
  const refuse = (message, hint = "") => { told.push([field.key, message, hint]) }
  if (value === null) return field.switch ? {} : undefined
  if (field.kind === "hours") {
    const spansOf = spans => [spans ?? []].flat().map(String)
    return isMap ? Week.from(Object.entries(value), ([days, spans]) => [days, spansOf(spans)]) : refuse("needs days with their times")
  }
  if (field.list) {
    if (field.open && isMap) return fit(field, [value], told, lineOf) // one of what may be several
    if (!Array.isArray(value)) return refuse("must be a list", "Start each entry on its own line with - and a space.")
    const whole = entry => field.open && field.fields && typeof entry === "string" ? { [field.fields[0].key]: entry } : entry // one day stands for the first of some
    return value.map(entry => fit({ ...field, list: false, open: false }, whole(entry), told, lineOf)).filter(entry => entry !== undefined)
  }
  const known = field.fields?.map(({ key }) => key).join(", ")
  if (!known) return typeof value === "string" || (field.kind === "lines" && Array.isArray(value)) ? value : refuse("must be one piece of text")
  if (!isMap) return refuse("must be a group of settings", `Below it, indented, may stand: ${known}.`)
  const taken = {}
  for (const [key, below] of Object.entries(value)) {
    const inner = field.fields.find(other => other.key === key), before = told.length
    if (inner) taken[key] = fit(inner, below, told, lineOf)
    else told.push([key, "the guide does not know this key here", `Known here: ${known}.`])
    for (const problem of told.slice(before)) problem[3] ??= lineOf(value, key)
  }
  return taken
}
