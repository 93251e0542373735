/**
 * When a draft is finished, and when not: with a player that only writes down what it is asked for.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createDraftPlayer } from '../../src/cli/drafts.ts'
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
  const refused = fakePlayer([{ ok: false, code: 'notANumber', reason: '' }])
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
