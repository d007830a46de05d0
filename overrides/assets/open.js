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

  // spans: [opens, closes, day, time of opening, time of closing] in minutes after midnight on Monday, in order.
  const said = (spans, whole, night, now) => {
    const current = spans.find(([opens, closes]) => (now - opens + WEEK) % WEEK < closes - opens)
    if (current) {
      let [opens, closes, , , until] = current
      for (let next; closes - opens < WEEK && (next = spans.find(([start]) => start === closes % WEEK)); until = next[4]) closes += next[1] - next[0]
      return closes - opens < WEEK ? `Open now, until ${until}.` : "Open now."
    }
    if (!whole) return ""
    const next = [...spans].sort((one, other) => (one[0] - now + WEEK) % WEEK - (other[0] - now + WEEK) % WEEK)[0]
    const today = next && Math.floor(next[0] / DAY) === Math.floor(now / DAY) && next[0] > now
    return `Closed now.${next ? ` We open at ${next[3]}${today ? " today" : ` on ${next[2]}`}.` : ""}${night ? " Call the number for when we are closed." : ""}`
  }

  const show = () => document.querySelectorAll(".open-now").forEach(line => {
    const week = JSON.parse(line.dataset.week), wall = wallOf(week)
    const text = wall === undefined ? "" : said(week.spans, week.whole, week.night, (wall - MONDAY) % WEEK)
    line.hidden = !text
    line.querySelector("b").textContent = text
  })

  show()
  setInterval(show, 60_000)
})()
