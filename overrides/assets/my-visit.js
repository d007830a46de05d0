// Times of one visit, counted on this device: nothing is sent, nothing is stored. The reference is guide/words/visit.py.
// A moment is in minutes since 1970; a wall is what a clock at the clinic shows then, counted in the same way. The numbers of the rules come from the page.
const MINUTE = 60_000, DAY = 1440
const box = document.querySelector("[data-visit]")
const { say, ...data } = JSON.parse(box.dataset.visit)
const part = name => box.querySelector(`[data-part=${name}]`)
const field = name => box.querySelector(`[name=${name}]`)
const value = name => field(name).value
const fill = (text, slots) => text.replace(/{(\w+)}/g, (_, name) => slots[name])

// zone: [[from, minutes east], …]
const shown = (zone, t) => t + zone.filter(([from], n) => !n || from <= t).pop()[1]
const moments = (zone, wall) => [...new Set(zone.map(([, east]) => wall - east))].filter(t => shown(zone, t) === wall).sort((one, other) => one - other)
const dayOf = (zone, t) => Math.floor(shown(zone, t) / DAY)
const inTheNight = (zone, t, night, day) => (shown(zone, t) - day + DAY) % DAY >= night - day
const eveningOf = (zone, t, wake) => Math.floor((shown(zone, t) - wake) / DAY)
const next = (zone, minute, earliest) => {
  for (let wall = dayOf(zone, earliest) * DAY + minute; ; wall += DAY) for (const t of moments(zone, wall)) if (t >= earliest) return t
}

export const times = (zone, rules, at, which, left) => {
  const found = moments(zone, at), dose = found[which ? which - 1 : 0]
  if (dose === undefined) return { refuse: "no_such_time" }
  if (found[1] && !which) return { ask: found }
  let home = dose + rules.session + rules.stay
  if (left) {
    const really = moments(zone, left).pop()
    if (!(really >= home)) return { refuse: really ? "left_early" : "no_such_time" }
    home = really
  }
  const { night, wake, morning } = rules, food = dose - rules.food, adult = home + rules.adult, day = dayOf(zone, home)
  return {
    moment: {
      alcohol_stop: dose - rules.alcohol_before, last_food: food, last_drink: dose - rules.drinks, be_there: dose - rules.early, dose,
      home_not_before: home, adult_until: adult, morning_check: next(zone, morning, home + rules.morning_after),
      alcohol_from: home + rules.alcohol, papers_from: home + rules.papers, children_from: home + rules.children, drive: home + rules.drive,
    },
    drive_day: !rules.drive && day + 1,
    mood_until: day + rules.mood_days,
    meal_evening: inTheNight(zone, food, night, wake) && eveningOf(zone, food, wake),
    adult_night: inTheNight(zone, adult, night, morning) && next(zone, morning, adult),
  }
}

const date = (day, how = data.day) => {
  const utc = new Date(day * DAY * MINUTE)
  return fill(how, { weekday: data.days[utc.getUTCDay()], day: utc.getUTCDate(), month: data.months[utc.getUTCMonth()], year: utc.getUTCFullYear() })
}
const said = (wall, how) => {
  const day = Math.floor(wall / DAY), minute = wall - day * DAY
  if (!minute) return fill(say.between, { before: date(day - 1, how), after: date(day, how) })
  return fill(say.at, { day: date(day, how), clock: minute === DAY / 2 ? data.noon : fill(data.hours[Math.floor(minute / 60)], { minute: String(minute % 60).padStart(2, "0") }) })
}
const when = (zone, t, how) => {
  const wall = shown(zone, t), [first, second] = moments(zone, wall), time = said(wall, how)
  return second ? fill(t === first ? say.first : say.second, { time }) : time
}

const wallOf = (day, hour, minute) => Date.parse(`${day}T00:00Z`) / MINUTE + hour * 60 + +minute
const iso = wall => new Date(wall * MINUTE).toISOString()
const tell = text => { part("said").textContent = text }
let chosen

// The link holds what stands in the form, and counts only where the form gives the same link again.
const read = () => {
  const at = wallOf(value("day"), value("hour"), value("minute"))
  let left = value("left_hour") && wallOf(value("day"), value("left_hour"), value("left_minute"))
  if (left < at && left) left += DAY
  const id = `#t=${value("treatment")}&p=${value("place")}&at=${value("day")}T${value("hour")}${value("minute")}${value("which") && `&which=${value("which")}`}`
  return { at, left, id, hash: id + (left && `&left=${iso(left).slice(0, 16).replace(":", "")}`) }
}

