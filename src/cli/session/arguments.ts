/**
 * Arguments of REPL commands: lengths of time, options behind an expression, controls by part of their address.
 *
 * Comes in: what stands behind the command. Goes out: values, or a diagnostic.
 */
import type { Control } from '../../core/program.ts'
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { isBargraph } from '../../runtime/controls.ts'
import { didYouMean } from '../../suggest.ts'
import type { View } from './types.ts'

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly diagnostic: Diagnostic }

const LENGTH = /^(\d+\.?\d*|\.\d+)(ms|s|min)$/
const SECONDS: Readonly<Record<string, number>> = { ms: 0.001, s: 1, min: 60 }

/** `50ms`, `2s`. */
export function readLength(text: string): number | undefined {
  const match = LENGTH.exec(text)
  return match ? Number(match[1]) * SECONDS[match[2]!]! : undefined
}

export function readNumber(text: string): number | undefined {
  return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) ? Number(text) : undefined
}

/** An expression, and a length behind it if there is one. */
export function readPlot(argument: string, seconds: number): { expression: string; seconds: number } {
  const match = /^(.*\S)\s+(\S+)$/s.exec(argument)
  const length = match ? readLength(match[2]!) : undefined
  return length === undefined
    ? { expression: argument, seconds }
    : { expression: match![1]!, seconds: length }
}

const DEFAULT_SECONDS: Readonly<Record<View['kind'], number>> = { scope: 0.02, spectrum: 0.1, probe: 0.1 }

/** Behind the expression: a length, `trigger=`, `gain=`, `offset=`, `live`, in any order. */
export function readView(kind: View['kind'], argument: string): { expression: string; view: View } {
  let view: View = {
    kind,
    seconds: DEFAULT_SECONDS[kind],
    trigger: undefined,
    gain: 1,
    offset: 0,
    live: false,
  }
  let rest = argument.trim()
  for (;;) {
    const match = /^(?:(.*\S)\s+)?(\S+)$/s.exec(rest)
    const option = match && viewOption(match[2]!)
    if (!option) return { expression: rest, view }
    view = { ...view, ...option }
    rest = match[1] ?? ''
  }
}

function viewOption(word: string): Partial<View> | undefined {
  if (word === 'live') return { live: true }
  const seconds = readLength(word)
  if (seconds !== undefined) return { seconds }
  const match = /^(trigger|gain|offset)=(.+)$/.exec(word)
  const value = match ? readNumber(match[2]!) : undefined
  return value === undefined ? undefined : { [match![1]!]: value }
}

/** A control by its address, the end of it, or its label. */
export function resolveControl(controls: readonly Control[], name: string): Read<Control> {
  const settable = controls.filter(control => !isBargraph(control) && control.kind !== 'soundfile')
  const exact = controls.find(control => control.address === name)
  if (exact && !settable.includes(exact)) {
    return { ok: false, diagnostic: makeDiagnostic('controlReadOnly', undefined, { address: name }) }
  }
  if (exact) return { ok: true, value: exact }
  const end = name.startsWith('/') ? name : `/${name}`
  const found = settable.filter(control => control.address.endsWith(end) || control.label === name)
  if (found.length === 1) return { ok: true, value: found[0]! }
  if (found.length > 1) {
    const addresses = found.map(control => control.address)
    return { ok: false, diagnostic: makeDiagnostic('ambiguousControl', undefined, { name, addresses }) }
  }
  const labels = settable.map(control => control.address.replace(/^.*\//, ''))
  const help = settable.length === 0 ? 'this program has no controls' : didYouMean(name, labels)
  return { ok: false, diagnostic: makeDiagnostic('unknownControl', undefined, { address: name }, [], help) }
}
