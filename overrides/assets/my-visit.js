// Times of one visit, counted on this device: nothing is sent, nothing is stored. The reference is guide/words/visit.py.
// A moment is in minutes since 1970; a wall is what a clock at the clinic shows then, counted in the same way. The numbers of the rules come from the page.
const MINUTE = 60_000, DAY = 1440
const box = document.querySelector("[data-visit]")
const { say, ...data } = JSON.parse(box.dataset.visit)
const part = name => box.querySelector(`[data-part=${name}]`)
const field = name => box.querySelector(`[name=${name}]`)
const value = name => field(name).value
const fill = (text, slots) => text.replace(/{(\w+)}/g, (_, name) => slots[name])
const { night, wake, morning, evening } = data

// zone: [[from, minutes east], …]
const shown = (zone, t) => t + zone.filter(([from], n) => !n || from <= t).pop()[1]
const moments = (zone, wall) => [...new Set(zone.map(([, east]) => wall - east))].filter(t => shown(zone, t) === wall).sort((one, other) => one - other)
const dayOf = (zone, t, begins = 0) => Math.floor((shown(zone, t) - begins) / DAY)
const inTheNight = (zone, t, until) => (shown(zone, t) - until + DAY) % DAY >= night - until
const next = (zone, minute, earliest) => {
  for (let wall = dayOf(zone, earliest) * DAY + minute; ; wall += DAY) for (const t of moments(zone, wall)) if (t >= earliest) return t
}

// rules: minutes from the dose back, from the earliest time home on; nothing where the clock shows the time twice and `which` is open.
export const times = (zone, { stay, before, after, drive_day }, at, which, left) => {
  const found = moments(zone, at), dose = found[which ? which - 1 : 0], moment = {}
  if (found[1] && !which) return {}
  let home = dose + stay
  if (left) {
    const really = moments(zone, left).pop()
    if (really < home) return { refuse: "left_early" }
    home = really
  }
  if (!dose || !home) return { refuse: "no_such_time" }
  for (const name in before) moment[name] = dose - before[name]
  for (const name in after) moment[name] = home + after[name]
  const { last_food, adult_until } = moment, day = dayOf(zone, home)
  moment.morning_check = next(zone, morning, home + data.morning_after)
  return {
    moment, drive_day: drive_day && day + drive_day, mood_until: day + data.mood_days,
    meal_evening: inTheNight(zone, last_food, wake) && dayOf(zone, last_food, wake),
    adult_night: inTheNight(zone, adult_until, morning) && next(zone, morning, adult_until),
  }
}

const date = (day, how = data.day) => {
  const utc = new Date(day * DAY * MINUTE)
  return fill(how, { weekday: data.days[utc.getUTCDay()], day: utc.getUTCDate(), month: data.months[utc.getUTCMonth()], year: utc.getUTCFullYear() })
}
const said = (wall, how) => {
  const day = Math.floor(wall / DAY), minute = wall - day * DAY
  return minute ? fill(say.at, { day: date(day, how), clock: minute === DAY / 2 ? data.noon : fill(data.hours[Math.floor(minute / 60)], { minute: String(minute % 60).padStart(2, "0") }) })
    : fill(say.between, { before: date(day - 1, how), after: date(day, how) })
}
const when = (zone, t, how) => {
  const wall = shown(zone, t), [first, second] = moments(zone, wall), time = said(wall, how)
  return second ? fill(t === first ? say.first : say.second, { time }) : time
}

const wallOf = (day, hour, minute) => Date.parse(`${day}T00:00Z`) / MINUTE + hour * 60 + +minute
const iso = t => new Date(t * MINUTE).toISOString()
const put = (name, text) => { part(name).textContent = text }
const tell = text => put("said", text)
let chosen

// The link holds what stands in the form, and counts only where the form gives the same link again.
const read = () => {
  const at = wallOf(value("day"), value("hour"), value("minute"))
  let left = value("left_hour") && wallOf(value("day"), value("left_hour"), value("left_minute"))
  if (left && left < at) left += DAY
  const id = `#t=${value("treatment")}&p=${value("place")}&at=${value("day")}T${value("hour")}${value("minute")}${value("which") && `&which=${value("which")}`}`
  return { at, left, id, hash: id + (left && `&left=${iso(left).slice(0, 16).replace(":", "")}`) }
}

