/** What `--explain-cost` says: properties of the report, and reasons that follow from what a program is. */
import { describe, expect, it } from 'vitest'
import type { CostReport } from '../../src/codegen/explain-cost.ts'
import type { DefinitionCost } from '../../src/codegen/explain-definitions.ts'
import { explainSource } from '../../src/explain-cost.ts'

function explain(source: string, precision: 'single' | 'double' = 'single'): CostReport {
  const result = explainSource(source, { precision })
  if (!result.ok) throw new Error(result.diagnostics[0]?.message)
  return result.report
}

const named = ({ definitions }: CostReport, name: string): DefinitionCost => {
  const found = definitions.find(d => d.definition === name)
  expect(found, definitions.map(d => d.definition).join(' ')).toBeDefined()
  return found!
}
const reasons = (d: DefinitionCost) => d.reasons.map(r => r.reason.kind)

const SMOOTH_AND_SHAPE = `
  smooth = + ~ *(0.9);
  shape(x) = sin(x) * exp(0 - x * x) + cos(3 * x) * sin(5 * x);
  process = smooth : shape;`

describe('costs by definition', () => {
  it.each(['single', 'double'] as const)('add up to that of a frame, in %s precision', precision => {
    const { nanoseconds, definitions } = explain(SMOOTH_AND_SHAPE, precision)
    expect(nanoseconds).toBeGreaterThan(0)
    expect(definitions.reduce((sum, d) => sum + d.nanoseconds, 0)).toBeCloseTo(nanoseconds, 6)
    for (const d of definitions) expect(d.nanoseconds).toBeGreaterThan(0)
  })

  it('name what the user wrote, dearest first', () => {
    const { definitions } = explain(SMOOTH_AND_SHAPE)
    expect(definitions[0]!.definition).toBe('process/shape')
    expect(definitions.map(d => d.definition)).toContain('process/smooth')
  })

  it('grow with what a definition does', () => {
    const cost = (taps: number) =>
      named(explain(`fir(x) = sum(i, ${taps}, x@i * (0.1 + i)); process = fir;`), 'process/fir').nanoseconds
    expect(cost(64)).toBeGreaterThan(2 * cost(16))
  })
})

describe('lanes, and what prevents more', () => {
  it('are all where nothing depends on the past', () => {
    const report = explain('shape(x) = sin(x) * exp(x) + cos(x * 3); process = shape;')
    expect(report).toMatchObject({ divided: true, lanes: 4 })
    expect(named(report, 'process/shape')).toMatchObject({ inLanes: 1, reasons: [] })
    expect(report.loops.every(loop => loop.frames === 8)).toBe(true)
  })

  it('say which definitions a feedback goes through', () => {
    const report = explain(`
      damp(x) = x * 0.5; pull(x) = x - x * x * x;
      process = (+ : damp : pull) ~ _;`)
    const { reasons: list } = named(report, 'process/pull')
    expect(list[0]!.reason.kind).toBe('feedback')
    expect(list[0]!.through).toEqual(expect.arrayContaining(['process/pull', 'process/damp']))
  })

  it('tell a loop that waits from one that works', () => {
    const waiting = explain('process = (+ : *(0.5) : +(0.1) : *(0.9) : +(0.2)) ~ _;')
    expect(waiting.loops[0]).toMatchObject({ frames: 1, limit: 'feedback' })
    expect(explain(SMOOTH_AND_SHAPE).loops.some(loop => loop.limit === 'instructions')).toBe(true)
  })

  it.each([
    ['feedback', 'line = + ~ *(0.9); process = line;'],
    ['shortDelay', 'line = + ~ (@(4) : *(0.9)); process = line;'],
    ['unknownDelay', 'line(d) = + ~ (@(d) : *(0.9)); process(d) = _ : line(int(max(0, min(100, d))));'],
    ['write', 'line(i, x) = rwtable(64, 0.0, i, x, 0); process(i) = line(int(max(0, min(63, i)))); '],
  ])('%s', (kind, source) => {
    const { definitions } = explain(source)
    expect(definitions.flatMap(reasons)).toContain(kind)
  })

  it('a long delay prevents nothing', () => {
    const report = explain('line = + ~ (@(1000) : *(0.9) : sin); process = line : cos;')
    expect(report.definitions.flatMap(reasons)).not.toContain('feedback')
    expect(report.divided).toBe(true)
  })

  it('say when the pass is left out', () => {
    const result = explainSource(SMOOTH_AND_SHAPE, { disabledPasses: ['fission'] })
    expect(result.ok && result.report).toMatchObject({ divided: false, undivided: 'disabled' })
  })
})

it('voices and programs with errors are no trouble', () => {
  expect(explainSource('process = ;', {}).ok).toBe(false)
  const result = explainSource('process = hslider("freq", 440, 1, 1000, 1) : sin;', { voices: 4 })
  expect(result.ok && result.report.nanoseconds).toBeGreaterThan(0)
})