const count = () => {
  box.querySelectorAll("[data-late]").forEach(late => { late.hidden = true })
  if (["treatment", "place", "day", "hour"].some(name => !value(name))) return tell("")
  const { at, left, id, hash } = read(), [clock, address] = data.places[value("place")], { city, changes: zone } = data.zones[clock]
  const rules = { ...data.rules, ...data.treatments[value("treatment")] }, now = Date.now() / MINUTE, twice = moments(zone, at)[1]
  const visit = times(zone, rules, at, twice && +value("which"), left), { moment, meal_evening, adult_night, drive_day, mood_until } = visit
  part("which").hidden = !twice
  part("left").hidden = !left && at > shown(zone, now)
  if (!moment) return tell(say[visit.refuse] || "")
  const { dose } = moment, past = dose < now, time = when(zone, dose, data.date)
  if (left && moment.home_not_before > now + 60) return tell(say.left_late)
  if (dose > now + data.ahead || mood_until * DAY > data.until) return tell(say.far)
  if (mood_until < dayOf(zone, now)) return tell(fill(say.gone, { time }))

  const lines = { leave_home: "" }, line = (name, t, day, how = name) => { lines[name] = fill(say[how], { time: when(zone, t), day: date(day) }) }
  for (const name in moment) line(name, moment[name], 0)
  lines.dose = time
  line("mood", dose, mood_until)
  if (value("leave") > 0) line("leave_home", moment.be_there - value("leave"), 0)
  if (meal_evening) line("last_food", moment.last_food, meal_evening, "meal_evening")
  if (adult_night) line("adult_until", adult_night, 0, "adult_night")
  if (drive_day) line("drive", dose, drive_day, "drive_day")
  box.querySelectorAll("[data-line]").forEach(row => {
    const text = lines[row.dataset.line], place = row.querySelector("[data-time]")
    row.hidden = text === ""
    if (place) [place.textContent, place.className] = text ? [text, "visit-time"] : ["", "write"]
  })

  const all = Object.values(moment), change = zone.find(([from], n) => n && from > Math.min(...all) && from <= Math.max(...all))
  const elsewhere = all.some(t => t - new Date(t * MINUTE).getTimezoneOffset() !== shown(zone, t))
  tell(fill(past ? say.past : say.card, { time }))
  part("notes").textContent = (change ? fill(say.change, { time: said(shown(zone, change[0] - 1) + 1) }) : "") + (elsewhere ? fill(say.zone, { city }) : "")
  const link = location.href.split("#")[0] + hash, message = encodeURIComponent(fill(say.message, { link }))
  part("link").href = link
  part("email").href = `mailto:?body=${message}`
  part("text").href = `sms:?&body=${message}`
  part("code").textContent = part("done").textContent = ""
  box.classList.add("visit-filled")
  part("result").hidden = part("keep").hidden = false
  part("before").hidden = past
  chosen = { zone, rules, ...visit, past, address, id, link }
}

const open = () => {
  const { hash } = location
  if (!hash || document.getElementById(hash.slice(1))) return
  const { t = "", p = "", at = "", which = "", left = "" } = Object.fromEntries(new URLSearchParams(hash.slice(1)))
  const wanted = { treatment: t, place: p, day: at.slice(0, 10), hour: at.slice(11, 13), minute: at.slice(13), which, left_hour: left.slice(11, 13), left_minute: left.slice(13) || "00" }
  for (const name in wanted) {
    if (/minute/.test(name) && /^[0-5]\d$/.test(wanted[name])) field(name).add(new Option(wanted[name]))
    field(name).value = wanted[name]
  }
  const fits = read().hash === hash
  if (!fits) for (const name in wanted) field(name).value = field(name).options?.[0].value ?? ""
  count()
  if (!fits) tell(say.lost)
}

