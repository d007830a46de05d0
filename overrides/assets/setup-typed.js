// What people type, as the file writes it. The same as guide/clinic/typed.py, where it is explained; tests/typed.yml holds both to it.
// Each gives { means, sure }, or nothing for what it does not understand. What may mean something else is not sure: it is asked.
const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
const tidy = text => text.trim().replace(/\s+/g, " ")
const whole = (pattern, text, flags = "") => new RegExp(`^(?:${pattern.source ?? pattern})$`, flags || pattern.flags).exec(text)
const read = (means, sure = true) => ({ means, sure })

const NAMED_DAYS = { weekdays: "mon-fri", weekday: "mon-fri", weekends: "sat-sun", weekend: "sat-sun", daily: "mon-sun", "every day": "mon-sun", "all days": "mon-sun",
  everyday: "mon-sun", "all week": "mon-sun", "m-f": "mon-fri", "mo-fr": "mon-fri" }
const DAY = /(mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)s?/

export const days = typed => {
  const said = tidy(typed.toLowerCase().replaceAll(".", "")).replace(/\s*(?:[–—-]|\bto\b|\bthrough\b|\bthru\b|\buntil\b)\s*/g, "-"), found = []
  for (const part of (NAMED_DAYS[said] ?? said).split(/\s*(?:,|;|&|\+|\/|\band\b)\s*/)) {
    const ends = (NAMED_DAYS[part] ?? part).split("-")
    if (ends.length > 2 || !ends.every(end => whole(DAY, end))) return
    const [first, last] = [ends[0], ends[ends.length - 1]].map(end => DAYS.indexOf(end.slice(0, 3)))
    for (let n = 0; n <= (last - first + 7) % 7; n++) found.push(DAYS[(first + n) % 7])
  }
  return found
}

const ALWAYS = /24 ?\/ ?7|24 ?h|24 ?hours|(open )?24 hours( a day)?|always( open)?|all day|round the clock/
const ASKED_FOR = /(only )?by (appointment|arrangement)( only)?|appointments? only/
const SHUT = /closed|shut|not open/
const CLOCK = String.raw`(?:(noon|midnight|midday)|([0-9]{1,2})(?:[:.h]?([0-9]{2}))?\s*(a\.?m\.?|p\.?m\.?|[ap])?)`
const FROM_TO = String.raw`(?:from )?${CLOCK}\s*(?:[-–—]|to|until|till|til)\s*${CLOCK}`
const OTHER = { a: "p", p: "a" }
const minutesOf = (word, hour, minute = 0) => word ? 720 : hour <= 24 && minute < 60 ? 60 * hour + Number(minute) : undefined
const clock = at => `${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}`
const written = (opens, closes) => `${clock(opens)}-${clock(closes > 1440 ? closes - 1440 : closes)}`

const spanOf = ([, word, hour, minute, halfOne, word2, hour2, minute2, halfTwo]) => {
  let opens = minutesOf(word, hour, minute), closes = minutesOf(word2, hour2, minute2), half = halfOne?.[0], half2 = halfTwo?.[0], sure = true
  if (opens === undefined || closes === undefined) return
  if (word) [opens, half] = word === "midnight" ? [0, "a"] : [720, "p"]
  if (word2) [closes, half2] = [word2 === "midnight" ? 1440 : 720, "p"]
  if (!half && !half2) {
    if (Math.max(opens, closes) >= 780 || [0, closes].includes(opens) || hour.startsWith("0") || hour2.startsWith("0")) return read(written(opens, closes))
    sure = opens >= 360 && opens < closes
    if (opens < 360) opens += 720
    return read(written(opens, closes > opens ? closes : closes + 720), sure)
  }
  if ((half && opens >= 780) || (half2 && closes >= 780 && !word2)) return
  if (half2 && !half) half = opens % 720 < closes % 720 ? half2 : OTHER[half2]
  else if (half && !half2) {
    const before = closes % 720 <= opens % 720
    half2 = before ? OTHER[half] : half
    sure = Boolean(word) || before
  }
  if (!word) opens = opens % 720 + (half === "p" ? 720 : 0)
  if (!word2) closes = closes % 720 + (half2 === "p" ? 720 : 0) || 1440
  return read(written(opens, closes), sure)
}

