/**
 * Products and sums of vectors as one instruction each.
 *
 * Comes in: a module whose calls are inlined. Goes out: the same, a · b + c being `relaxed_madd`, which rounds once or
 * twice, as the machine likes: samples may differ from machine to machine, so it belongs to `--fast-math`, and it needs
 * an engine with relaxed vector instructions (`hasRelaxedVectors`). WebAssembly has none of them for scalars.
 */
import type { Instruction, KernelFunction, KernelModule, Value } from './kernel.ts'
import { everyInstruction, operands, regions } from './regions.ts'
import { rewriteRegion } from './rewrite.ts'

type Op = Extract<Instruction, { kind: 'op' }>

export function fuseMultiplyAdd(module: KernelModule): KernelModule {
  return { ...module, functions: module.functions.map(fuseFunction) }
}

const SUM = /^(f32x4|f64x2)\.(add|sub)$/

function fuseFunction(f: KernelFunction): KernelFunction {
  const products = productsReadOnce(f)
  if (products.size === 0) return f
  const fused = (i: Instruction): Instruction => (i.kind === 'op' && SUM.test(i.op) ? fuse(i, products) : i)
  const body = rewriteRegion(f.body, { plain: fused })
  return { ...f, body }
}

/** a·b + c, c + a·b and c - a·b; not a·b - c, for which there is no instruction. */
function fuse(i: Op, products: ReadonlyMap<Value, Op>): Instruction {
  const [shape, name] = i.op.split('.') as [string, string]
  const [x, y] = i.args as [Value, Value]
  const second = products.get(y)
  if (name === 'sub') {
    return second ? { ...i, op: `${shape}.relaxed_nmadd`, args: [...second.args, x] } : i
  }
  const product = products.get(x) ?? second
  if (!product) return i
  return { ...i, op: `${shape}.relaxed_madd`, args: [...product.args, products.has(x) ? y : x] }
}

/** What remains of a product that is fused is dead code, so none that others read too is. */
function productsReadOnce(f: KernelFunction): Map<Value, Op> {
  const readers = new Map<Value, number>()
  const read = (values: readonly Value[]) => {
    for (const value of values) readers.set(value, (readers.get(value) ?? 0) + 1)
  }
  const products: Op[] = []
  read(f.body.yields)
  for (const i of everyInstruction(f.body)) {
    read(operands(i))
    for (const { yields } of regions(i)) read(yields)
    if (i.kind === 'loop') read([i.condition])
    if (i.kind === 'op' && (i.op === 'f32x4.mul' || i.op === 'f64x2.mul')) products.push(i)
  }
  return new Map(products.filter(i => readers.get(i.result) === 1).map(i => [i.result, i]))
}

/** (param v128 v128 v128) (result v128): f32x4.relaxed_madd of the parameters. */
const PROBE = [
  ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
  ...[1, 8, 1, 0x60, 3, 0x7b, 0x7b, 0x7b, 1, 0x7b, 3, 2, 1, 0],
  ...[10, 13, 1, 11, 0, 0x20, 0, 0x20, 1, 0x20, 2, 0xfd, 0x85, 0x02, 0x0b],
]

/** Whether the engine that runs this has them: Node does from version 21 on. */
export function hasRelaxedVectors(): boolean {
  return WebAssembly.validate(new Uint8Array(PROBE))
}
