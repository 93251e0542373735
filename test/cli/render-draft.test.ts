/**
 * A rendering that begins with a draft: going on with the finished program, at whatever block, changes no sample.
 */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { soundDraft } from '../../src/cli/commands/render-draft.ts'
import { compileSource, draftSource } from '../../src/compile.ts'
import type { CompiledProgram } from '../../src/core/program.ts'
import { nodeLoader } from '../../src/node-loader.ts'
import type { Samples } from '../../src/runtime/instance.ts'
import { render } from '../../src/runtime/render.ts'

const EXAMPLES = new URL('../../examples/', import.meta.url).pathname
const FRAMES = 12_000
const [RATE, BLOCK] = [48_000, 128]
/** Of the sound, a block in between. */
const GOES_ON = 4992

const PLAN = {
  output: '-',
  format: { samples: '32f', channels: 2, sampleRate: RATE },
  frames: FRAMES,
  blockSize: BLOCK,
  defaultLength: false,
} as const

/** Differs from frame to frame. */
function fill(position: { at: number }) {
  return (inputs: readonly Samples[], frames: number) => {
    for (const [c, channel] of inputs.entries()) {
      for (let n = 0; n < frames; n++) channel[n] = Math.sin((position.at + n) ** 1.3 + c)
    }
    position.at += frames
  }
}

async function drafted(name: string) {
  const filename = `${EXAMPLES}${name}.dsp`
  const text = readFileSync(filename, 'utf8')
  const options = { ...(await nodeLoader(filename, [])), filename }
  const [draft, whole] = [await draftSource(text, options), await compileSource(text, options)]
  if (!draft.ok || !whole.ok) throw new Error('it does not compile')
  return { draft, whole: whole.program }
}

/** Slow compilers make drafts that are not finished; those that take no time, drafts that are. */
async function play(
  draft: { program: CompiledProgram; finish?: () => Promise<CompiledProgram> },
  slow: boolean,
) {
  let finished = 0
  const finish = async () => {
    finished++
    return draft.finish!()
  }
  const milliseconds = slow ? 1e9 : 0
  const sounding = await soundDraft({
    drafted: { program: draft.program, diagnostics: [], finish, milliseconds },
    plan: PLAN,
    settings: settingsOf(draft.program),
    fill: fill({ at: 0 }),
  })
  const channels = sounding.outputs.map(() => new Float64Array(FRAMES))
  for (let done = 0; done < FRAMES; ) {
    const frames = sounding.blocks.next().value as number
    for (const [c, channel] of sounding.outputs.entries()) channels[c]!.set(channel.subarray(0, frames), done)
    done += frames
    if (done === GOES_ON) await sounding.turn!(done)
  }
  return { channels, finished }
}

/** The first sliders stand elsewhere than at first, and somebody plays. */
function settingsOf({ controls }: CompiledProgram) {
  const of = (...kinds: string[]) => controls.filter(({ kind }) => kinds.includes(kind))
  const sliders = of('hslider', 'vslider').filter(({ min, max, step }) => 4 * step < max - min)
  return [
    ...sliders.slice(0, 2).map(({ address, min, max }) => ({ address, value: (min + 2 * max) / 3 })),
    ...of('button', 'checkbox').map(({ address }) => ({ address, value: 1 })),
  ]
}

test.each(['freeverb', 'fm-bell', 'drum-machine', 'ping-pong-delay', 'granular-texture'])(
  '%s',
  async name => {
    const { draft, whole } = await drafted(name)
    const source = fill({ at: 0 })
    const input = Array.from({ length: whole.inputs }, () => new Float64Array(FRAMES))
    source(input, FRAMES)
    const controls = Object.fromEntries(settingsOf(whole).map(({ address, value }) => [address, value]))
    const expected = await render(whole, {
      sampleRate: RATE,
      frames: FRAMES,
      blockSize: BLOCK,
      input,
      controls,
    })
    for (const slow of [true, false]) {
      const { channels, finished } = await play(draft, slow)
      expect(finished).toBe(slow ? 0 : 1)
      for (const [c, channel] of channels.entries())
        expect(Buffer.compare(bytes(channel), bytes(expected[c]!))).toBe(0)
    }
    expect(expected.some(channel => channel.some(value => value !== 0))).toBe(true)
  },
)

const bytes = ({ buffer }: Samples) => new Uint8Array(buffer as ArrayBuffer)