export const times = typed => {
  const said = tidy(typed.toLowerCase())
  if (whole(ALWAYS, said)) return read("24h")
  if (whole(SHUT, said)) return read("closed")
  if (whole(ASKED_FOR, said)) return read("by appointment")
  const spans = said.split(/\s*(?:,|;|&|\+|\band\b)\s*/).map(part => { const found = whole(FROM_TO, part); return found ? spanOf(found) : undefined })
  return spans.every(Boolean) ? read(spans.map(({ means }) => means).join(", "), spans.every(({ sure }) => sure)) : undefined
}

const HOURS = { h: 60, hr: 60, hrs: 60, hour: 60, hours: 60 }, MINUTES = { m: 1, min: 1, mins: 1, minute: 1, minutes: 1 }, MANY = { d: 1440, day: 1440, days: 1440 }
const UNITS = { minutes: [1, { ...MINUTES, ...HOURS }], hours: [60, { ...MINUTES, ...HOURS, ...MANY }] }
const NUMBER = /([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:[.]([0-9]{1,2}))?/
const AND_MINUTES = /([0-9]+) ?h(?:ours?|rs?)? ?(?:and )?([0-9]+) ?(?:m(?:inutes?|ins?)?)?/

const valueOf = figures => {
  const found = whole(NUMBER, figures.replace(/^([0-9]+),([0-9]{1,2})$/, "$1.$2"))
  return found ? Number(`${found[1].replaceAll(",", "")}.${found[2] ?? 0}`) : undefined
}
const short = value => value === undefined ? undefined : read(value.toFixed(2).replace(/0+$/, "").replace(/\.$/, ""))

export const number = (typed, unit = "") => {
  const said = tidy(typed.toLowerCase().replaceAll("½", ".5")).replace(/^\./, "0.").replace(/\.+$/, ""), both = whole(AND_MINUTES, said)
  const [base, known] = UNITS[unit] ?? [1, {}]
  if (unit && both) return short((60 * both[1] + Number(both[2])) / base)
  const [figures] = /^[0-9.,]+/.exec(said) ?? [""], value = valueOf(figures), word = said.slice(figures.length).trim()
  return value === undefined || word && !Object.hasOwnProperty.call(known, word) ? undefined : short(word ? value * known[word] / base : value)
}

const MONEY = /(?:[a-z]{2,3}\$?|[$£€¥])?\s*([0-9.,]+)\s*(?:[a-z]{3}|[$£€¥])?/i

const FREE = /(?:for )?free(?: of charge)?|(?:at )?no (?:charge|cost)|nothing/i
const INSURED = /(?:(?:we )?bill(?:ed)? (?:to )?)?(?:your |the )?insur(?:ance|er)/i
const FROM = /(?:from|starting (?:at|from)|at least) (.+)|(.+?) ?(?:\+|(?:and|or) (?:up|more))/i
const RANGE = /(?:from |between )?(.+?) ?(?:[-–—]|\bto\b|\band\b) ?(.+)/i

export const amount = typed => {
  const said = tidy(typed), range = whole(RANGE, said), from = whole(FROM, said)
  if (whole(FREE, said)) return read("free")
  if (whole(INSURED, said)) return read("billed to insurance")
  const ends = range?.slice(1).map(money), least = from && money(from[1] ?? from[2])
  if (ends?.every(Boolean)) return read([...new Set(ends.map(({ means }) => means))].join("-"), ends.every(({ sure }) => sure))
  return least ? read(`from ${least.means}`, least.sure) : money(said)
}

const money = typed => {
  const figures = whole(MONEY, tidy(typed))?.[1]
  if (!figures) return
  if (/^[0-9]{1,3}(\.[0-9]{3})+$/.test(figures)) return read(figures.replaceAll(".", ""), false)
  return short(valueOf(figures.replace(/^([0-9]{1,3}(?:\.[0-9]{3})+),([0-9]{2})$/, (all, front, cents) => `${front.replaceAll(".", "")}.${cents}`)))
}

const NATIONS = { england: "England", scotland: "Scotland", wales: "Wales", "northern ireland": "Northern Ireland" }
const CALLED = { uk: "GB", "great britain": "GB", britain: "GB", "united kingdom of great britain and northern ireland": "GB", usa: "US", "us of a": "US", america: "US",
  "united states of america": "US", "the states": "US", "republic of ireland": "IE", eire: "IE", holland: "NL", deutschland: "DE", aotearoa: "NZ" }

// { means, sure, part }: `part` is the region that the name stands for.
export const country = (typed, names) => {
  const said = tidy(typed.toLowerCase().replaceAll(".", "")).replace(/^the /, "")
  if (NATIONS[said]) return { ...read("GB"), part: NATIONS[said] }
  const code = CALLED[said] ?? Object.keys(names).find(code => [code.toLowerCase(), names[code].toLowerCase()].includes(said))
  return code ? { ...read(code), part: "" } : undefined
}

export const none = typed => /^(none|no|nobody|no one|n\/a|na|not applicable)\.?$/i.test(typed.trim()) ? read("none") : undefined

export const yesOrNo = typed => /^(true|yes|y)$/i.test(typed.trim()) ? read("true") : /^(false|no|n)$/i.test(typed.trim()) ? read("false") : undefined

export const web = typed => {
  const said = typed.trim()
  if (said.startsWith("https://")) return read(said)
  if (/^http:\/\//i.test(said)) return read(`https://${said.slice(7)}`, false)
  return /^[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}(\/\S*)?$/i.test(said) ? read(`https://${said}`) : undefined
}

const POSTAL = { GB: [/^([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][A-Z]{2})$/, "$1 $2"], CA: [/^([A-Z][0-9][A-Z])([0-9][A-Z][0-9])$/, "$1 $2"], US: [/^([0-9]{5})([0-9]{4})$/, "$1-$2"] }

export const postalCode = (typed, country) => {
  const upper = tidy(typed.toUpperCase()), [form, shape] = POSTAL[country] ?? [/^$/, ""], tight = upper.replace(/[\s-]/g, "")
  return read(form.test(tight) && tight ? tight.replace(form, shape) : upper)
}

const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
const MONTH_NAMED = /(?:([0-9]{1,2})(?:st|nd|rd|th)? ([a-z]{3,9})|([a-z]{3,9}) ([0-9]{1,2})(?:st|nd|rd|th)?),? ([0-9]{4})/
const dayOf = (year, month, day) => {
  const text = `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`, date = new Date(`${text}T00:00Z`)
  return !Number.isNaN(date.valueOf()) && date.toISOString().startsWith(text) ? read(text) : undefined // 30 February is none
}

export const date = (typed, country) => {
  const lower = typed.toLowerCase(), said = tidy(/[a-z]/.test(lower) ? lower.replaceAll(".", "") : lower.replace(/[.-]/g, "/"))
  const inOrder = /^([0-9]{4})\/([0-9]{1,2})\/([0-9]{1,2})$/.exec(said), named = whole(MONTH_NAMED, said), short = /^([0-9]{1,2})\/([0-9]{1,2})\/([0-9]{4})$/.exec(said)
  if (inOrder) return dayOf(...inOrder.slice(1))
  if (named) {
    const month = MONTHS.indexOf((named[2] ?? named[3]).slice(0, 3))
    return month < 0 ? undefined : dayOf(named[5], month + 1, named[1] ?? named[4])
  }
  if (!short) return
  const [, one, other, year] = short, [month, day] = other > 12 || country === "US" && one <= 12 ? [one, other] : [other, one], found = dayOf(year, month, day)
  return found && read(found.means, one > 12 || other > 12 || one === other)
}

const SIGNS = { "£": "GBP", "€": "EUR", us$: "USD", c$: "CAD", ca$: "CAD", a$: "AUD", au$: "AUD", nz$: "NZD" }, DOLLARS = { US: "USD", CA: "CAD", AU: "AUD", NZ: "NZD" }

export const currency = (typed, country) => {
  const said = typed.trim().toLowerCase()
  if (["$", "dollar", "dollars"].includes(said)) return DOLLARS[country] && read(DOLLARS[country])
  return SIGNS[said] ? read(SIGNS[said]) : /^[a-z]{3}$/.test(said) ? read(said.toUpperCase()) : undefined
}

// A number of North America as it is written there; any other without what one dials only from abroad.
export const phone = (typed, pack) => {
  const said = tidy(typed), abroad = pack && new RegExp(`^(?:\\+|00)\\s?${pack.calling}[\\s.-]?(?:\\(0\\))?`).exec(said)
  if (pack?.calling !== "1") return read(abroad ? `${pack.trunk}${said.slice(abroad[0].length)}` : said)
  const [, main, extension] = /^(.*?)(?:,? ?(?:ext(?:ension|\.)?|x|#) ?([0-9]{1,6}))?$/i.exec(said), figures = main.replace(/\D/g, "").replace(/^1(?=[0-9]{10}$)/, "")
  return read(figures.length === 10 && /^[+0-9 ()/.\u2010-\u2013-]+$/.test(main) ? `(${figures.slice(0, 3)}) ${figures.slice(3, 6)}-${figures.slice(6)}${extension ? ` ext. ${extension}` : ""}` : said)
}
