// Says whether the clinic is open by its usual hours and its own clock. Without script the table of hours stands alone.
(() => {
  const DAY = 24 * 60, WEEK = 7 * DAY, MONDAY = 4 * DAY // 1970 began on a Thursday

  // What a clock at the clinic shows, in minutes since 1970; nothing where nobody knows. The page brings its clock along: that of a browser may be out of date, or not know the zone.
  const wallOf = ({ zone, changes, until = 0 }) => {
    const now = Math.floor(Date.now() / 60_000)
    if (now < until) return now + changes.filter(([from], n) => !n || from <= now).pop()[1]
    try {
      const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, year: "numeric", month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
      const { year, month, day, hour, minute } = Object.fromEntries(format.formatToParts(new Date()).map(({ type, value }) => [type, Number(value)]))
      return Date.UTC(year, month - 1, day, hour, minute) / 60_000
    } catch {}
  }

  // now: on that clock. spans: [opens, closes, day, time of opening, time of closing] in minutes after midnight on Monday, in order. closed: [first, last] in days since 1970.
  const said = ({ spans, whole, night, closed = [], midnight, locale }, now) => {
    const dayOf = t => Math.floor(t / DAY), shut = t => closed.some(([first, last]) => first <= dayOf(t) && dayOf(t) <= last)
    const since = (t, opens) => (t - MONDAY - opens + WEEK) % WEEK
    const open = t => !shut(t) && spans.some(([opens, closes]) => since(t, opens) < closes - opens && !shut(t - since(t, opens)))
    const clock = { 0: midnight }
    for (const [opens, closes, , from, until] of spans) Object.assign(clock, { [opens % DAY]: from, [closes % DAY]: until })
    const changed = day => Object.keys(clock).map(minute => day * DAY + Number(minute)).find(t => t > now && open(t) !== open(now))
    let day = dayOf(now), next
    for (; !next && day < dayOf(now) + 400; day++) next = changed(day)
    if (open(now)) return next <= now + DAY ? `Open now, until ${clock[next % DAY]}.` : "Open now."
    if (!whole && !shut(now)) return ""
    const name = spans.find(([opens]) => since(next, opens) === 0)?.[2], days = dayOf(next) - dayOf(now)
    const on = !days ? " today" : ` on ${days < 7 ? name : new Date(dayOf(next) * DAY * 60_000).toLocaleDateString(locale, { timeZone: "UTC", weekday: "long", month: "long", day: "numeric" })}`
    return `Closed now.${whole && next ? ` We open at ${clock[next % DAY]}${on}.` : ""}${night ? " Call the number for when we are closed." : ""}`
  }

  const show = () => document.querySelectorAll(".open-now").forEach(line => {
    const week = JSON.parse(line.dataset.week), wall = wallOf(week)
    const text = wall === undefined ? "" : said(week, wall)
    line.hidden = !text
    line.querySelector("b").textContent = text
  })

  show()
  setInterval(show, 60_000)
})()
