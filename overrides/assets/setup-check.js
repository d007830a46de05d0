// What clinic.yml may hold, as far as a browser can know. The model stands in the page, made by guide/setup/form.py; what is
// said of a mistake is said as in guide/clinic/file.py, guide/clinic/model.py and guide/clinic/hours.py. The check on GitHub has the last word.
import { Week } from "./setup-yaml.js"

export const model = JSON.parse(document.getElementById("setup-model").textContent)

const whole = (pattern, flags = "") => new RegExp(`^(?:${pattern})$`, flags)
export const UNPRINTABLE = new RegExp(model.patterns.unprintable, "u")
const TELEPHONE = whole(model.patterns.phone, "i"), HOST = whole(model.patterns.host, "i"), SPAN = whole(model.patterns.span)
const EXTENSION = /,? ?(ext(ension|\.)?|x|#) ?[0-9]{1,6}$/i
const NUMBER = /^[0-9]{1,6}(\.[0-9]{1,2})?$/
const TEXT_LINE = /^([A-Za-z0-9]{1,12} to )?[0-9][0-9 ]{1,10}[0-9]$/
const NOT_IN_ADDRESS = /[\s<>"'`\\{}[\]|^]/
const MADE_UP = /(^|\.)(example\.(com|net|org)|your-clinic\.com|example|invalid|test|localhost|local|internal|lan)\.?$/i
const DAY = 864e5

const shown = text => {
  const characters = [...text.trim().replace(/\s+/g, " ")]
  return characters.length > model.longest_shown ? `${characters.slice(0, model.longest_shown - 1).join("")}…` : characters.join("")
}
const quote = text => `“${shown(text)}”`
export const alike = text => text.replace(/[^\p{L}\p{N}_]/gu, "").toLowerCase()
// [message, hint] of what the model said when guide/setup/form.py asked it.
const reason = ({ message, hint }, typed = "") => [message.replace("{value}", () => shown(typed)), hint]

// The digits that reach a number from inside its country; none for a number of another one.
const dialled = (typed, pack) => {
  const digits = typed.replace(EXTENSION, "").replace(/\D/g, "")
  if (!pack) return digits
  const abroad = typed.startsWith("+") ? digits : digits.startsWith(`00${pack.calling}`) ? digits.slice(2) : ""
  if (abroad && !abroad.startsWith(pack.calling)) return ""
  const national = abroad ? abroad.slice(pack.calling.length) : digits
  return pack.trunk && national.startsWith(pack.trunk) ? national.slice(pack.trunk.length) : national
}

const phone = (typed, { country }) => {
  const pack = model.packs[country], number = dialled(typed, pack), { length } = dialled(typed)
  if (!TELEPHONE.test(typed) || length < 2 || length > 17)
    return [`${quote(typed)} is not a phone number`, "Write one number, in digits, as on a letter: (760) 555-0142."]
  const known = pack?.public.find(([line]) => dialled(line, pack) === number)
  if (known) return reason(known[1], typed)
  if (pack && !pack.digits.includes(number.length)) return reason(pack.says.phone, typed)
  if (pack?.calling === "1" && /55501\d\d$/.test(number))
    return [`${quote(typed)} is a made-up number (555-0100 to 555-0199)`, "Write the clinic's real number."]
}

const helpline = (typed, { country }) => {
  const pack = model.packs[country], digits = typed.replace(/\D/g, "")
  if (/^[0-9][0-9 .-]*[0-9]$/.test(typed) && digits.length <= 6) return
  const fits = pack ? pack.digits.includes(dialled(typed, pack).length) : digits.length >= 7 && digits.length <= 17
  if (fits && TELEPHONE.test(typed) && !EXTENSION.test(typed)) return
  return [`${quote(typed)} is not a number that can be called`, "Write one number, in digits, and check that none is missing or wrong."]
}

const madeUp = (typed, host) => {
  if (MADE_UP.test(host)) return [`${quote(typed)} is a made-up address that reaches nobody`, "Write the clinic's real one, or leave this empty."]
}

const web = typed => {
  const host = URL.canParse(typed) ? new URL(typed).hostname : ""
  const fits = typed.startsWith("https://") && HOST.test(host) && !NOT_IN_ADDRESS.test(typed) && !typed.split("/")[2].includes("@")
  return fits ? madeUp(typed, host) : [`${quote(typed)} is not a secure web address`, "It starts with https://, such as https://www.your-clinic.com"]
}

const email = typed => {
  const host = /^[\w'+-]+(?:\.[\w'+-]+)*@([^@]*)$/.exec(typed)?.[1] ?? ""
  if (!HOST.test(host) || host.endsWith(".")) return [`${quote(typed)} is not an e-mail address`, "Write one address, such as office@your-clinic.com"]
  return madeUp(typed, host)
}

const timezone = typed => {
  const near = Intl.supportedValuesOf("timeZone").find(zone => zone.toLowerCase() === typed.replaceAll(" ", "_").toLowerCase())
  let known = near ? near === typed : /^[A-Za-z]/.test(typed)
  try { new Intl.DateTimeFormat("en", { timeZone: typed }) } catch { known = false } // older names such as US/Pacific pass
  return known ? undefined : [`${quote(typed)} is not a time zone`, near ? `Did you mean ${near}?` : "Write it as continent and city: America/Los_Angeles."]
}

const isDate = typed => {
  const day = /^\d{4}-\d{2}-\d{2}$/.test(typed) ? new Date(`${typed}T00:00Z`) : new Date(NaN)
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(typed) // 30 February is none
}

const hasCome = (typed, hint) => {
  // The day of the check on GitHub is that of Greenwich; in Auckland it is tomorrow already.
  if (isDate(typed) && typed > new Date(Date.now() + DAY).toISOString().slice(0, 10)) return [`${typed} has not come yet`, hint]
}

const number = (typed, { floor, least, most, step, whole: noParts }) => {
  if (!NUMBER.test(typed)) return [`${quote(typed)} is not a number that the guide can use`, "Write digits only, such as 40 or 0.5, without a sign or a unit."]
  if (noParts && typed % 1) return [`${quote(typed)} is not a whole number`, "Write digits only, without a unit."]
  if (typed < least) return [`${typed} is too small`, `Write a number of at least ${least}.`]
  if (typed > most) return [`${typed} is too large`, `Write a number of at most ${most}.`]
  if ((typed / (step ?? typed)) % 1) return [`${typed} is between two steps`, `Write a number in steps of ${step}.`]
  if (typed < floor?.least) return reason(floor, typed)
}

const KINDS = {
  phone: (typed, field, data) => phone(typed, data),
  phone_or_none: (typed, field, data) => typed.toLowerCase() === "none" ? undefined : phone(typed, data),
  web, email, timezone,
  plain_number: number,
  country: typed => typed in model.countries ? undefined : [`${quote(typed)} is not a country code`, "Choose the country from the list."],
  currency: typed => model.currencies.includes(typed) ? undefined : [`${quote(typed)} is not a currency code in use today`,
    model.currencies.includes(typed.toUpperCase()) ? `Write ${typed.toUpperCase()}.` : "Write three capital letters: USD, GBP, EUR …"],
  date: typed => isDate(typed) ? undefined : [`${quote(typed)} is not a date`, "Write year-month-day, such as 2026-11-22."],
  yes_or_no: typed => /^(true|false)$/.test(typed) ? undefined : [`must be true or false, not ${quote(typed)}`, "Choose from the list."],
}

const wrongText = (field, typed, place, data) => {
  if (UNPRINTABLE.test(typed)) return ["holds a character that cannot be seen or printed", "Type the text again instead of pasting it."]
  if (["…", "..."].includes(typed)) return ["is not filled in yet", "Write your own text, or leave this empty."]
  if (place.some(step => model.ours.includes(step)) && model.sample.includes(alike(typed))) return ["is still the sample clinic's", "Write your own clinic's."]
  const { length } = [...typed]
  if (length > field.longest) return [`is ${length} characters long; ${field.longest} fit`, "Make it shorter."]
  if (field.row === "language" && !model.languages.includes(typed))
    return [`the guide is not written in ${quote(typed)}`, `Choose from: ${model.languages.join(", ")}.`]
  if (field.floor?.words?.includes(/[\p{L}\p{N}]/u.test(typed) ? typed.toLowerCase() : "-")) return reason(field.floor, typed)
  if (field.choices?.includes(typed) === false) return field.floor ? reason(field.floor, typed) : [`${quote(typed)} is not one of the choices`, "Choose from the list."]
  if (field.pattern && !new RegExp(field.pattern).test(typed)) return [`${quote(typed)} is not written as it needs to be`, `Write it like ${field.example}`]
  return KINDS[field.kind]?.(typed, field, data)
}

const daysOf = typed => {
  const [first, last = first, ...more] = typed.toLowerCase().replaceAll(" ", "").replace("–", "-").split("-").map(day => model.days.indexOf(day))
  return more.length || first < 0 || last < 0 ? undefined : Array.from({ length: (last - first + 7) % 7 + 1 }, (_, n) => model.days[(first + n) % 7])
}

// [opens, closes] in minutes, nothing when closed, or what is wrong.
const spanOf = (text, alone) => {
  const typed = text.toLowerCase(), found = SPAN.exec(typed)
  if (!typed) return "has no times"
  if (["closed", "24h"].includes(typed)) return !alone ? `${typed} can only stand alone, without other times` : typed === "24h" ? [0, 1440] : undefined
  if (!found) return `${quote(typed)} cannot be read as opening times`
  const [opens, closes] = found.slice(1, 3).map(time => 60 * time.slice(0, 2) + Number(time.slice(3)))
  return opens === closes ? `${quote(typed)} opens and closes at the same time` : [opens, closes > opens ? closes : closes + 1440]
}

const forAfternoon = ([opens, closes], text, before) => {
  const told = quote(text.toLowerCase())
  if (closes > 1440 && closes - opens > model.longest_night) return `${told} would be open all night, ${Math.round((closes - opens) / 6) / 10} hours`
  if (opens > 0 && opens < model.earliest) return `${told} would open in the middle of the night`
  if (before.length && opens < before.at(-1)[0]) return `${told} is earlier than the times before it`
}

// {day: message} of days whose times run into those of the next one, round the week.
const overlaps = week => {
  const spansOf = (day, n) => (week.get(day) ?? []).map(([opens, closes]) => [n * 1440 + opens, n * 1440 + closes, day])
  const spans = model.days.flatMap(spansOf).sort(([one], [other]) => one - other)
  const wrong = {}
  spans.forEach(([, ends, day], n) => {
    const [starts, , after] = spans[n + 1] ?? [spans[0][0] + 7 * 1440, 0, spans[0][2]]
    if (starts < ends) wrong[after] ??= day === after ? `two times of ${day} overlap` : `the times of ${day} and ${after} overlap`
  })
  return wrong
}

const weekProblems = (typed, add) => {
  const week = new Map(), rowOf = {}
  typed.forEach(([text, spans], row) => {
    const days = daysOf(text), open = []
    if (!days) return add([row, "days"], [`${quote(text)} is not a day as the guide reads it`, "Write mon, tue, wed, thu, fri, sat or sun, or a range: mon-fri."])
    for (const times of spans.length ? spans : [""]) {
      const span = spanOf(times, spans.length < 2), odd = Array.isArray(span) && forAfternoon(span, times, open)
      if (typeof span === "string") add([row, "times"], [span, "Write 24-hour times with 4 digits: 08:30-17:00, or closed, or 24h."])
      else if (odd) add([row, "times"], [odd, "After noon add 12: 1 in the afternoon is 13:00, 5 is 17:00."])
      else if (span) open.push(span)
    }
    const twice = days.filter(day => week.has(day))
    if (twice.length) add([row, "days"], [`${twice.join(", ")} ${twice.length > 1 ? "are" : "is"} written twice`, "Keep each day once."])
    for (const day of days) { week.set(day, open); rowOf[day] ??= row }
  })
  for (const [day, message] of Object.entries(overlaps(week))) add([rowOf[day], "times"], [message, "Let one end before the next begins."])
}

// What one value alone does not show: (value, all data, add, its neighbours with their defaults).
const RULES = {
  region: (typed, { country }, add) => {
    const { regions = [], says } = model.packs[country] ?? {}
    if (regions.length && !regions.includes(typed)) add([], reason(typed ? says.region : says.no_region, typed))
  },
  locations: (places, data, add) => {
    const names = places.map(({ name = "" }) => name.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "-"))
    if (places.length > 1) places.forEach(({ name }, n) => {
      if (!name) add([n, "name"], ["needs a name, because there are several locations", "Add one, such as Main Street."])
      else if (names.indexOf(names[n]) < n) add([n, "name"], [`two locations are called ${quote(name)}`, "Give each its own name."])
    })
  },
  "locations.address.postal_code": (typed, { country }, add) => {
    const pack = model.packs[country]
    if (typed && pack && !whole(pack.postal_code).test(typed)) add([], reason(pack.says.postal_code, typed))
  },
  treatments: (offered, data, add) => {
    if (!Object.keys(offered).length) add([], ["needs at least one treatment", "Tick what you offer."], true)
  },
  "*.no_drinks_hours": (typed, data, add, { no_food_hours: food }) => {
    if (Number(typed) > Number(food)) add([], ["clear drinks cannot stop before food does", "Write a number that is not above the hours without food."])
  },
  "*.review_after": (typed, data, add, { sessions }) => {
    if (Number(typed) > Number(sessions)) add([], [`the course has only ${sessions}, so nobody would look after ${typed}`, `Write ${sessions} or less.`])
  },
  "emergency.number": (typed, { country }, add) => {
    const pack = model.packs[country]
    if (pack && typed && typed !== pack.emergency) add([], reason(pack.says.number, typed))
    const missing = typed ? `${quote(typed)} is not an emergency number` : "the emergency number is missing"
    if (country && !pack && !/^[0-9]{2,6}$/.test(typed)) add([], [missing, "Write the number that one dials for an ambulance, such as 112."])
  },
  "emergency.crisis_lines": (lines = [], data, add) => {
    const pack = model.packs[data.country]
    const own = [data.phone, data.after_hours_phone].filter(Boolean).map(typed => dialled(typed, pack))
    if (!lines.length && data.country && !pack)
      add([], ["needs at least one crisis line, because the guide knows none for this country", "Add name, phone, hours, url and checked (F3.2)."])
    lines.forEach((line, n) => {
      if (!line.phone && !line.text) add([n, "phone"], ["needs a number to call or to text", "Write one of the two."])
      else if (line.phone && own.includes(dialled(line.phone, pack)))
        add([n, "phone"], ["is the clinic's own number", "Name a line whose people are there for a crisis, day and night."])
    })
  },
  "emergency.crisis_lines.phone": (typed, data, add) => { if (typed) add([], helpline(typed, data)) },
  "emergency.crisis_lines.text": (typed, data, add) => {
    if (typed && !TEXT_LINE.test(typed)) add([], [`${quote(typed)} is not a way to send a text`, "Write the word and the number: HOME to 741741."])
  },
  "emergency.crisis_lines.checked": (typed, data, add) => add([], hasCome(typed, "Write the day on which you looked at the line's own page.")),
  "emergency.poison": (typed, data, add) => {
    const known = model.packs[data.country]?.says.poison
    if (typed) add([], known ? reason(known, typed) : helpline(typed, data))
  },
  "review.on": (typed, data, add) => add([], hasCome(typed, "Write the day on which the guide was checked.")),
  "review.next": (typed, data, add, { on }) => {
    if (!isDate(on) || !isDate(typed)) return
    const last = `${Number(on.slice(0, 4)) + 1}${on.slice(4)}`.replace(/-02-29$/, "-02-28")
    if (typed <= on || typed > last) add([], [`must be after ${on} and not after ${last}`, "A guide is checked every year, or sooner (safety floor)."])
  },
  "look.logo": (typed, data, add) => {
    if (typed && !/^clinic\/(?!.*\.\.).+\.(svg|png)$/i.test(typed))
      add([], [`${quote(typed)} is not a picture in the folder clinic/`, "Upload it there and write clinic/logo.svg or clinic/logo.png."])
  },
}

