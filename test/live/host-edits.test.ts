/**
 * A thousand edits while it plays, on a processor that something else uses too.
 *
 * The edits are examples in which numbers were changed and lines left out, at random but the same every time. They are
 * compiled beforehand: this is about what happens where sound is made.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { CompiledProgram } from '../../src/core/program.ts'
import { compile } from '../../src/index.ts'
import type { PlayerStatus, SwapOutcome } from '../../src/runtime/player-types.ts'
import { play } from './host-support.ts'
import { keptWaiting, OVERLOADED, residentMegabytes } from './process-facts.ts'

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url))
const EDITS = 1000
const VARIANTS = 48

/** Constants of Numerical Recipes. */
let state = 20_261_121
function random(below: number): number {
  state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
  return ((state >>> 0) / 2 ** 32) * below
}
const choose = <T>(list: readonly T[]): T => list[Math.floor(random(list.length))]!

function edit(source: string): string {
  if (random(4) < 1) {
    const lines = source.split('\n')
    lines.splice(Math.floor(random(lines.length)), 1)
    return lines.join('\n')
  }
  const numbers = [...source.matchAll(/\d+\.\d+/g)]
  const number = choose(numbers)
  if (!number) return source
  const value = (Number(number[0]) * (0.5 + random(1))).toFixed(4)
  return source.slice(0, number.index) + value + source.slice(number.index + number[0].length)
}

async function makeVariants(): Promise<CompiledProgram[]> {
  const examples = readdirSync(EXAMPLES).filter(name => name.endsWith('.dsp'))
  const programs: CompiledProgram[] = []
  while (programs.length < VARIANTS) {
    const name = choose(examples)
    const result = await compile(edit(readFileSync(EXAMPLES + name, 'utf8')), { filename: EXAMPLES + name })
    if (result.ok && result.program.outputs > 0) programs.push(result.program)
  }
  return programs
}

let programs: CompiledProgram[] = []
let busy: ChildProcess
beforeAll(async () => {
  programs = await makeVariants()
  busy = spawn(process.execPath, ['-e', 'for (;;) {}'], { stdio: 'ignore' })
}, 120_000)
afterAll(() => busy?.kill('SIGKILL'))

test('all are answered, nothing stutters, nothing leaks', { timeout: 240_000 }, async () => {
  const player = await play()
  let status: PlayerStatus | undefined
  const muted: string[] = []
  player.on('status', next => {
    status = next
  })
  player.on('muted', event => muted.push(event.reason))
  const memory: number[] = []
  const refused = new Map<string, number>()
  let restored: SwapOutcome | undefined
  const started = performance.now()
  const waitedBefore = keptWaiting(player.processId!)
  for (let n = 0; n < EDITS; n++) {
    const goBack = restored?.ok && random(10) < 1 ? { restore: restored.snapshot! } : {}
    const outcome = await player.swap(choose(programs), goBack)
    if (!outcome.ok) refused.set(outcome.code, (refused.get(outcome.code) ?? 0) + 1)
    if (outcome.ok && outcome.snapshot !== undefined) restored = outcome
    memory.push(residentMegabytes(player.processId!))
  }
  // Some edits are refused for good reason, such as a filter that becomes unstable. None is lost.
  expect([...refused.keys()].filter(code => code === 'ended' || code === 'invalid')).toEqual([])
  const waited = (keptWaiting(player.processId!) - waitedBefore) / (performance.now() - started)
  // Where the machine does not let the sound run, a few may be its fault.
  expect(status?.underruns).toBeLessThanOrEqual(waited < OVERLOADED ? 0 : EDITS / 50)
  expect(muted).toEqual([])
  // Memory that was given back goes up and down by a tenth; a leak goes up.
  const mean = (from: number, to: number) =>
    memory.slice(from, to).reduce((sum, megabytes) => sum + megabytes, 0) / (to - from)
  const growth = mean(EDITS - 400, EDITS) / mean(100, 500)
  expect(process.platform === 'linux' ? growth : 1).toBeLessThan(1.1)
  expect(await player.stop()).toMatchObject({ reason: 'stopped' })
})
