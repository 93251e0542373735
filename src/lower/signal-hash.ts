/**
 * Hashes of whole signals, and the controls that they depend on.
 *
 * Comes in: signals, arguments before users. Goes out: a hash for each that is the same in every program where the
 * signal is computed alike. Apart from structure.ts because it looks at signals only, not at what is remembered.
 */
import { assertNever } from '../source.ts'
import { bodyOf } from './graph.ts'
import { IdMap } from './id-map.ts'
import type { GroupPath, Signal } from './signal.ts'
import { hashNode, hashText } from './structure-hash.ts'

/**
 * Of everything below a signal. In the first round a loop ends where it closes, in the second it stands for its
 * body of the first: loops that differ in their bodies only are told apart.
 */
export function hashAll(order: readonly Signal[]): IdMap<Signal, number> {
  const first = new IdMap<Signal, number>()
  for (const s of order) first.set(s, hashOf(s, s.kind === 'feedback' ? NOTHING : s.args, first))
  if (!order.some(s => s.kind === 'feedback')) return first
  const second = new IdMap<Signal, number>()
  for (const s of order) {
    let hash = first.get(s)!
    if (s.kind === 'feedback') hash = hashOf(s, [bodyOf(s)], first)
    else if (s.args.some(a => second.get(a) !== first.get(a))) hash = hashOf(s, s.args, second)
    second.set(s, hash)
  }
  return second
}

const NOTHING: readonly Signal[] = []

function hashOf(s: Signal, below: readonly Signal[], hashes: IdMap<Signal, number>): number {
  const parts: number[] = []
  for (const a of below) parts.push(hashes.get(a)!)
  // Commutative operators have two arguments.
  if (isCommutative(s) && parts[0]! > parts[1]!) parts.reverse()
  return hashNode(nameOf(s), parts)
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
export function widgetsOf(order: readonly Signal[]): IdMap<Signal, readonly number[]> {
  const widgets = new IdMap<Signal, readonly number[]>()
  for (const s of order) {
    let all = s.kind === 'widget' ? [hashText(s.spec.label)] : NO_WIDGETS
    for (const a of s.args) all = merge(all, widgets.get(a) ?? NO_WIDGETS)
    widgets.set(s, all)
  }
  return widgets
}

const NO_WIDGETS: readonly number[] = []

function merge(a: readonly number[], b: readonly number[]): readonly number[] {
  if (a.length === 0 || a === b) return b
  if (b.length === 0) return a
  const all: number[] = []
  for (let i = 0, j = 0; all.length < MOST_WIDGETS && (i < a.length || j < b.length); ) {
    const [x, y] = [a[i] ?? Infinity, b[j] ?? Infinity]
    all.push(Math.min(x, y))
    if (x <= y) i++
    if (y <= x) j++
  }
  return isEqual(all, a) ? a : all
}

function isEqual(a: readonly number[], b: readonly number[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return a.length === b.length
}
