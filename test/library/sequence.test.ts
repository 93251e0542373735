/**
 * Random sequences of edits, recompilations, resets, buffer changes and rate changes against a model: state of nodes by
 * id, persistent variables by name, buffers with their contents; and failed compilations leave no trace.
 */
import { describe, expect, it } from 'vitest'
import type { Core } from '../../src/core/ast.ts'
import { call, opAdd, stmts, variable } from '../../src/core/build.ts'
import { type DSPFunction, DSPNodeContext, getStandardLibrary, JIT } from '../../src/library/index.ts'
import { ModelContext, ModelFunction } from './model.ts'
import { Random, randomProgram } from './random-programs.ts'

const LIBRARY = getStandardLibrary()

class Pair {
  private readonly random: Random
  private readonly context = new DSPNodeContext()
  private readonly model = new ModelContext()
  private readonly jit = new JIT(LIBRARY, this.context)
  private real: DSPFunction | undefined
  private wanted: ModelFunction | undefined
  readonly log: string[] = []

  constructor(seed: number) {
    this.random = new Random(seed)
    this.compile(randomProgram(this.random, { depth: 4, ids: 8, declares: true }))
  }

  step(): void {
    const actions = [
      this.recompile,
      this.recompile,
      this.reset,
      this.rate,
      this.swap,
      this.fail,
      this.play,
      this.play,
    ]
    const action = this.random.pick(actions)
    this.log.push(action.name)
    action.call(this)
    this.play()
  }

  private compile(ast: Core): void {
    const [before, formerly] = [this.real, this.wanted]
    this.real = this.jit.compile(ast)
    this.wanted = new ModelFunction(this.model, ast)
    const isKept = this.random.below(4) > 0
    const rate = this.random.pick([44100, 48000, 96000])
    this.real.init(rate, isKept ? before : undefined)
    this.wanted.init(rate, isKept ? formerly : undefined)
    before?.free()
  }

  private recompile(): void {
    this.compile(randomProgram(this.random, { depth: 4, ids: 8, declares: true }))
  }

  private reset(): void {
    this.real!.reset()
    this.wanted!.reset()
  }

  private rate(): void {
    const rate = this.random.pick([22050, 44100, 192000])
    this.real!.setSampleRate(rate)
    this.wanted!.setSampleRate(rate)
  }

  private swap(): void {
    const index = this.random.below(3)
    const contents = Array.from({ length: 1 + this.random.below(30) }, () => Math.fround(this.random.next()))
    if (this.random.below(2) === 0) {
      expect(Array.from(this.context.swapBuffer(index, contents))).toEqual(
        this.model.buffer(`buffer#${index}`),
      )
      this.model.buffers.set(`buffer#${index}`, [...contents])
    } else {
      this.context.swapTable(index, contents)
      this.model.buffers.set(`table#${index}`, contents)
    }
  }

  /** New ids, names and lengths in a program that cannot be compiled. */
  private fail(): void {
    const before = [this.context.memory.size, this.context.persistent.size, this.context.nodes.size]
    const good = randomProgram(this.random, { depth: 4, ids: 8, declares: true })
    const bad = stmts([
      variable('*new'),
      call('accum', 99, [1, 0]),
      good,
      call('accum', 99, [opAdd(1, 2), 0]),
    ])
    expect(() => this.jit.compile(bad)).toThrow()
    expect([this.context.memory.size, this.context.persistent.size, this.context.nodes.size]).toEqual(before)
  }

  private play(): void {
    for (let n = 1 + this.random.below(6); n > 0; n--) {
      const [in1, in2] = [this.random.next() * 4 - 2, this.random.next() * 2]
      const found = this.real!.exec2in2out(in1, in2)
      expect(found, this.log.join(' ')).toEqual(this.wanted!.exec(in1, in2))
    }
  }
}

describe('sequences of edits', () => {
  it.each(Array.from({ length: 40 }, (_, i) => i + 1))('seed %d', seed => {
    const pair = new Pair(seed)
    for (let i = 0; i < 25; i++) pair.step()
  })
})

describe('memory', () => {
  it('does not grow while programs come and go', () => {
    const context = new DSPNodeContext()
    const jit = new JIT(LIBRARY, context)
    const random = new Random(7)
    let last = jit.compile(randomProgram(random, { depth: 4, ids: 8 }))
    let largest = 0
    for (let i = 0; i < 120; i++) {
      const next = jit.compile(randomProgram(random, { depth: 4, ids: 8 }))
      next.init(44100, last)
      last.free()
      last.free()
      last = next
      if (i === 60) largest = context.memory.memory.buffer.byteLength
    }
    expect(context.memory.memory.buffer.byteLength).toBeLessThanOrEqual(largest)
  })
})
