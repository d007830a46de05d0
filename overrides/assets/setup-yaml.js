// clinic.yml as text, as the form writes it. What reads it is setup-read.js.

// Opening hours are a map in the file, but a form may hold one day twice: a list of [days, [times]].
export class Week extends Array {}

const NEEDS_NO_QUOTES = /^[\p{L}\p{N}(+](?:[\p{L}\p{N} .()+/_@&'’?=–-]|[:,](?=[\p{L}\p{N}/])|, )*$/u
const scalar = text => NEEDS_NO_QUOTES.test(text) && text === text.trim() && !/^null$/i.test(text) ? text : JSON.stringify(text)
const times = spans => spans.length > 1 ? `[${spans.map(scalar).join(", ")}]` : scalar(spans[0] ?? "")

// The lines of a file that holds `value`: nested objects, lists, weeks and text.
export const writeYaml = (value, pad = "") => {
  const below = inner => writeYaml(inner, `${pad}  `)
  if (value instanceof Week) return value.map(([days, spans]) => `${pad}${scalar(days)}: ${times(spans)}\n`).join("")
  if (Array.isArray(value)) return value.map(item => `${pad}- ${typeof item === "string" ? `${scalar(item)}\n` : below(item).trimStart()}`).join("")
  return Object.entries(value).map(([key, inner]) => `${pad}${key}:${typeof inner === "string" ? ` ${scalar(inner)}\n` : `\n${below(inner)}`}`).join("")
}
