/**
 * A migration is the same after it was packed, sent to another thread, and unpacked with the cells of that one.
 */
import { expect, test } from 'vitest'
import { compile } from '../../src/index.ts'
import { packMigration, unpackMigration } from '../../src/runtime/host/packed-migration.ts'
import { planMigration } from '../../src/runtime/migrate.ts'

const PROGRAMS = [
  'process = _;',
  'process = +~_;',
  'import("stdfaust.lib"); process = os.osc(440) : @(100);',
  'import("stdfaust.lib"); process = os.osc(440) <: @(100), @(3000), fi.lowpass(2, hslider("f", 500, 20, 2000, 1));',
]

async function layoutOf(source: string) {
  const result = await compile(source)
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return result.program.layout
}

test.each(PROGRAMS)('from %s', async old => {
  const from = await layoutOf(old)
  for (const edited of PROGRAMS) {
    const to = await layoutOf(edited)
    const migration = planMigration(from, to, { formerSampleRate: 48_000, sampleRate: 44_100 })
    const sent = structuredClone(packMigration(migration, from, to))
    const back = unpackMigration(sent, from, to)
    expect(back).toEqual(migration)
    for (const [i, copy] of back.copies.entries()) expect(copy.to).toBe(migration.copies[i]!.to)
  }
})
