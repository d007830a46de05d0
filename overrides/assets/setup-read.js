// clinic.yml from text: as much of YAML as guide/clinic/file.py takes and people write. Loaded when a file is opened.
const IN_QUOTES = "Put the text in quotes."
const INDENT = ["this line is not indented like its neighbors", "Start it under the line above it, with spaces. If it stands right, look at the lines above it."]
const NO_COLON = ["a key without its colon, or text that runs on without an indent", "Write key: value with a space after the colon."]
const BRACKET = ["a bracket is opened but not closed", "Close it, or put the text in quotes."]
// A note begins with a # and a space; “Suite #200” and “Suite # 200” were meant to be shown.
const CUT_BY_HASH = /[ \t]+(#(?:[^\s#].*|[ \t]*\d+[ \t]*$))/
const GAP = /(?:\s+(?:#[^\n]*)?)*/y
const QUOTED = /'((?:[^'\n]|'')*)'|"((?:[^"\\\n]|\\.)*)"/y
const PLAIN_IN_BRACKETS = /(?![&*!|>'"%@`,[\]{}#\s]|- )(?:[^,[\]{}:\n#\s]#*|[^\S\n]|:(?![\s,[\]{}]|$)#*)+/y
// What YAML may write after a backslash and JSON may not: \x41 and \U0001F600.
const LONG_ESCAPE = /\\(?:x([0-9a-fA-F]{2})|U([0-9a-fA-F]{8})|.)/g
const PASTED_SPACES = /[\u00a0\u2002\u2003\u2007\u2009\u202f\u3000]/g

const unescaped = text => JSON.parse(`"${text.replaceAll("\t", "\\t").replace(LONG_ESCAPE, (all, two, eight) =>
  two || eight ? JSON.stringify(String.fromCodePoint(parseInt(two ?? eight, 16))).slice(1, -1) : all)}"`)

// { found, lineOf, notes }: the text as nested objects, lists, text and null; the line of each key of an object; whether
// it holds notes. Throws { line, message, hint } for what it cannot read.
export const readYaml = source => {
  const lines = source.replace(PASTED_SPACES, " ").split(/\r\n|\r|\n/)
  const places = new Map()
  let at = 0, notes = false

  const fail = (message, hint = "") => { throw { line: at + 1, message, hint } }
  const indent = () => lines[at].search(/\S/)
  const isEntry = () => /^ *-( |$)/.test(lines[at])

  const next = () => {
    for (; at < lines.length && /^\s*(#|$)/.test(lines[at]); at++) if (lines[at].trim()) notes = true
    if (at < lines.length && /^ *\t/.test(lines[at])) fail("a tab stands here", "Use spaces, never the Tab key.")
    return at < lines.length
  }

  const emptyMap = () => {
    const map = Object.create(null)
    places.set(map, new Map())
    return map
  }

  const put = (map, key, line, take) => {
    if (key in map) fail(`the key ${key} is written twice`, "Delete one of the two.")
    places.get(map).set(key, line + 1)
    map[key] = take()
  }

  // [text, where it ends] of a quoted text.
  const quotedAt = (text, start) => {
    QUOTED.lastIndex = start
    const found = QUOTED.exec(text) ?? fail("a quotation mark is opened but not closed on its line", "Close it at the end of the text.")
    const end = QUOTED.lastIndex
    if (found[2] === undefined) return [found[1].replaceAll("''", "'").trim() || null, end]
    try {
      return [unescaped(found[2]).trim() || null, end]
    } catch {
      return fail("a backslash \\ inside double quotes has a special meaning", "Use single quotes instead.")
    }
  }

  // [key, what follows its colon], or nothing.
  const keyOf = text => {
    if (!/^["']/.test(text)) return /^((?![\s[\]{}#&*!|>%@`,]|[-?] )[^#]*?)\s*:(?=\s|$)(.*)$/.exec(text)?.slice(1)
    const [key, end] = quotedAt(text, 0), rest = /^\s*:(?=\s|$)(.*)$/.exec(text.slice(end))
    return rest && [key ?? "", rest[1]]
  }

  const plain = text => {
    if (/^(null|~)?$/i.test(text)) return null
    if (/^([&*!%@`|>,\]}#]|[-?]( |$))/.test(text)) fail(`text cannot start with ${text[0]}`, IN_QUOTES)
    if (/:(\s|$)/.test(text)) fail("a colon followed by a space stands inside the text", 'Put the text in quotes: "Dr. Lee: Clinic".')
    return text
  }

  const withoutNote = text => {
    const cut = CUT_BY_HASH.exec(text)
    if (cut) fail(`“${cut[1]}” would be left out, because # begins a note`, "Put the whole text in quotes. If it is a note, write a space after the #.")
    const kept = text.replace(/(^|\s+)#.*$/, "")
    if (kept !== text) notes = true
    return kept.trim()
  }

  const endOfLine = rest => {
    if (withoutNote(rest)) fail("text goes on after a closing quotation mark or bracket", "Put all of it in quotes of the other kind.")
    at++
  }

  // [value, where it ends] of a list or map in brackets, which may run over several lines.
  const inBrackets = text => {
    let n = 0
    const eat = pattern => {
      pattern.lastIndex = n
      const found = pattern.exec(text)
      if (found) n = pattern.lastIndex
      return found?.[0]
    }
    const word = () => {
      if (!/["']/.test(text[n])) return plain((eat(PLAIN_IN_BRACKETS) ?? fail(...BRACKET)).trim())
      const [said, end] = quotedAt(text, n)
      n = end
      return said
    }
    const until = (end, take) => {
      for (n++, eat(GAP); text[n] !== end; eat(GAP)) {
        take()
        eat(GAP)
        if (text[n] === ",") n++
        else if (text[n] !== end) fail(...BRACKET)
      }
      n++
    }
    const pair = map => {
      const key = word() ?? ""
      eat(GAP)
      if (text[n] === ":") n++
      eat(GAP)
      put(map, key, at, () => /[,}]/.test(text[n]) ? null : value())
    }
    const value = () => {
      eat(GAP)
      const found = text[n] === "[" ? [] : text[n] === "{" ? emptyMap() : undefined
      if (!found) return word()
      until(Array.isArray(found) ? "]" : "}", () => Array.isArray(found) ? found.push(value()) : pair(found))
      return found
    }
    return [value(), n]
  }

  const bracketsAt = text => {
    const rest = [text, ...lines.slice(at + 1)].join("\n"), [found, end] = inBrackets(rest)
    at += rest.slice(0, end).split("\n").length - 1
    endOfLine(rest.slice(end).split("\n")[0])
    return found
  }

  const foldedText = here => {
    const found = []
    for (at++; at < lines.length && (!lines[at].trim() || indent() > here); at++) found.push(lines[at].trim())
    return found.join(" ").trim() || null
  }

  const plainText = (first, here) => {
    let said = first
    for (; next() && indent() > here; at++) {
      if (keyOf(lines[at].trim()) || isEntry()) fail(...INDENT)
      said += ` ${withoutNote(lines[at])}`
    }
    return said
  }

  // What stands after a colon or a dash at column `here`. A list below a key may begin under the key itself.
  const valueOf = (rest, here, ofKey) => {
    const text = rest.trim()
    if (/^["']/.test(text)) {
      const [said, end] = quotedAt(text, 0)
      endOfLine(text.slice(end))
      return said
    }
    if (/^[[{]/.test(text)) return bracketsAt(text)
    if (/^[|>][+-]?(\s+#.*)?$/.test(text)) return foldedText(here)
    const said = plain(withoutNote(rest))
    at++
    if (said !== null) return plainText(said, here)
    return next() && (indent() > here || (ofKey && indent() === here && isEntry())) ? block() : null
  }

  const listAt = here => {
    const found = []
    while (next() && indent() === here && isEntry()) {
      const rest = lines[at].slice(here + 1)
      if (keyOf(rest.trim())) {
        lines[at] = `${" ".repeat(here + 1)}${rest}` // “- key: value” begins a map of its own
        found.push(mapAt(indent()))
      } else found.push(valueOf(rest, here, false))
    }
    return found
  }

  const mapAt = here => {
    const found = emptyMap()
    while (next() && indent() === here && !isEntry()) {
      const [key, rest] = keyOf(lines[at].slice(here)) ?? fail(...NO_COLON)
      put(found, key, at, () => valueOf(rest, here, true))
    }
    return found
  }

  const block = () => {
    const here = indent(), found = isEntry() ? listAt(here) : mapAt(here)
    if (next() && indent() > here) fail(...INDENT)
    return found
  }

  if (next() && lines[at].trim() === "---") at++
  const found = next() ? block() : emptyMap()
  if (next()) fail(...INDENT)
  return { found, notes, lineOf: (map, key) => places.get(map).get(key) }
}
