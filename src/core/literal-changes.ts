/**
 * What of the numbers in a program became others, where nothing else did.
 *
 * Comes in: two programs. Goes out: the new value of each literal that changed; undefined where they differ in more than real
 * literals. A stage of its own because the code of such programs is the same, which need not be made again. How state is
 * found again may differ: code does not depend on it. Walks with a stack of its own, for trees of any depth.
 */
import { assertNever } from '../source.ts'
import type { BufferContent, BufferDeclaration, Core, CoreControl, CoreProgram, KeptVariable } from './ast.ts'
import type { Precision } from './program.ts'
import { childrenOf, sectionsOf } from './traverse.ts'

/** New values of those that changed, by the old one; as the precision of the program rounds them. */
export type LiteralChanges = ReadonlyMap<number, number>

interface Findings {
  readonly precision: Precision
  readonly changed: Map<number, number>
  readonly unchanged: Set<number>
}

/** One value that became several is more than a literal that changed. */
export function literalChanges(
  from: CoreProgram,
  to: CoreProgram,
  precision: Precision,
): LiteralChanges | undefined {
  const findings: Findings = { precision, changed: new Map(), unchanged: new Set() }
  const { changed, unchanged } = findings
  if (!comparePrograms(findings, from, to)) return undefined
  return [...changed.keys()].some(value => unchanged.has(value)) ? undefined : changed
}

function comparePrograms(findings: Findings, from: CoreProgram, to: CoreProgram): boolean {
  return (
    sameNames(from.inputs, to.inputs) &&
    sameNames(from.outputs, to.outputs) &&
    inPairs(from.controls, to.controls, (a, b) => compareControls(findings, a, b)) &&
    inPairs(from.kept, to.kept, (a, b) => compareKept(findings, a, b)) &&
    inPairs(from.buffers, to.buffers, (a, b) => compareBuffers(findings, a, b)) &&
    inPairs(from.callbacks ?? [], to.callbacks ?? [], (a, b) => {
      return a.id === b.id && a.node === b.node && a.arguments === b.arguments
    }) &&
    inPairs(sectionsOf(from), sectionsOf(to), (a, b) => compareTrees(findings, a, b))
  )
}

function inPairs<T>(from: readonly T[], to: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return from.length === to.length && from.every((each, i) => isSame(each, to[i]!))
}

const sameNames = (from: readonly string[], to: readonly string[]) => inPairs(from, to, (a, b) => a === b)

/** Zero stands in the code itself. */
function compareReals({ precision, changed, unchanged }: Findings, before: number, after: number): boolean {
  const [from, to] = precision === 'single' ? [Math.fround(before), Math.fround(after)] : [before, after]
  if (Object.is(from, to)) {
    unchanged.add(from)
    return true
  }
  if (from === 0 || to === 0 || Number.isNaN(from) || Number.isNaN(to)) return false
  const known = changed.get(from)
  if (known === undefined) changed.set(from, to)
  return known === undefined || known === to
}

function compareControls(findings: Findings, a: CoreControl, b: CoreControl): boolean {
  return a.name === b.name && a.direction === b.direction && compareReals(findings, a.initial, b.initial)
}

function compareKept(findings: Findings, a: KeptVariable, b: KeptVariable): boolean {
  if (a.name !== b.name || a.stateKind !== b.stateKind || a.type !== b.type) return false
  return a.type === 'int' ? a.initial === b.initial : compareReals(findings, a.initial, b.initial)
}

function compareBuffers(findings: Findings, a: BufferDeclaration, b: BufferDeclaration): boolean {
  return (
    a.name === b.name &&
    a.shape === b.shape &&
    a.type === b.type &&
    a.length === b.length &&
    a.single === b.single &&
    a.open === b.open &&
    compareContents(findings, a.content, b.content)
  )
}

function compareContents(findings: Findings, a: BufferContent, b: BufferContent): boolean {
  if (a.kind === 'values') return b.kind === 'values' && inPairs(a.values, b.values, Object.is)
  if (a.kind === 'generator') return b.kind === 'generator' && comparePrograms(findings, a.program, b.program)
  return b.kind === 'zero'
}

function compareTrees(findings: Findings, from: Core, to: Core): boolean {
  const pending: Core[] = [from, to]
  while (pending.length > 0) {
    const [b, a] = [pending.pop()!, pending.pop()!]
    if (!compareNodes(findings, a, b)) return false
    const [before, after] = [childrenOf(a), childrenOf(b)]
    if (before.length !== after.length) return false
    for (let i = 0; i < before.length; i++) pending.push(before[i]!, after[i]!)
  }
  return true
}

/** Apart from their operands. */
function compareNodes(findings: Findings, a: Core, b: Core): boolean {
  switch (a.kind) {
    case 'literal':
      if (b.kind !== 'literal' || a.type !== b.type) return false
      return a.type === 'int' ? a.value === b.value : compareReals(findings, a.value, b.value)
    case 'variable':
      return b.kind === 'variable' && a.name === b.name
    case 'assign':
      return b.kind === 'assign' && a.name === b.name
    case 'operator':
      return b.kind === 'operator' && a.op === b.op
    case 'if':
      return b.kind === 'if'
    case 'call':
      return b.kind === 'call' && a.node === b.node && a.id === b.id
    case 'bufferDeclare':
      return b.kind === 'bufferDeclare' && a.buffer === b.buffer && a.length === b.length
    case 'bufferOp':
      return b.kind === 'bufferOp' && a.op === b.op && a.buffer === b.buffer && !a.value === !b.value
    case 'length':
      return b.kind === 'length' && a.buffer === b.buffer
    case 'statements':
      return b.kind === 'statements'
    default:
      return assertNever(a)
  }
}