// What one keeps.
const told = row => [...row.cells].map(cell => cell.innerText.trim().replace(/\s+/g, " ")).join(": ")
const all = () => [...[...box.querySelectorAll("[data-line]")].filter(row => row.offsetParent).map(told), part("notes").innerText, part("numbers").innerText].join("\n")
const folded = line => { // 75 bytes a line, never inside a letter
  let text = "", bytes = 0
  for (const letter of line) {
    bytes += new TextEncoder().encode(letter).length
    if (bytes > 75) [text, bytes] = [`${text}\r\n `, 1 + new TextEncoder().encode(letter).length]
    text += letter
  }
  return `${text}\r\n`
}
const calendar = () => {
  const { zone, rules, moment, adult_night, meal_evening, drive_day, mood_until, past, address, id, link } = chosen
  const stamp = t => iso(t).replace(/[-:]|\.\d+/g, ""), escaped = text => text.replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n")
  const quiet = t => inTheNight(zone, t, rules.night, rules.wake), at = (day, minute) => moments(zone, day * DAY + minute)[0]
  const awake = t => quiet(t) ? at(eveningOf(zone, t, rules.wake), rules.evening) : t
  const entry = (name, t, title, text, alarm, ...more) => ["BEGIN:VEVENT", `UID:${name + id.replace(/\W+/g, "-")}@my-visit`, `DTSTAMP:${stamp(Date.now() / MINUTE)}`, `DTSTART:${stamp(t)}`,
    `SUMMARY:${escaped(title)}`, `DESCRIPTION:${escaped(`${text}\n${link}`)}`, ...more,
    ...(quiet(alarm) ? [] : ["BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:${escaped(title)}`, `TRIGGER:-PT${t - alarm}M`, "END:VALARM"]), "END:VEVENT"]
  const remind = (names, t, title) => entry(names[0], t, title, names.map(name => told(box.querySelector(`[data-line=${name}]`))).join("\n"), t, "TRANSP:TRANSPARENT")

  const { last_food, last_drink, be_there, dose, home_not_before, alcohol_stop, ...after } = moment, plan = new Map()
  const reminders = { ...(!past && { alcohol_stop }), ...after, ...(adult_night && { adult_until: adult_night }), ...(drive_day && { drive: at(drive_day, rules.morning) }), mood: at(mood_until, rules.morning) }
  for (const [name, t] of Object.entries(reminders)) plan.set(t, [...plan.get(t) || [], name])
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//my visit//EN",
    ...entry("visit", be_there, say.appointment, all(), awake(be_there - rules.reminder), `DTEND:${stamp(home_not_before)}`, `LOCATION:${escaped(address)}`),
    ...(past ? [] : [...remind(["last_food"], awake(last_food), meal_evening ? say.meal_tonight : say.meal), ...remind(["last_drink"], last_drink, say.drink)]),
    ...[...plan].flatMap(([t, names]) => remind(names, t, say.plan)),
    "END:VCALENDAR"].map(folded).join("")
}

const copy = async text => {
  const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false)
  part("done").textContent = copied ? say.copied : `${say.not_copied}\n${text}`
}
const does = {
  print: () => print(),
  copy: () => copy(chosen.link),
  share: () => {
    const text = `${all()}\n${chosen.link}`
    return navigator.share ? navigator.share({ text }).catch(() => {}) : copy(text)
  },
  calendar: () => {
    const href = URL.createObjectURL(new Blob([calendar()], { type: "text/calendar" }))
    Object.assign(document.createElement("a"), { href, download: "my-visit.ics" }).click()
  },
  qr: async () => {
    const code = (await import("./vendor/lean-qr-2.7.4.min.js")).generate(chosen.link), size = code.size + 8
    let dark = ""
    for (let y = 0; y < size; y++) for (let x = 0; x < size; x++) if (code.get(x - 4, y - 4)) dark += `M${x} ${y}h1v1h-1z`
    part("code").innerHTML = `<svg role="img" viewBox="0 0 ${size} ${size}"><path fill="#fff" d="M0 0h${size}v${size}H0z"/><path d="${dark}"/></svg>`
    part("code").firstChild.setAttribute("aria-label", say.qr)
  },
}

box.addEventListener("click", ({ target }) => does[target.dataset.do]?.())
part("form").addEventListener("input", ({ target }) => {
  if (/^(day|hour|minute)$/.test(target.name)) field("which").value = ""
  if (location.hash) history.replaceState(null, "", location.pathname)
  count()
})
addEventListener("hashchange", open)
part("form").hidden = false
count()
open()
