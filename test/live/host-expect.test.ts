/**
 * A swap that was announced is the same as one that was not: its rehearsal goes on from what plays, however long ago
 * it was announced and whatever came in between.
 */
import { describe, expect, test } from 'vitest'
import type { LocalPlayer } from '../../src/runtime/player.ts'
import { passes, play, program, swapIn } from './host-support.ts'

/** A sum that grows fast, but is not let out; and one that is, and would be loud if it went on from there. */
const playing = (gain: number) => `acc = 1000 : (+~_); process = acc * ${gain};`
const QUIET = playing(1e-11)
const LOUD = 'acc = 1 : (+~_); process = acc * 0.00002;'

async function playSum(): Promise<LocalPlayer> {
  const player = await play()
  await swapIn(player, QUIET)
  await passes(player, 0.2)
  return player
}

type Announce = (player: LocalPlayer) => unknown

const ANNOUNCED: readonly (readonly [string, Announce])[] = [
  ['not', () => {}],
  ['in the same moment', player => player.expect()],
  [
    'a little before',
    async player => {
      player.expect()
      await passes(player, 0.1)
    },
  ],
  [
    'again and again',
    async player => {
      for (let i = 0; i < 5; i++) player.expect()
      await passes(player, 0.1)
      player.expect()
      player.expect()
    },
  ],
  [
    'a while before',
    async player => {
      player.expect()
      await passes(player, 0.7)
    },
  ],
  [
    'so long ago that it is forgotten, and again',
    async player => {
      player.expect()
      await passes(player, 1.3)
      player.expect()
    },
  ],
  [
    'for a program that another one went before',
    async player => {
      player.expect()
      await swapIn(player, playing(2e-11))
    },
  ],
]

describe('a swap announced', () => {
  test.each(ANNOUNCED)('%s', async (_, announce) => {
    const player = await playSum()
    await announce(player)
    const fine = await swapIn(player, playing(3e-11))
    expect([fine.anew, fine.report.kept.length, fine.report.fresh]).toEqual([undefined, 1, []])
    await announce(player)
    const outcome = await swapIn(player, LOUD)
    expect(outcome.anew).toBe('its output would be more than 40 dB above full scale after 0 ms')
  })

  test('before anything plays', async () => {
    const player = await play()
    player.expect()
    expect(await player.swap(await program(QUIET))).toMatchObject({ ok: true })
  })

  test('by what is not heard in advance', async () => {
    const player = await playSum()
    player.expect()
    const first = await swapIn(player, playing(2e-11), { audition: false })
    player.expect()
    expect(await swapIn(player, playing(3e-11), { restore: first.snapshot! })).toMatchObject({ ok: true })
    player.expect()
    const { report } = await swapIn(player, playing(4e-11), { fresh: true })
    expect(report.kept).toEqual([])
  })
})
