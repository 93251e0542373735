/**
 * Texts of numbers and strings to their values, and signs on literals.
 *
 * Comes in: tokens. Goes out: values as the language defines them: ints wrap like the C loop
 * `v = v * 10 + digit` on 32 bits, the suffix `f` changes nothing, strings have no escapes.
 */
import type { Token } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'

export type Literal =
  | { readonly kind: 'int'; readonly value: number }
  | { readonly kind: 'real'; readonly value: number }

export function literal(token: Token): Literal {
  if (token.tokenType === T.Int) return { kind: 'int', value: wrappedInt(token.image) }
  return { kind: 'real', value: Number(token.image.replace('f', '')) }
}

function wrappedInt(digits: string): number {
  let value = 0
  for (let i = 0; i < digits.length; i++) value = (Math.imul(value, 10) + digits.charCodeAt(i) - 48) | 0
  return value
}

/** The literal with a minus in front; keeps whatever else the object holds. */
export function negated<L extends Literal>(n: L): L {
  return { ...n, value: n.kind === 'int' ? -n.value | 0 : -n.value }
}

/** What stands between the quotes; line breaks read as blanks. */
export function unquoted(token: Token): string {
  return token.image.slice(1, -1).replace(/\r?\n/g, ' ')
}
