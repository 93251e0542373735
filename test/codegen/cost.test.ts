/** The model of a processor that passes decide by: what must hold whatever its numbers are. */
import { describe, expect, it } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import { costOfLoop, costsOfCalls, type LoopCost } from '../../src/codegen/cost-loop.ts'
import type { Value } from '../../src/codegen/kernel.ts'
import type { Loop } from '../../src/codegen/unroll.ts'

const noCalls = costsOfCalls(() => undefined)

/** A loop that carries `count` values, each through `length` additions a turn. */
function chains(count: number, length: number, isCarried = true): LoopCost {
  const b = new FunctionBuilder()
  b.open()
  const zero = b.i32(0)
  const start = b.constant('f64', 1)
  b.loop([zero, ...Array<Value>(count).fill(start)], ([at, ...values]) => {
    const next = values.map(value => {
      let sum = isCarried ? value : b.load('f64', at!, 0)
      for (let i = 0; i < length; i++) sum = b.op('f64.add', sum, start)
      return sum
    })
    const following = b.op('i32.add', at!, b.i32(8))
    return { next: [following, ...next], condition: b.op('i32.lt_u', following, b.i32(1024)) }
  })
  const loop = b.close().find((i): i is Loop => i.kind === 'loop')!
  return costOfLoop(loop, noCalls)
}

describe('a loop', () => {
  it('waits for what it carries: twice the chain is twice the time', () => {
    const [short, long] = [chains(1, 10), chains(1, 20)]
    expect(short.recurrence()).toBeGreaterThan(2 * short.throughput)
    expect(long.recurrence()).toBeCloseTo(2 * short.recurrence(), 6)
    expect(long.cycles / short.cycles).toBeCloseTo(2, 1)
  })

  it('computes other chains while it waits, until instructions are what there is too much of', () => {
    expect(chains(2, 10).cycles).toBeLessThan(1.1 * chains(1, 10).cycles)
    const many = chains(12, 10)
    expect(many.cycles).toBeGreaterThan(2 * chains(1, 10).cycles)
    expect(many.cycles).toBeLessThan(1.3 * many.throughput)
  })

  it('begins with the next turn where nothing is carried', () => {
    const free = chains(1, 10, false)
    expect(free.cycles).toBeLessThan(0.6 * chains(1, 10).cycles)
    expect(free.recurrence()).toBeLessThan(2)
  })

  it('sees no further than its window: chains one after the other in a long turn wait for each other', () => {
    const [wide, deep] = [chains(8, 30, false), chains(1, 240, false)]
    expect(wide.throughput).toBeLessThan(1.1 * deep.throughput)
    expect(deep.cycles).toBeGreaterThan(wide.cycles)
  })

  it('is never faster than its instructions', () => {
    for (const count of [1, 3, 20]) {
      const cost = chains(count, 7)
      expect(cost.cycles).toBeGreaterThanOrEqual(cost.throughput)
    }
  })
})

describe('a call', () => {
  it('costs what its function does; the exceptional case nothing', () => {
    const b = new FunctionBuilder()
    const x = b.parameter('f64')
    const usual = b.op('f64.mul', b.op('f64.add', x, x), x)
    const plain = b.finish('plain', [x], usual)
    const c = new FunctionBuilder()
    const y = c.parameter('f64')
    const [result] = c.if(
      c.op('f64.gt', y, c.constant('f64', 1e9)),
      () => [c.call('rare.slow', 'f64', [y])],
      () => [c.op('f64.mul', c.op('f64.add', y, y), y)],
    )
    const guarded = c.finish('guarded', [y], result!)
    const functions = new Map([plain, guarded].map(f => [f.name, f]))
    const costOf = costsOfCalls(name => functions.get(name))
    expect(costOf('plain').latency).toBeGreaterThan(0)
    expect(costOf('guarded').slots - costOf('plain').slots).toBeLessThan(costOf('rare.slow').slots)
    expect(costOf('unknown').slots).toBeGreaterThan(costOf('plain').slots)
  })
})
