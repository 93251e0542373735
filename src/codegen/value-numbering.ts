/**
 * Computes equal values once.
 *
 * Comes in: a kernel module. Goes out: the same without pure instructions whose value is already at hand in
 * their region or one around it. A pass of its own; it removes nothing else, unused values are dead-code's.
 */
import type { Instruction, KernelFunction, Value } from './kernel.ts'
import { perFunction } from './per-function.ts'
import { operands } from './regions.ts'
import { type Compound, type Plain, rewriteRegion, withOperands } from './rewrite.ts'

export const numberValues = perFunction(numberFunction)

function numberFunction(f: KernelFunction, pure: ReadonlySet<string>): KernelFunction {
  /** By the id of the value replaced. */
  const replacements: Value[] = []
  const known = new Map<string, Value>()
  /** Keys to forget at the end of each open region. */
  const scopes: string[][] = []
  const current = (value: Value) => replacements[value.id] ?? value
  const isReplaced = (value: Value) => replacements[value.id] !== undefined
  const plain = (instruction: Plain): Instruction | undefined => {
    const changes = operands(instruction).some(isReplaced)
    const updated = changes ? withOperands(instruction, current) : instruction
    const key = keyOf(updated, pure)
    if (key === undefined || !('result' in updated) || !updated.result) return updated
    const equal = known.get(key)
    if (equal) {
      replacements[updated.result.id] = equal
      return undefined
    }
    known.set(key, updated.result)
    scopes.at(-1)?.push(key)
    return updated
  }
  const body = rewriteRegion(f.body, {
    plain,
    compound: (instruction: Compound) => withOperands(instruction, current),
    yields: region => region.yields.map(current),
    enter: () => scopes.push([]),
    leave: () => {
      for (const key of scopes.pop()!) known.delete(key)
    },
  })
  return { ...f, body }
}

const COMMUTATIVE = new Set(
  ['i32', 'i64'].flatMap(t => ['add', 'mul', 'and', 'or', 'xor', 'eq', 'ne'].map(name => `${t}.${name}`)),
)
for (const t of ['f32', 'f64']) for (const name of ['add', 'mul', 'eq', 'ne']) COMMUTATIVE.add(`${t}.${name}`)

/** Equal keys mean equal values; no key, that the instruction must stay. */
function keyOf(instruction: Plain, pure: ReadonlySet<string>): string | undefined {
  switch (instruction.kind) {
    case 'const': {
      const { result, value } = instruction
      return `${result.type} ${Object.is(value, -0) ? '-0' : value}`
    }
    case 'op': {
      const { op, args } = instruction
      if (args.length === 2 && COMMUTATIVE.has(op) && args[0]!.id > args[1]!.id) {
        return `${op} ${args[1]!.id} ${args[0]!.id}`
      }
      return op + ids(args)
    }
    case 'load': {
      const { result, address, offset, constant } = instruction
      return constant ? `load ${result.type} ${address.id} ${offset}` : undefined
    }
    case 'call':
      return pure.has(instruction.function) ? instruction.function + ids(instruction.args) : undefined
    case 'store':
      return undefined
  }
}

function ids(values: readonly Value[]): string {
  let text = ''
  for (const { id } of values) text += ` ${id}`
  return text
}
