/**
 * When a draft is finished, and when not: with a player that only writes down what it is asked for.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { abortable, createDraftPlayer } from '../../src/cli/drafts.ts'
import type { CompiledProgram } from '../../src/core/program.ts'
import type { EndedEvent, Player, SwapOptions, SwapOutcome } from '../../src/runtime/player-types.ts'
import { outcome } from './session-support.ts'

const named = (name: string) => ({ name }) as CompiledProgram
const [draft, fast] = [named('draft'), named('fast')]
/** More than a draft waits until it is finished. */
const LATER_MS = 60

function fakePlayer(answers: readonly SwapOutcome[]) {
  const asked: [name: string, options: SwapOptions][] = []
  let end: (event: EndedEvent) => void = () => {}
  const player = {
    swap: async (program: CompiledProgram, options: SwapOptions) => {
      asked.push([program.name, options])
      return answers[asked.length - 1]!
    },
    on: (_: string, listener: typeof end) => {
      end = listener
      return () => {}
    },
  } as unknown as Player
  return { asked, drafts: createDraftPlayer(player), end: () => end({ reason: 'stopped' }) }
}

const good = outcome(undefined)
const bad: SwapOutcome = { ok: false, code: 'notANumber', reason: '' }
const finish = async () => fast

test('the finished program follows the draft, under its number', async () => {
  const { asked, drafts } = fakePlayer([good, good])
  expect(await drafts.swap(draft, { finish }, { audition: true })).toBe(good)
  expect(asked).toEqual([['draft', { audition: true, draft: true }]])
  await sleep(LATER_MS)
  expect(asked.slice(1)).toEqual([['fast', { finishes: 1, audition: false }]])
})

test('a draft that is too expensive is finished at once', async () => {
  const expensive: SwapOutcome = { ok: false, code: 'tooExpensive', reason: '' }
  const { asked, drafts } = fakePlayer([expensive, good])
  expect(await drafts.swap(draft, { finish }, {})).toBe(good)
  await sleep(LATER_MS)
  expect(asked).toEqual([
    ['draft', { draft: true }],
    ['fast', {}],
  ])
})

test('nothing is finished that was refused, replaced, or is over', async () => {
  const refused = fakePlayer([bad])
  await refused.drafts.swap(draft, { finish }, {})
  const replaced = fakePlayer([good, good])
  await replaced.drafts.swap(draft, { finish }, {})
  await replaced.drafts.swap(named('next'), {}, {})
  const over = fakePlayer([good])
  await over.drafts.swap(draft, { finish }, {})
  over.end()
  await sleep(LATER_MS)
  expect([refused, replaced, over].map(({ asked }) => asked.length)).toEqual([1, 2, 1])
})

test('what cannot be finished is heard as it is', async () => {
  const { asked, drafts } = fakePlayer([good, good])
  await drafts.swap(draft, { finish: () => Promise.reject(new Error('no')) }, {})
  await sleep(LATER_MS)
  expect(asked).toHaveLength(1)
})

test('what plays is finished after the next one was refused', async () => {
  const { asked, drafts } = fakePlayer([good, bad, good])
  await drafts.swap(draft, { finish }, {})
  expect(await drafts.swap(named('next'), { finish: async () => named('never') }, {})).toBe(bad)
  await sleep(LATER_MS)
  expect(asked.map(([name]) => name)).toEqual(['draft', 'next', 'fast'])
  expect(asked[2]![1]).toMatchObject({ finishes: 1 })
})

test('finishing gives way to the next one', async () => {
  const { asked, drafts } = fakePlayer([good, good])
  let signal: AbortSignal | undefined
  const slow = (given?: AbortSignal) => {
    signal = given
    return new Promise<CompiledProgram>(resolve => setTimeout(resolve, LATER_MS, fast))
  }
  await drafts.swap(draft, { finish: slow }, {})
  await sleep(LATER_MS / 2)
  expect(signal!.aborted).toBe(false)
  await drafts.swap(named('next'), {}, {})
  expect(signal!.aborted).toBe(true)
  await sleep(2 * LATER_MS)
  expect(asked.map(([name]) => name)).toEqual(['draft', 'next'])
})

test('whoever finishes is interrupted between two steps', async () => {
  const steps: string[] = []
  const finishing = abortable(async turn => {
    for (const step of ['a', 'b', 'c']) {
      await turn!()
      steps.push(step)
      if (step === 'b') abort.abort()
    }
    return fast
  })!
  const abort = new AbortController()
  await expect(finishing(abort.signal)).rejects.toThrow()
  expect(steps).toEqual(['a', 'b'])
})
