/**
 * Loads floating-point constants from memory: those of loops once before them, those of the program where they stand.
 *
 * Comes in: a kernel module, after hoisting. Goes out: the same with more data. A pass of its own, as it is a matter of
 * engines: Node 20 spills constants that do not fit its registers, Node 24 builds each anew at every use with three
 * instructions; a loaded value they keep, or take from memory as an operand. Ten biquads took 25.8 instead of 28.5 ns a
 * frame, and nothing was slower. And programs that differ in numbers alone have the same code, which engines need not
 * translate again (decision 0021).
 */
import type { DataSegment, Instruction, KernelFunction, KernelModule, Region, Value } from './kernel.ts'
import { freshId, isCompound, operands, profileOf, regions } from './regions.ts'
import { type Plain, rewriteRegion } from './rewrite.ts'

type Constant = Extract<Instruction, { kind: 'const' }>

/** Eight bytes of the pool; the upper half of a vector has none of its own. */
type Slot = Constant | undefined

/** Engines take long to allocate registers when thousands of values live through a loop. */
const MAX_POOLED = 500

/** The literals of this function come last: no other reads them. */
const LAST = 'compute'

export function poolConstants(module: KernelModule): KernelModule {
  const start = Math.ceil(module.memoryBytes / 8) * 8
  const pool: Slot[] = []
  const pooled = new Map<KernelFunction, KernelFunction>()
  for (const f of module.functions) if (f.name !== LAST) pooled.set(f, poolFunction(f, start, pool))
  const others = pool.length
  for (const f of module.functions) if (f.name === LAST) pooled.set(f, poolFunction(f, start, pool))
  if (pool.length === 0) return module
  const segment = (from: number, to: number): DataSegment[] =>
    from === to ? [] : [{ offset: start + 8 * from, bytes: encode(pool.slice(from, to)) }]
  const data = [...module.data, ...segment(0, others), ...segment(others, pool.length)]
  const functions = module.functions.map(f => pooled.get(f)!)
  return { ...module, functions, data, memoryBytes: start + 8 * pool.length, literals: start + 8 * others }
}

function poolFunction(f: KernelFunction, start: number, pool: Slot[]): KernelFunction {
  if (!f.exported && !profileOf(f).hasLoop) return f
  const used = usedInLoops(f)
  const address: Value = { id: freshId(f), type: 'i32' }
  const before = pool.length
  let loops = 0
  let kept = 0
  const isPooled = (instruction: Plain): instruction is Constant => {
    if (loops > 0 || !isPoolable(instruction)) return false
    return used[instruction.result.id] === 1 ? kept++ < MAX_POOLED : f.exported
  }
  const body = rewriteRegion(f.body, {
    enter: owner => {
      if (owner.kind === 'loop') loops++
    },
    leave: owner => {
      if (owner.kind === 'loop') loops--
    },
    plain: (instruction: Plain): Instruction => {
      if (!isPooled(instruction)) return instruction
      const offset = start + 8 * pool.length
      pool.push(instruction)
      if (instruction.result.type === 'v128') pool.push(undefined)
      return { kind: 'load', result: instruction.result, address, offset, constant: true }
    },
  })
  if (pool.length === before) return f
  const zero: Instruction = { kind: 'const', result: address, value: 0 }
  return { ...f, body: { ...body, instructions: [zero, ...body.instructions] } }
}

/** Zero costs nothing to make. */
function isPoolable(instruction: Plain): instruction is Constant {
  if (instruction.kind !== 'const') return false
  const { type } = instruction.result
  if (type === 'v128') return instruction.value !== 0n
  return (type === 'f64' || type === 'f32') && !Object.is(instruction.value, 0)
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
