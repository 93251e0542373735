/** What `--fast-math` may change, and that nothing changes without it. */
import { describe, expect, it } from 'vitest'
import { validate } from '../../src/codegen/binaryen.ts'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { removeDeadCode } from '../../src/codegen/dead-code.ts'
import { encodeWasm } from '../../src/codegen/emit.ts'
import { fuseMultiplyAdd, hasRelaxedVectors } from '../../src/codegen/fuse.ts'
import { interpretFunction } from '../../src/codegen/interpret.ts'
import type { KernelModule, Value } from '../../src/codegen/kernel.ts'
import { compileSource } from '../../src/compile.ts'
import { instantiate } from '../../src/runtime/instance.ts'

const TERMS = 13

type Precision = 'single' | 'double'

async function render(source: string, precision: Precision, inputs: readonly number[], fastMath: boolean) {
  const disabledPasses = ['fused multiply-add']
  const result = await compileSource(source, { precision, fastMath, disabledPasses })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  const instance = await instantiate(result.program, { sampleRate: 48_000, blockSize: 4 })
  for (const [i, channel] of instance.inputs.entries()) channel.fill(inputs[i]!)
  instance.compute(4)
  return instance.outputs[0]![3]!
}

/** Terms of very different sizes, so that each order of additions gives another sum. */
const terms = (precision: Precision) =>
  Array.from({ length: TERMS }, (_, i) => Math.sin(7 * i + 1) * 10 ** ((i * 5) % 7)).map(
    precision === 'single' ? Math.fround : x => x,
  )

describe.each(['single', 'double'] as const)('%s', precision => {
  const round = precision === 'single' ? Math.fround : (x: number) => x
  const sum = (a: number, b: number) => round(a + b)

  it('long sums are computed in four parts', async () => {
    const source = `process = par(i, ${TERMS}, _) :> _;`
    const all = terms(precision)
    const parts = [0, 1, 2, 3].map(k => all.filter((_, i) => i % 4 === k).reduce(sum))
    const inParts = sum(sum(parts[0]!, parts[2]!), sum(parts[1]!, parts[3]!))
    const inOrder = all.reduce(sum)
    expect(inParts).not.toBe(inOrder)
    expect(await render(source, precision, all, true)).toBe(inParts)
    expect(await render(source, precision, all, false)).toBe(inOrder)
  })
})

describe('fused multiply-add', () => {
  const RESULT = 64

  /** a·b + c, c + a·b, c - a·b, a·b - c of vectors in memory; and a·b itself, if it is read twice. */
  function products(shape: string, isReadTwice: boolean): KernelModule {
    const b = new FunctionBuilder()
    const zero = b.i32(0)
    const [x, y, z] = [0, 16, 32].map(at => b.load('v128', zero, at)) as [Value, Value, Value]
    const product = () => b.op(`${shape}.mul`, x, y)
    const first = product()
    const results = [
      b.op(`${shape}.add`, first, z),
      b.op(`${shape}.add`, z, product()),
      b.op(`${shape}.sub`, z, product()),
      b.op(`${shape}.sub`, product(), z),
      ...(isReadTwice ? [first] : []),
    ]
    for (const [i, result] of results.entries()) b.store(zero, RESULT + 16 * i, result)
    return { functions: [b.finish('compute', [], undefined, true)], memoryBytes: 256, data: [] }
  }

  const operationsOf = ({ functions: [f] }: KernelModule) =>
    f!.body.instructions.flatMap(i => (i.kind === 'op' ? [i.op.split('.')[1]!] : []))

  const fused = (module: KernelModule) => removeDeadCode(fuseMultiplyAdd(module))

  function run({ functions: [f] }: KernelModule, isDouble: boolean) {
    const memory = new ArrayBuffer(256)
    const view = isDouble ? new Float64Array(memory) : new Float32Array(memory)
    for (const i of view.keys()) view[i] = (i % 5) + 0.25 * i
    interpretFunction(new Map([[f!.name, f!]]), f!.name, [], memory)
    return { memory, view }
  }

  it.each(['f32x4', 'f64x2'])('%s: where a product is read once, by a sum', async shape => {
    const module = products(shape, false)
    const after = fused(module)
    expect(operationsOf(after)).toEqual(['relaxed_madd', 'relaxed_madd', 'relaxed_nmadd', 'mul', 'sub'])
    expect(operationsOf(fused(products(shape, true))).filter(name => name === 'mul')).toHaveLength(2)
    const isDouble = shape === 'f64x2'
    expect(run(after, isDouble).view).toEqual(run(module, isDouble).view)
    await validate(encodeWasm(after))
  })

  it.each(['f32x4', 'f64x2'])('%s: the engine computes it, if it says that it can', async shape => {
    const wasm = encodeWasm(fused(products(shape, false)))
    expect(WebAssembly.validate(wasm as BufferSource)).toBe(hasRelaxedVectors())
    if (!hasRelaxedVectors()) return
    const { instance } = await WebAssembly.instantiate(wasm as BufferSource)
    const { memory, compute } = instance.exports as { memory: WebAssembly.Memory; compute: () => void }
    // Numbers of few digits: fused or not, the result is exact.
    const mine = run(products(shape, false), shape === 'f64x2')
    const view = new Uint8Array(memory.buffer)
    const inputs = shape === 'f64x2' ? new Float64Array(memory.buffer) : new Float32Array(memory.buffer)
    for (let i = 0; i < 256 / inputs.BYTES_PER_ELEMENT; i++) inputs[i] = (i % 5) + 0.25 * i
    compute()
    expect(view.slice(0, 256)).toEqual(new Uint8Array(mine.memory))
  })
})