// Every problem of what is typed, as { place, message, hint }; a place is a way such as ["locations", 0, "phone"].
export const check = typed => {
  const data = { ...typed, country: typed.country in model.countries ? typed.country : undefined }, problems = []
  const walk = (field, typed, place, neighbours) => {
    const add = (way, told, empty = false) => { if (told) problems.push({ place: [...place, ...way], message: told[0], hint: told[1], empty }) }
    const path = place.filter(step => typeof step === "string").join(".")
    // A group that has defaults, or that is needed, is looked at even when nothing in it is typed.
    const value = typed ?? (field.always ? {} : field.needed && field.list ? [{}] : undefined)
    if (value === undefined && field.needed) add([], ["is missing", "Fill this in."], true)
    if (value !== undefined) inside(field, value, place, add)
    if (field.floor?.in?.includes(data.country) && value !== "true") add([], reason(field.floor))
    const rule = RULES[path] ?? RULES[`*.${field.key}`]
    if (rule && typeof place.at(-1) === "string") rule(value, data, add, neighbours)
  }
  const inside = (field, value, place, add) => {
    if (Array.isArray(value) && value.length > field.entries) add([], [`has ${value.length} entries; ${field.entries} fit`, "Delete some."])
    if (field.kind === "hours") weekProblems(value, add)
    else if (field.list) value.forEach((entry, n) => walk({ ...field, list: false, entries: undefined, needed: false }, entry, [...place, n]))
    else if (field.fields) {
      const whole = Object.fromEntries(field.fields.map(inner => [inner.key, value[inner.key] ?? inner.default]))
      field.fields.forEach(inner => walk(inner, value[inner.key], [...place, inner.key], whole))
    } else [value].flat().forEach(text => add([], wrongText(field, text, place, data)))
  }
  inside({ fields: model.fields }, typed, [])
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
    if (!Array.isArray(value)) return refuse("must be a list", "Start each entry on its own line with - and a space.")
    return value.map(entry => fit({ ...field, list: false }, entry, told, lineOf)).filter(entry => entry !== undefined)
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
