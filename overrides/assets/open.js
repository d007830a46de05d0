// Says whether the clinic is open by its usual hours and its own clock. Without script the table of hours stands alone.
(() => {
  const WEEK = 7 * 24 * 60
  const DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]

  const minuteOfWeek = zone => {
    const format = new Intl.DateTimeFormat("en-US", { timeZone: zone, weekday: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" })
    const now = Object.fromEntries(format.formatToParts(new Date()).map(({ type, value }) => [type, value]))
    return DAYS.indexOf(now.weekday) * 1440 + now.hour * 60 + Number(now.minute)
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
    const today = next && Math.floor(next[0] / 1440) === Math.floor(now / 1440) && next[0] > now
    return `Closed now.${next ? ` We open at ${next[3]}${today ? " today" : ` on ${next[2]}`}.` : ""}${night ? " Call the number for when we are closed." : ""}`
  }

  const show = () => document.querySelectorAll(".open-now").forEach(line => {
    const { spans, whole, night, zone } = JSON.parse(line.dataset.week)
    const text = said(spans, whole, night, minuteOfWeek(zone))
    line.hidden = !text
    line.querySelector("b").textContent = text
  })

  show()
  setInterval(show, 60_000)
})()
