/**
 * Long sums in four parts, which can be computed side by side.
 *
 * Comes in: a module. Goes out: the same, where each sum of at least `LEAST_TERMS` numbers
 * t0 + t1 + t2 + … is ((p0 + p2) + (p1 + p3)), pk = tk + t(k+4) + t(k+8) + …. Rounding differs, so it belongs to
 * `--fast-math`. It runs before loops are divided and lanes looked for: a sum in order is one chain, in which each
 * addition waits for the one before it; four chains fill the lanes of a vector.
 */
import { FunctionBuilder } from './builder.ts'
import type { Instruction, KernelFunction, KernelModule, Region, Value } from './kernel.ts'
import { everyInstruction, freshId, operands, regions } from './regions.ts'
import { rewriteLists } from './rewrite-lists.ts'

type Op = Extract<Instruction, { kind: 'op' }>

/** Fewer gain nothing, and may stand in a recursion, which would become longer. */
const LEAST_TERMS = 8
const PARTS = 4

export function reassociate(module: KernelModule): KernelModule {
  const functions = module.functions.map(f => (f.name === 'compute' ? reassociateFunction(f) : f))
  return { ...module, functions }
}

const isSum = (i: Instruction | undefined): i is Op =>
  i?.kind === 'op' && (i.op === 'f32.add' || i.op === 'f64.add')

/** What is left of the chains is dead code. */
function reassociateFunction(f: KernelFunction): KernelFunction {
  const inner = innerSums(f)
  const b = new FunctionBuilder(freshId(f))
  const body = rewriteLists(f.body, instructions => {
    const sums = new Map(instructions.flatMap(i => (isSum(i) ? [[i.result, i] as const] : [])))
    b.open()
    for (const i of instructions) {
      const terms = isSum(i) && !inner.has(i.result) ? termsOf(i, sums, inner) : []
      if (isSum(i) && terms.length >= LEAST_TERMS) sumInParts(b, i, terms)
      else b.push(i)
    }
    return b.close()
  })
  return { ...f, body }
}

/** Sums that only another sum of the same region reads, and once: parts of a longer one. */
function innerSums(f: KernelFunction): Set<Value> {
  const readers = new Map<Value, number>()
  const read = (values: readonly Value[]) => {
    for (const value of values) readers.set(value, (readers.get(value) ?? 0) + 1)
  }
  read(f.body.yields)
  for (const i of everyInstruction(f.body)) {
    read(operands(i))
    for (const { yields } of regions(i)) read(yields)
    if (i.kind === 'loop') read([i.condition])
  }
  const inner = new Set<Value>()
  for (const { instructions } of allRegions(f)) {
    const sums = new Set(instructions.flatMap(i => (isSum(i) ? [i.result] : [])))
    for (const i of instructions) {
      if (isSum(i)) for (const a of i.args) if (sums.has(a) && readers.get(a) === 1) inner.add(a)
    }
  }
  return inner
}

function allRegions(f: KernelFunction): Region[] {
  const all = [f.body]
  for (const i of everyInstruction(f.body)) for (const region of regions(i)) all.push(region)
  return all
}

/** In the order in which they are added. */
function termsOf(root: Op, sums: ReadonlyMap<Value, Op>, inner: ReadonlySet<Value>): Value[] {
  const terms: Value[] = []
  const pending = root.args.toReversed()
  for (let value = pending.pop(); value; value = pending.pop()) {
    const sum = inner.has(value) ? sums.get(value) : undefined
    if (sum) pending.push(sum.args[1]!, sum.args[0]!)
    else terms.push(value)
  }
  return terms
}

function sumInParts(b: FunctionBuilder, { op, result }: Op, terms: readonly Value[]): void {
  const [p0, p1, p2, p3] = [0, 1, 2, 3].map(part => {
    const own = terms.filter((_, i) => i % PARTS === part)
    return own.reduce((sum, term) => b.op(op, sum, term))
  })
  b.push({ kind: 'op', result, op, args: [b.op(op, p0!, p2!), b.op(op, p1!, p3!)] })
}
