/**
 * Random edits of the examples while they run. A program swapped for itself, renamed, reordered or wrapped never
 * notices; whatever the edit, the report is complete and consistent and the sound goes on.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { verifyLayout } from '../../src/core/layout.ts'
import type { CompiledProgram } from '../../src/core/program.ts'
import { type Instance, instantiate } from '../../src/runtime/instance.ts'
import type { Migration } from '../../src/runtime/migration-types.ts'
import { unitsOf } from '../../src/runtime/state-units.ts'
import { prepareSwap } from '../../src/runtime/swap.ts'
import { type EditKind, edit, randomFrom } from './random-edits.ts'
import { compileLive, expectSame, RATE, runInstance } from './swap-run.ts'

const folder = new URL('../../examples/', import.meta.url)
const examples = readdirSync(folder).filter(name => name.endsWith('.dsp'))
const textOf = (name: string) => readFileSync(new URL(name, folder), 'utf8')
/** Half of them, since compiling takes its time. */
const isEdited = (name: string) => examples.indexOf(name) % 2 === 0
const noise = (channel: number, frame: number) => Math.sin(frame * 0.37 * (channel + 1)) * 0.3

/** The report lists every piece of state of either program once, and copies go to places of their own. */
function expectConsistent({ report, copies }: Migration, from: CompiledProgram, to: CompiledProgram) {
  const { kept, moved, resized, fresh, dropped } = report
  const own = (program: CompiledProgram) => unitsOf(program.layout).filter(u => u.own.length > 0).length
  expect(kept.length + moved.length + resized.length + fresh.length).toBe(own(to))
  expect(dropped.length).toBeLessThanOrEqual(own(from))
  for (const copy of copies) {
    expect(from.layout.cells).toContain(copy.from)
    expect(to.layout.cells).toContain(copy.to)
    expect(copy.from.element === 'i32').toBe(copy.to.element === 'i32')
  }
  // Several variables may go into one line, each to its age; else nothing is written twice.
  const targets = copies.map(c => `${c.to.offset} ${c.to.kind === 'delay' ? c.from.age : ''}`)
  expect(new Set(targets).size).toBe(targets.length)
  expect(verifyLayout(to.layout)).toEqual([])
}

async function swapInto(running: { program: CompiledProgram; instance: Instance }, text: string) {
  const program = await compileLive(text).catch(() => undefined)
  if (!program) return undefined
  const module = await WebAssembly.compile(program.wasm as BufferSource)
  const next = prepareSwap(running, program, module)
  next.takeOver()
  expectConsistent(next.migration, running.program, program)
  return next
}

async function start(text: string) {
  const program = await compileLive(text)
  return { program, instance: await instantiate(program, { sampleRate: RATE, blockSize: 64 }) }
}

describe.each(examples)('%s', name => {
  const text = textOf(name)

  it('swapped for itself never notices', async () => {
    const running = await start(text)
    runInstance(running.instance, 0, 6400, noise)
    const next = (await swapInto(running, text))!
    const { kept, ...rest } = next.migration.report
    expect(
      Object.values(rest)
        .flat()
        .filter(x => typeof x === 'object'),
    ).toEqual([])
    expect(kept.length).toBeGreaterThan(0)
    const goesOn = runInstance(next.instance, 6400, 1600, noise)
    runInstance(running.instance, 6400, 1600, noise).forEach((channel, i) => {
      expectSame(goesOn[i]!, channel)
    })
  })

  it.each(isEdited(name) ? [name] : [])('a line of edits: %s', async () => {
    const random = randomFrom(examples.indexOf(name) + 1)
    const kinds: EditKind[] = ['wrap', 'number', 'move', 'rename', 'comment', 'number']
    let running = await start(text)
    let current = text
    let frame = 0
    const made: EditKind[] = []
    for (const kind of kinds) {
      runInstance(running.instance, frame, 640, noise)
      frame += 640
      const edited = edit(kind, current, random)
      const next = edited && (await swapInto(running, edited.text))
      if (edited?.changesNothing) expect(next, kind).toBeDefined()
      if (!next) continue
      made.push(kind)
      const goesOn = runInstance(next.instance, frame, 640, noise)
      if (edited.changesNothing) {
        expect(next.migration.report.fresh, kind).toEqual([])
        expect(next.migration.report.dropped, kind).toEqual([])
        runInstance(running.instance, frame, 640, noise).forEach((channel, i) => {
          expectSame(goesOn[i]!, channel)
        })
      }
      expect(goesOn.flat().every(Number.isFinite)).toBe(true)
      frame += 640
      current = edited.text
      running = next
    }
    expect(made.length, made.join(' ')).toBeGreaterThanOrEqual(4)
  })
})

describe('from any example to any other', () => {
  it('nothing is led astray, and nothing is counted twice', async () => {
    const programs = await Promise.all(examples.map(name => compileLive(textOf(name))))
    const modules = await Promise.all(programs.map(p => WebAssembly.compile(p.wasm as BufferSource)))
    for (const program of programs) {
      const instance = await instantiate(program, { sampleRate: RATE, blockSize: 64 })
      runInstance(instance, 0, 640, noise)
      programs.forEach((other, i) => {
        const next = prepareSwap({ program, instance }, other, modules[i]!)
        next.takeOver()
        expectConsistent(next.migration, program, other)
        const sound = runInstance(next.instance, 0, 192, noise)
        expect(sound.flat().every(Number.isFinite)).toBe(true)
      })
    }
  })
})
