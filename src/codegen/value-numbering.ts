/**
 * Computes equal values once.
 *
 * Comes in: a kernel module. Goes out: the same without pure instructions whose value is already at hand in
 * their region or one around it. A pass of its own; it removes nothing else, unused values are dead-code's.
 */
import type { Constant, Instruction, KernelFunction, Value } from './kernel.ts'
import { perFunction } from './per-function.ts'
import { profileOf } from './regions.ts'
import { type Compound, type Plain, rewriteRegion, withOperands } from './rewrite.ts'
import { createValueTable, type ValueTable } from './value-table.ts'

export const numberValues = perFunction(numberFunction)

interface Numbering {
  readonly table: ValueTable
  readonly pure: ReadonlySet<string>
  /** What stands for a value, by its id. */
  readonly replaced: (Value | undefined)[]
  /** Numbers of texts that say what a value is. */
  readonly texts: Map<string, number>
}

function numberFunction(f: KernelFunction, pure: ReadonlySet<string>): KernelFunction {
  const { ids } = profileOf(f)
  const replaced: (Value | undefined)[] = new Array(ids)
  const n: Numbering = { table: createValueTable(ids), pure, replaced, texts: new Map() }
  /** How many values were known at the start of each open region. */
  const known: number[] = []
  let changes = 0
  const current = (value: Value) => replaced[value.id] ?? value
  const body = rewriteRegion(f.body, {
    plain: instruction => {
      const isStale = changes > 0 && readsReplaced(n, instruction)
      const updated = isStale ? withOperands(instruction, current) : instruction
      const result = resultOf(updated)
      const first = result && shared(n, updated, result)
      if (result === first) return updated
      replaced[result!.id] = first
      changes++
      return undefined
    },
    compound: (instruction: Compound) => (changes > 0 ? withOperands(instruction, current) : instruction),
    yields: region => (changes > 0 ? region.yields.map(current) : region.yields),
    enter: () => known.push(n.table.count()),
    leave: () => n.table.shrink(known.pop()!),
  })
  return changes > 0 ? { ...f, body } : f
}

const resultOf = (instruction: Plain): Value | undefined =>
  instruction.kind === 'store' ? undefined : instruction.result

function readsReplaced({ replaced }: Numbering, instruction: Plain): boolean {
  switch (instruction.kind) {
    case 'const':
      return false
    case 'op':
    case 'call':
      for (const { id } of instruction.args) if (replaced[id]) return true
      return false
    case 'load':
      return replaced[instruction.address.id] !== undefined
    case 'store':
      return replaced[instruction.address.id] !== undefined || replaced[instruction.value.id] !== undefined
  }
}

const COMMUTATIVE = new Set(
  ['i32', 'i64'].flatMap(t => ['add', 'mul', 'and', 'or', 'xor', 'eq', 'ne'].map(name => `${t}.${name}`)),
)
for (const t of ['f32', 'f64']) for (const name of ['add', 'mul', 'eq', 'ne']) COMMUTATIVE.add(`${t}.${name}`)

/** The first value that is the same, or the result itself. */
function shared(n: Numbering, instruction: Plain, result: Value): Value {
  switch (instruction.kind) {
    case 'const':
      return sharedConstant(n, instruction, result)
    case 'op': {
      const { op, args } = instruction
      const [a, b, c] = args
      if (args.length === 2 && a!.id > b!.id && COMMUTATIVE.has(op))
        return n.table.share(textNumber(n, op), b!.id, a!.id, -1, result)
      return n.table.share(textNumber(n, op), a!.id, b?.id ?? -1, c?.id ?? -1, result)
    }
    case 'load': {
      const { address, offset, constant } = instruction
      return constant ? n.table.share(textNumber(n, result.type), address.id, offset, -2, result) : result
    }
    case 'call':
      return n.pure.has(instruction.function) ? sharedCall(n, instruction, result) : result
    case 'store':
      return result
  }
}

function sharedCall(
  n: Numbering,
  { function: name, args }: Extract<Instruction, { kind: 'call' }>,
  result: Value,
): Value {
  let text = `call ${name}`
  for (const { id } of args) text += ` ${id}`
  return n.table.share(textNumber(n, text), -1, -1, -1, result)
}

function textNumber({ texts }: Numbering, text: string): number {
  const known = texts.get(text)
  if (known !== undefined) return known
  texts.set(text, texts.size)
  return texts.size - 1
}

const scratch = new DataView(new ArrayBuffer(8))

/** By their bits: -0 is not 0. Literals are shared with literals. */
function sharedConstant(n: Numbering, { value, isLiteral }: Constant, result: Value): Value {
  const type = isLiteral ? `literal ${result.type}` : result.type
  const kind = textNumber(n, typeof value === 'bigint' ? `${type} ${value}` : type)
  if (typeof value === 'bigint') return n.table.share(kind, 0, 0, -3, result)
  scratch.setFloat64(0, value)
  return n.table.share(kind, scratch.getInt32(0), scratch.getInt32(4), -3, result)
}
