/**
 * Hashes of whole signals, and the controls that they depend on.
 *
 * Comes in: signals, arguments before users. Goes out: a hash for each that is the same in every program where the
 * signal is computed alike. Apart from structure.ts because it looks at signals only, not at what is remembered.
 */
import { assertNever } from '../source.ts'
import { bodyOf } from './graph.ts'
import type { GroupPath, Signal } from './signal.ts'
import { hashNode, hashText } from './structure-hash.ts'

/**
 * Of everything below a signal. In the first round a loop ends where it closes, in the second it stands for its
 * body of the first: loops that differ in their bodies only are told apart.
 */
export function hashAll(order: readonly Signal[]): Map<Signal, number> {
  const first = hashRound(order, undefined)
  return order.some(s => s.kind === 'feedback') ? hashRound(order, first) : first
}

function hashRound(order: readonly Signal[], before: Map<Signal, number> | undefined): Map<Signal, number> {
  const hashes = new Map<Signal, number>()
  for (const s of order) {
    const parts: number[] = []
    if (s.kind !== 'feedback') for (const a of s.args) parts.push(hashes.get(a)!)
    else if (before) parts.push(before.get(bodyOf(s))!)
    // Commutative operators have two arguments.
    if (isCommutative(s) && parts[0]! > parts[1]!) parts.reverse()
    hashes.set(s, hashNode(nameOf(s), parts))
  }
  return hashes
}

const COMMUTATIVE = new Set(['add', 'mul', 'min', 'max', 'and', 'or', 'xor', 'eq', 'ne'])

export function isCommutative(s: Signal): boolean {
  return s.kind === 'op' && COMMUTATIVE.has(s.op)
}

/** All of a signal but its arguments. Range and start value of a control may change without making it another. */
export function nameOf(s: Signal): string {
  switch (s.kind) {
    case 'int':
    case 'real':
      return `${s.kind} ${s.value}`
    case 'input':
      return `input ${s.index}`
    case 'widget':
    case 'bargraph':
      return `${s.kind} ${pathText(s.path)}/${s.spec.label}`
    case 'op':
      return s.op
    case 'waveform':
      return `waveform ${s.values.length} ${s.values.slice(0, 64).join(' ')}`
    case 'foreign':
      return s.name
    case 'node':
      return `node ${s.type.name}`
    case 'nodeOutput':
      return `output ${s.index}`
    case 'delay':
    case 'prefix':
    case 'table':
    case 'writtenTable':
    case 'tableRead':
    case 'attach':
    case 'gate':
    case 'lowest':
    case 'highest':
    case 'assertBounds':
    case 'recursion':
    case 'projection':
    case 'reference':
    case 'feedback':
      return s.kind
    default:
      return assertNever(s)
  }
}

function pathText(path: GroupPath | undefined): string {
  let text = ''
  for (let p = path; p; p = p.parent) text = `${p.label}/${text}`
  return text
}

/** A signal of more controls than this is told by those with the smallest hashes. */
const MOST_WIDGETS = 8

/** Hashes of the labels of the controls below each signal, ascending; loops are not followed. */
export function widgetsOf(order: readonly Signal[]): Map<Signal, readonly number[]> {
  const widgets = new Map<Signal, readonly number[]>()
  for (const s of order) {
    const own = s.kind === 'widget' ? [hashText(s.spec.label)] : NO_WIDGETS
    let all = own
    for (const a of s.args) all = merge(all, widgets.get(a) ?? NO_WIDGETS)
    widgets.set(s, all)
  }
  return widgets
}

const NO_WIDGETS: readonly number[] = []

function merge(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0 || a === b) return b
  if (b.length === 0) return a
  return [...new Set([...a, ...b])].sort((x, y) => x - y).slice(0, MOST_WIDGETS)
}
