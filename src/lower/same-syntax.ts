/**
 * Whether two expressions are the same text, wherever they stand.
 *
 * Two imported files may define a name twice if they define it alike; this decides "alike".
 */
import type { Expression } from '../parser/ast.ts'

export function sameSyntax(a: Expression, b: Expression): boolean {
  const pending: [unknown, unknown][] = [[a, b]]
  for (let pair = pending.pop(); pair; pair = pending.pop()) {
    const [x, y] = pair
    if (Object.is(x, y)) continue
    if (typeof x !== 'object' || typeof y !== 'object' || !x || !y) return false
    const left = Object.entries(x).filter(([key]) => !key.toLowerCase().endsWith('span'))
    const right = new Map(Object.entries(y))
    if (left.length !== [...right.keys()].filter(key => !key.toLowerCase().endsWith('span')).length)
      return false
    for (const [key, value] of left) {
      if (!right.has(key)) return false
      pending.push([value, right.get(key)])
    }
  }
  return true
}