const count = () => {
  box.querySelectorAll("[data-late]").forEach(late => { late.hidden = true })
  if (["treatment", "place", "day", "hour"].some(name => !value(name))) return tell("")
  const { at, left, id, hash } = read(), [clock, address, given, ...shut] = data.places[value("place")], { city, changes: zone } = data.zones[clock]
  if (given && !given.includes(value("treatment"))) return tell(say.not_there)
  if (shut.some(([from, to]) => from <= at && at < to)) return tell(say.closed)
  const rules = data.treatments[value("treatment")], now = Date.now() / MINUTE, twice = moments(zone, at)[1]
  const { refuse, moment, drive_day, mood_until, meal_evening, adult_night } = times(zone, rules, at, twice && +value("which"), left)
  part("which").hidden = !twice
  part("left").hidden = !left && at > shown(zone, now)
  if (!moment) return tell(say[refuse] || "")
  const { dose, be_there, home_not_before: home, last_food } = moment, past = dose < now, time = when(zone, dose, data.date)
  if (left && home > now + 60) return tell(say.left_late)
  if (dose > now + data.ahead || mood_until * DAY > data.until) return tell(say.far)
  if (mood_until < dayOf(zone, now)) return tell(fill(say.gone, { time }))

  // By line: its words, its moment in the calendar, and the title there.
  const lines = { leave_home: [] }, on = (day, minute) => moments(zone, day * DAY + minute)[0]
  const line = (name, t, how = name, day = 0, time = t) => { lines[name] = [fill(say[how], { time: when(zone, time), day: date(day) }), t, say[`title_${how}`] || say.plan] }
  for (const name in moment) line(name, moment[name])
  line("mood", on(mood_until, morning), "mood", mood_until)
  if (value("leave") > 0) line("leave_home", be_there - value("leave"))
  if (meal_evening) line("last_food", on(meal_evening, evening), "meal_evening", meal_evening, last_food)
  if (adult_night) line("adult_until", adult_night, "adult_night")
  if (drive_day) line("drive", on(drive_day, morning), "drive_day", drive_day)
  for (const row of box.querySelectorAll("[data-line]")) {
    const lined = lines[row.dataset.line], place = row.querySelector("[data-time]")
    row.hidden = lined && !lined[0]
    if (place) [place.textContent, place.className] = lined ? [lined[0], "visit-time"] : ["", "write"]
  }

  const all = Object.values(moment), change = zone.find(([from], n) => n && from > Math.min(...all) && from <= Math.max(...all))
  tell(fill(past ? say.past : say.card, { time }))
  put("notes", (change ? fill(say.change, { time: said(shown(zone, change[0] - 1) + 1) }) : "")
    + (all.some(t => t - new Date(t * MINUTE).getTimezoneOffset() !== shown(zone, t)) ? fill(say.zone, { city }) : ""))
  const link = location.href.split("#")[0] + hash, message = encodeURIComponent(fill(say.message, { link }))
  part("link").href = link
  part("email").href = `mailto:?body=${message}`
  part("text").href = `sms:?&body=${message}`
  put("code", "")
  put("done", "")
  box.classList.add("visit-filled")
  part("result").hidden = part("keep").hidden = false
  part("before").hidden = past
  chosen = { zone, lines, past, before: rules.before, be_there, home, address, id, link }
}

