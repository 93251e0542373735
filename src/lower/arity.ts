/**
 * The arity rules of the five compositions.
 *
 * Apart from box.ts because evaluation, propagation and error messages all need them, and because the rules
 * are the heart of the block-diagram algebra and should be readable on one page.
 */
import type { DiagnosticLog } from '../diagnostics.ts'
import type { CompositionOperator } from '../parser/ast.ts'
import type { Problem } from './box.ts'
import { trailLabels } from './trail.ts'

export interface Arity {
  readonly inputs: number
  readonly outputs: number
}

/**
 * Arity of `left op right`, or undefined when the two do not fit. With left: u → v and right: x → y
 *
 * - `,`  always           u + x → v + y
 * - `:`  v = x            u → y
 * - `<:` v, x > 0, v | x  u → y
 * - `:>` v, x > 0, x | v  u → y
 * - `~`  x ≤ v, y ≤ u     u - y → v
 */
export function composeArity(op: CompositionOperator, left: Arity, right: Arity): Arity | undefined {
  const [u, v, x, y] = [left.inputs, left.outputs, right.inputs, right.outputs]
  switch (op) {
    case 'par':
      return { inputs: u + x, outputs: v + y }
    case 'seq':
      return v === x ? { inputs: u, outputs: y } : undefined
    case 'split':
      return v > 0 && x > 0 && x % v === 0 ? { inputs: u, outputs: y } : undefined
    case 'merge':
      return v > 0 && x > 0 && v % x === 0 ? { inputs: u, outputs: y } : undefined
    case 'rec':
      return x <= v && y <= u ? { inputs: u - y, outputs: v } : undefined
  }
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`

/** Reports a composition that does not fit, with a label on each side, and ends the run. */
export function reportProblem(problem: Problem, log: DiagnosticLog): never {
  const { op, left, right, site } = problem
  const leftLabel = {
    span: site.left,
    message: op === 'rec' ? `this has ${arityText(left)}` : `this has ${count(left.outputs, 'output')}`,
  }
  const rightLabel = {
    span: site.right,
    message: op === 'rec' ? `this has ${arityText(right)}` : `this takes ${count(right.inputs, 'input')}`,
  }
  const notes = [leftLabel, rightLabel, ...trailLabels(site.frame)]
  const args = { outputs: left.outputs, inputs: right.inputs }
  switch (op) {
    case 'seq':
      return log.fail('seqMismatch', site.span, args, notes, seqHelp(left.outputs, right.inputs))
    case 'split':
      return log.fail('splitMismatch', site.span, args, notes)
    case 'merge':
      return log.fail('mergeMismatch', site.span, args, notes)
    case 'rec':
      return log.fail('recMismatch', site.span, { left, right }, notes)
    case 'par':
      throw new Error('internal error: parallel composition always fits')
  }
}

export function arityText(a: Arity): string {
  return `${count(a.inputs, 'input')} and ${count(a.outputs, 'output')}`
}

/** The operator that would join these counts, if one does. */
function seqHelp(outputs: number, inputs: number): string | undefined {
  if (outputs > 0 && inputs > 0 && inputs % outputs === 0)
    return `to feed all ${inputs} inputs, split with \`<:\``
  if (outputs > 0 && inputs > 0 && outputs % inputs === 0) return `to add the outputs up, merge with \`:>\``
  if (outputs > inputs) return 'drop outputs with `!`, or add the missing inputs'
  return 'add the missing outputs; `_` passes an input through'
}
