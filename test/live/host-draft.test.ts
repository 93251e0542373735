/**
 * A program that is heard as a draft and finished while it sounds: nobody hears when.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import { draftSource } from '../../src/compile.ts'
import { render } from '../../src/index.ts'
import { nodeLoader } from '../../src/node-loader.ts'
import { planMigration } from '../../src/runtime/migrate.ts'
import { folder, next, passes, play, RATE, rawSamples, swapIn } from './host-support.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))

async function draft(source: string) {
  const result = await draftSource(source, { filename: `${EXAMPLES}a.dsp`, ...(await nodeLoader('', [])) })
  if (!result.ok) throw new Error(result.diagnostics[0]!.message)
  return { drafted: result.program, finish: result.finish! }
}

const examples = readdirSync(EXAMPLES).filter(name => name.endsWith('.dsp'))
const sourceOf = (name: string) => readFileSync(EXAMPLES + name, 'utf8')

describe('a draft', () => {
  test.each(examples)('of %s has the state and the samples of the finished program', async name => {
    const { drafted, finish } = await draft(sourceOf(name))
    const finished = await finish()
    const { report } = planMigration(drafted.layout, finished.layout)
    expect([report.moved, report.resized, report.fresh, report.dropped]).toEqual([[], [], [], []])
    const options = { sampleRate: RATE, frames: 4800 }
    const [a, b] = await Promise.all([render(drafted, options), render(finished, options)])
    expect(a).toEqual(b)
  })

  test('is not made where samples would be others', async () => {
    const result = await draftSource('process = _ * 2 + 1;', { fastMath: true })
    expect(result.ok && result.finish).toBeUndefined()
  })
})

describe('in the audio host', () => {
  test.each(['subtractive-synth.dsp', 'ping-pong-delay.dsp', 'fm-bell.dsp'])('%s', async name => {
    const { drafted, finish } = await draft(sourceOf(name))
    const fast = await finish()
    const path = join(folder(), 'played.raw')
    const player = await play({ backend: `file:${path}`, frames: RATE })
    const ended = next(player, 'ended')
    const outcome = await player.swap(drafted, { draft: true })
    if (!outcome.ok) throw new Error(outcome.reason)
    await passes(player, 0.2)
    const finished = await player.swap(fast, { finishes: outcome.serial, audition: false })
    expect(finished).toMatchObject({ ok: true, fadeFrames: 0 })
    await ended
    const channels = await render(fast, { sampleRate: RATE, frames: RATE })
    const played = rawSamples(path)
    const { length } = channels
    const wrong = played.findIndex(
      (x, i) => x !== Math.fround(channels[i % length]![Math.floor(i / length)]!),
    )
    expect([wrong, played.length]).toEqual([-1, length * RATE])
  })

  test('what was before is still what was before', async () => {
    const player = await play()
    await swapIn(player, 'process = 0.1;', { audition: false })
    const { drafted, finish } = await draft('process = 0.2;')
    const heard = await player.swap(drafted, { audition: false })
    if (!heard.ok) throw new Error(heard.reason)
    const finished = await player.swap(await finish(), { finishes: heard.serial, audition: false })
    expect(finished).toMatchObject({ ok: true, snapshot: heard.snapshot })
    const muted = next(player, 'muted')
    await swapIn(player, 'process = 1000;', { audition: false })
    expect(await muted).toMatchObject({ recovered: true })
    await passes(player, 0.1)
    expect([...(await player.capture(0, 1))]).toEqual([Math.fround(0.2)])
  })

  test('a program that another has replaced is not finished', async () => {
    const player = await play()
    const { drafted, finish } = await draft('process = 0.1;')
    const outcome = await player.swap(drafted, { audition: false })
    await swapIn(player, 'process = 0.2;', { audition: false })
    const late = await player.swap(await finish(), { finishes: outcome.ok ? outcome.serial : 0 })
    expect(late).toMatchObject({ ok: false, code: 'invalid' })
    await passes(player, 0.1)
    expect([...(await player.capture(0, 1))]).toEqual([Math.fround(0.2)])
  })
})
