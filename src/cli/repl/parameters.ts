/**
 * Parameters of a definition, as its text names them.
 *
 * Comes in: text with definitions, and a name. Goes out: the parameters of its last rule. On text and not on syntax trees,
 * because libraries of thousands of lines are searched while somebody waits for Tab.
 */

/** Of the last rule, which is the general one; undefined when there is none, or it has no parameters. */
export function parametersIn(text: string, name: string): string[] | undefined {
  const rules = [...text.matchAll(new RegExp(`^\\s*${name}\\s*\\(`, 'gm'))]
  const lists = rules.map(rule => bracketed(text, rule.index + rule[0].length))
  return lists.findLast(list => list !== undefined)
}

/** Up to the closing bracket, if `=` follows it; split at the commas that are in no other bracket. */
function bracketed(text: string, from: number): string[] | undefined {
  const parts: string[] = []
  let depth = 0
  let start = from
  for (let at = from; at < text.length; at++) {
    const letter = text[at]!
    const closes = letter === ')' && depth === 0
    if ((letter === ',' && depth === 0) || closes) {
      parts.push(text.slice(start, at).trim().replace(/\s+/g, ' '))
      start = at + 1
    }
    if (closes) return /^\s*=[^=]/.test(text.slice(at + 1, at + 9)) ? parts : undefined
    if (letter === '(') depth++
    else if (letter === ')') depth--
  }
  return undefined
}
