/**
 * Loads floating-point constants from memory: those of loops once before them, those of the program where they stand.
 *
 * Comes in: a kernel module, after hoisting. Goes out: the same with more data. A pass of its own, as it is a matter of
 * engines: Node 20 spills constants that do not fit its registers, Node 24 builds each anew at every use with three
 * instructions; a loaded value they keep, or take from memory as an operand. Ten biquads took 25.8 instead of 28.5 ns a
 * frame, and nothing was slower. And programs that differ in numbers alone have the same code, which engines need not
 * translate again (decision 0021).
 */
import type { LiteralChanges } from '../core/literal-changes.ts'
import type {
  Constant,
  ConstantPool,
  DataSegment,
  Instruction,
  KernelFunction,
  KernelModule,
  Region,
  Value,
} from './kernel.ts'
import { freshId, isCompound, operands, profileOf, regions } from './regions.ts'
import { type Plain, rewriteRegion } from './rewrite.ts'

type Slot = ConstantPool['slots'][number]

/** Engines take long to allocate registers when thousands of values live through a loop. */
const MAX_POOLED = 500

/** What this function alone reads comes last. */
const LAST = 'compute'

export function poolConstants(module: KernelModule): KernelModule {
  const start = Math.ceil(module.memoryBytes / 8) * 8
  const slots: Slot[] = []
  const inCode = new Set<number | bigint>()
  const pooled = new Map<KernelFunction, KernelFunction>()
  const poolAll = (functions: readonly KernelFunction[]) => {
    for (const f of functions) pooled.set(f, poolFunction(f, start, slots, inCode))
  }
  poolAll(module.functions.filter(({ name }) => name !== LAST))
  const own = slots.length
  poolAll(module.functions.filter(({ name }) => name === LAST))
  if (slots.length === 0) return module
  const pool = { start, slots, own, inCode }
  const functions = module.functions.map(f => pooled.get(f)!)
  const data = [...module.data, ...segmentsOf(pool)]
  return { ...module, functions, data, memoryBytes: start + 8 * slots.length, pool }
}

/** Those that only `compute` reads are apart. */
function segmentsOf({ start, slots, own }: ConstantPool): DataSegment[] {
  const segment = (from: number, to: number): DataSegment[] =>
    from === to ? [] : [{ offset: start + 8 * from, bytes: encode(slots.slice(from, to)) }]
  return [...segment(0, own), ...segment(own, slots.length)]
}

/** The same code with other literals; undefined where one that changed stands in the code. */
export function changeLiterals(module: KernelModule, changes: LiteralChanges): KernelModule | undefined {
  if (changes.size === 0) return module
  const { pool } = module
  if (!pool || [...changes.keys()].some(value => pool.inCode.has(value))) return undefined
  const slots = pool.slots.map((slot): Slot => {
    const value = slot?.isLiteral && changes.get(Number(slot.value))
    return slot && typeof value === 'number' ? { ...slot, value } : slot
  })
  const changed = { ...pool, slots }
  const kept = module.data.length - segmentsOf(pool).length
  return { ...module, pool: changed, data: [...module.data.slice(0, kept), ...segmentsOf(changed)] }
}

function poolFunction(
  f: KernelFunction,
  start: number,
  slots: Slot[],
  inCode: Set<number | bigint>,
): KernelFunction {
  const used = usedInLoops(f)
  const address: Value = { id: freshId(f), type: 'i32' }
  const before = slots.length
  let loops = 0
  let kept = 0
  const isPooled = (constant: Constant): boolean => {
    if (loops > 0 || !isPoolable(constant)) return false
    if (used[constant.result.id] === 1) return kept++ < MAX_POOLED
    return f.exported || constant.isLiteral === true
  }
  const body = rewriteRegion(f.body, {
    enter: owner => {
      if (owner.kind === 'loop') loops++
    },
    leave: owner => {
      if (owner.kind === 'loop') loops--
    },
    plain: (instruction: Plain): Instruction => {
      if (instruction.kind !== 'const') return instruction
      if (!isPooled(instruction)) {
        if (instruction.isLiteral) inCode.add(instruction.value)
        return instruction
      }
      const offset = start + 8 * slots.length
      slots.push(instruction)
      if (instruction.result.type === 'v128') slots.push(undefined)
      return { kind: 'load', result: instruction.result, address, offset, constant: true }
    },
  })
  if (slots.length === before) return f
  const zero: Instruction = { kind: 'const', result: address, value: 0 }
  return { ...f, body: { ...body, instructions: [zero, ...body.instructions] } }
}

/** Zero costs nothing to make. */
function isPoolable({ result: { type }, value }: Constant): boolean {
  if (type === 'v128') return value !== 0n
  return (type === 'f64' || type === 'f32') && !Object.is(value, 0)
}

/** 1 for values that loops read, by id. */
function usedInLoops(f: KernelFunction): Uint8Array {
  const used = new Uint8Array(profileOf(f).ids)
  const open: { readonly region: Region; readonly inLoop: boolean }[] = [{ region: f.body, inLoop: false }]
  for (let next = open.pop(); next; next = open.pop()) {
    const { region, inLoop } = next
    if (inLoop) for (const { id } of region.yields) used[id] = 1
    for (const instruction of region.instructions) {
      if (inLoop) for (const { id } of operands(instruction)) used[id] = 1
      if (!isCompound(instruction)) continue
      for (const inner of regions(instruction))
        open.push({ region: inner, inLoop: inLoop || instruction.kind === 'loop' })
    }
  }
  return used
}

function encode(pool: readonly Slot[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(8 * pool.length))
  for (const [i, slot] of pool.entries()) {
    if (!slot) continue
    const { result, value } = slot
    if (result.type === 'v128') {
      view.setBigUint64(8 * i, BigInt.asUintN(64, BigInt(value)), true)
      view.setBigUint64(8 * i + 8, BigInt(value) >> 64n, true)
    } else if (result.type === 'f64') view.setFloat64(8 * i, Number(value), true)
    else view.setFloat32(8 * i, Number(value), true)
  }
  return new Uint8Array(view.buffer)
}