const follow = () => {
  const { hash } = location
  if (!hash || document.getElementById(hash.slice(1))) return
  const { t, p, at = "", which = "", left = "" } = Object.fromEntries(new URLSearchParams(hash.slice(1)))
  const wanted = { treatment: t, place: p, day: at.slice(0, 10), hour: at.slice(11, 13), minute: at.slice(13), which, left_hour: left.slice(11, 13), left_minute: left.slice(13) || "00" }
  const choose = (name, text) => { field(name).value = text }
  for (const name in wanted) {
    choose(name, wanted[name])
    if (!value(name) && /minute/.test(name) && /^[0-5]\d$/.test(wanted[name])) {
      field(name).add(new Option(wanted[name]))
      choose(name, wanted[name])
    }
  }
  const fits = read().hash === hash
  if (!fits) for (const name in wanted) choose(name, field(name).options?.[0].value ?? "")
  count()
  if (!fits) tell(say.lost)
}

// What one keeps. The first entry of the calendar holds all, for some programs take no more; titles say nothing on a locked screen; nobody is woken.
const told = row => [...row.cells].map(cell => cell.innerText.trim().replace(/\s+/g, " ")).join(": ")
const everything = () => [...[...box.querySelectorAll("[data-line]")].filter(row => row.offsetParent).map(told), part("notes").innerText, part("numbers").innerText, chosen.link].join("\n")
const folded = line => { // 75 bytes a line, never inside a letter
  let text = "", bytes = 0
  for (const letter of line) {
    const size = new TextEncoder().encode(letter).length
    if ((bytes += size) > 75) [text, bytes] = [`${text}\r\n `, size + 1]
    text += letter
  }
  return `${text}\r\n`
}
const calendar = () => {
  const { zone, lines, past, before, be_there, home, address, id, link } = chosen, plan = new Map()
  const stamp = t => iso(t).replace(/[-:]|\.\d+/g, ""), escaped = text => text.replace(/[\\;,]/g, "\\$&").replace(/\n/g, "\\n")
  const entry = (name, t, title, text, alarm, ...more) => ["BEGIN:VEVENT", `UID:${name + id.replace(/\W+/g, "-")}@my-visit`, `DTSTAMP:${stamp(Date.now() / MINUTE)}`, `DTSTART:${stamp(t)}`,
    `SUMMARY:${escaped(title)}`, `DESCRIPTION:${escaped(text)}`, ...more,
    ...(inTheNight(zone, alarm, wake) ? [] : ["BEGIN:VALARM", "ACTION:DISPLAY", `DESCRIPTION:${escaped(title)}`, `TRIGGER:-PT${t - alarm}M`, "END:VALARM"]), "END:VEVENT"]
  for (const name in lines) if (!/home|be_there|dose/.test(name) && !(past && name in before)) plan.set(lines[name][1], [...plan.get(lines[name][1]) || [], name])
  const alarm = be_there - data.reminder
  return ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//my visit//EN",
    ...entry("visit", be_there, say.appointment, everything(), inTheNight(zone, alarm, wake) ? moments(zone, dayOf(zone, alarm, wake) * DAY + evening)[0] : alarm, `DTEND:${stamp(home)}`, `LOCATION:${escaped(address)}`),
    ...[...plan].flatMap(([t, names]) => entry(names[0], t, lines[names[0]][2], [...names.map(name => told(box.querySelector(`[data-line=${name}]`))), link].join("\n"), t, "TRANSP:TRANSPARENT")),
    "END:VCALENDAR"].map(folded).join("")
}

const copy = async text => {
  const copied = await navigator.clipboard?.writeText(text).then(() => true, () => false)
  put("done", copied ? say.copied : `${say.not_copied}\n${text}`)
}
const does = {
  print: () => print(),
  copy: () => copy(chosen.link),
  share: () => navigator.share ? navigator.share({ text: everything() }).catch(() => {}) : copy(everything()),
  calendar: () => Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([calendar()], { type: "text/calendar" })), download: "my-visit.ics" }).click(),
  qr: async () => (await import("./qr.js")).draw(part("code"), chosen.link, say.qr),
}

box.addEventListener("click", ({ target }) => does[target.dataset.do]?.())
part("form").addEventListener("input", ({ target }) => {
  if (/^(day|hour|minute)$/.test(target.name)) field("which").value = ""
  if (location.hash) history.replaceState(null, "", location.pathname)
  count()
})
addEventListener("hashchange", follow)
part("form").hidden = false
count()
follow()
