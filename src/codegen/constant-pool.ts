/**
 * Loads the floating-point constants of a loop from memory, once before it.
 *
 * Comes in: a kernel module, after hoisting. Goes out: the same with one more data segment. A pass of its own,
 * as it is a matter of engines: Node 20 spills constants that do not fit its registers, Node 24 builds each anew
 * at every use with three instructions; a loaded value they keep, or take from memory as an operand. Ten
 * biquads took 25.8 instead of 28.5 ns a frame, and nothing was slower.
 */
import type { Instruction, KernelFunction, KernelModule, Region, Value } from './kernel.ts'
import { freshId, isCompound, operands, profileOf, regions } from './regions.ts'
import { type Plain, rewriteRegion } from './rewrite.ts'

type Constant = Extract<Instruction, { kind: 'const' }>

/** Eight bytes of the pool; the upper half of a vector has none of its own. */
type Slot = Constant | undefined

/** Engines take long to allocate registers when thousands of values live through a loop. */
const MAX_POOLED = 500

export function poolConstants(module: KernelModule): KernelModule {
  const start = Math.ceil(module.memoryBytes / 8) * 8
  const pool: Slot[] = []
  const functions = module.functions.map(f => poolFunction(f, start, pool))
  if (pool.length === 0) return module
  const bytes = encode(pool)
  const data = [...module.data, { offset: start, bytes }]
  return { ...module, functions, data, memoryBytes: start + bytes.length }
}

function poolFunction(f: KernelFunction, start: number, pool: Slot[]): KernelFunction {
  if (!profileOf(f).hasLoop) return f
  const used = usedInLoops(f)
  const address: Value = { id: freshId(f), type: 'i32' }
  const before = pool.length
  let loops = 0
  const body = rewriteRegion(f.body, {
    enter: owner => {
      if (owner.kind === 'loop') loops++
    },
    leave: owner => {
      if (owner.kind === 'loop') loops--
    },
    plain: (instruction: Plain): Instruction => {
      if (loops > 0 || !isPoolable(instruction, used) || pool.length - before >= MAX_POOLED)
        return instruction
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
function isPoolable(instruction: Plain, used: Uint8Array): instruction is Constant {
  if (instruction.kind !== 'const' || used[instruction.result.id] === 0) return false
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
