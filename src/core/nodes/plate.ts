/**
 * `plate`: the plate reverb of J. Dattorro, Effect Design, Part 1 (JAES 45, 1997), figure 1 and tables 1 and 2.
 *
 * Mean of both inputs → predelay → low-pass (bandwidth) → four all-pass diffusers → a figure of eight of two equal
 * halves, each: all-pass with a moving delay, delay, low-pass (damping), decay, all-pass, delay, decay. Seven taps
 * of the other half's lines make each output. Lengths are samples at 29761 Hz, scaled to the sample rate.
 *
 * An all-pass here is v = x - g d, y = d + g v, with d the value v of `length` samples ago.
 */
import type { Core } from '../ast.ts'
import { type Operand, opAdd, opDiv, opMul, opSub, prim } from '../build.ts'
import { clamp } from '../expressions.ts'
import { type BufferHandle, defineNode } from '../node-type.ts'
import { POSITION, type Ring, readLinear, ring, ringLength } from './ring.ts'
import { type Steps, steps } from './steps.ts'

type Variable = Core & { readonly kind: 'variable' }

const REFERENCE_RATE = 29_761
const LONGEST_PREDELAY_SECONDS = 0.5
const TAP_GAIN = 0.6
/** Peak of the moving delays, in samples of the reference rate. */
const EXCURSION = 16
const LFO_HERTZ = 1

const DIFFUSERS = [
  ['diffuser1', 142, 0.75],
  ['diffuser2', 107, 0.75],
  ['diffuser3', 379, 0.625],
  ['diffuser4', 277, 0.625],
] as const
const DECAY_DIFFUSION_1 = 0.7
const DECAY_DIFFUSION_2 = 0.5

const HALVES = [
  { moving: ['moving1', 672], first: ['first1', 4453], allpass: ['allpass1', 1800], last: ['last1', 3720] },
  { moving: ['moving2', 908], first: ['first2', 4217], allpass: ['allpass2', 2656], last: ['last2', 3163] },
] as const

type LineName =
  | 'predelay'
  | (typeof DIFFUSERS)[number][0]
  | (typeof HALVES)[number]['moving' | 'first' | 'allpass' | 'last'][0]

/** Line, samples at the reference rate, sign. */
type Tap = readonly [line: LineName, at: number, sign: 1 | -1]

const LEFT: readonly Tap[] = [
  ['first2', 266, 1],
  ['first2', 2974, 1],
  ['allpass2', 1913, -1],
  ['last2', 1996, 1],
  ['first1', 1990, -1],
  ['allpass1', 187, -1],
  ['last1', 1066, -1],
]
const RIGHT: readonly Tap[] = [
  ['first1', 353, 1],
  ['first1', 3627, 1],
  ['allpass1', 1228, -1],
  ['last1', 2673, 1],
  ['first2', 2111, -1],
  ['allpass2', 335, -1],
  ['last2', 121, -1],
]

/** Room for `samples` of the reference rate and the excursion. */
const line = (samples: number) => ({
  length: ({ sampleRate }: { readonly sampleRate: number }) =>
    ringLength({ sampleRate, constants: { max: (samples + 2 * EXCURSION) / REFERENCE_RATE } }),
})

export const plate = defineNode({
  name: 'plate',
  category: 'reverb',
  doc: 'A plate reverb in stereo. The outputs are the reverb alone.',
  inputs: {
    left: { doc: 'The signal.' },
    right: { doc: 'Its other channel.', default: 0 },
    decay: { doc: 'How much comes round again.', range: [0, 0.999], default: 0.5 },
    damping: { doc: 'How much the highs lose at each turn.', range: [0, 1], default: 0.0005 },
    bandwidth: { doc: 'How much of the highs goes in.', range: [0, 1], default: 0.9995 },
    predelay: { doc: 'Before it begins.', unit: 's', range: [0, LONGEST_PREDELAY_SECONDS], default: 0 },
  },
  outputs: { left: { doc: 'Left loudspeaker.' }, right: { doc: 'Right loudspeaker.' } },
  state: {
    position: POSITION,
    bright: { doc: 'Low-pass of the input.' },
    damp1: { doc: 'Low-pass of the first half.' },
    damp2: { doc: 'Low-pass of the second half.' },
    lfo: { doc: 'Phase of the movement, in turns.' },
  },
  buffers: {
    predelay: line(LONGEST_PREDELAY_SECONDS * REFERENCE_RATE),
    ...{ diffuser1: line(142), diffuser2: line(107), diffuser3: line(379), diffuser4: line(277) },
    ...{ moving1: line(672), first1: line(4453), allpass1: line(1800), last1: line(3720) },
    ...{ moving2: line(908), first2: line(4217), allpass2: line(2656), last2: line(3163) },
  },
  process({ inputs, state, buffers, sampleRate, samplePeriod }) {
    const all = steps()
    const plan = new Plate(all, state.position, buffers, sampleRate)
    const diffused = plan.diffuse(inputs, state.bright)
    const decay = all.local('decay', clamp(inputs.decay, 0, 0.9999))
    const damping = all.local('damping', clamp(inputs.damping, 0, 1))
    const angle = all.local('angle', opMul(2 * Math.PI, state.lfo))
    const next = all.local('turn', opAdd(state.lfo, opMul(LFO_HERTZ, samplePeriod)))
    all.set(state.lfo, opSub(next, prim.floor(next)))
    const ends = HALVES.map((half, i) => plan.end(half.last, `end${i}`))
    plan.half(0, opAdd(diffused, opMul(decay, ends[1]!)), prim.sin(angle), state.damp1, { decay, damping })
    plan.half(1, opAdd(diffused, opMul(decay, ends[0]!)), prim.cos(angle), state.damp2, { decay, damping })
    const left = all.local('outLeft', plan.taps(LEFT))
    const right = all.local('outRight', plan.taps(RIGHT))
    all.set(state.position, prim.add(state.position, prim.int(1)))
    return { run: all.run, outputs: [left, right] }
  },
})

interface PlateInputs {
  readonly left: Variable
  readonly right: Variable
  readonly bandwidth: Variable
  readonly predelay: Variable
}

/** Writes the steps of the network; one object for the lines, which all parts share. */
class Plate {
  private readonly all: Steps
  private readonly rings: ReadonlyMap<string, Ring>
  private readonly sampleRate: Variable
  private readonly perReference: Variable

  constructor(
    all: Steps,
    position: Variable,
    buffers: Readonly<Record<LineName, BufferHandle>>,
    rate: Variable,
  ) {
    this.all = all
    this.sampleRate = rate
    this.rings = new Map(Object.entries(buffers).map(([name, buffer]) => [name, ring(buffer, position)]))
    this.perReference = all.local('perReference', opDiv(rate, REFERENCE_RATE))
  }

  private ring(name: LineName): Ring {
    return this.rings.get(name)!
  }

  /** Samples of the reference rate as whole samples. */
  private samples(reference: number): Core {
    return prim.floor(opAdd(opMul(reference, this.perReference), 0.5))
  }

  diffuse(inputs: PlateInputs, bright: Variable): Core {
    const { local, set, step } = this.all
    const before = this.ring('predelay')
    step(before.write(opMul(0.5, opAdd(inputs.left, inputs.right))))
    const seconds = clamp(inputs.predelay, 0, LONGEST_PREDELAY_SECONDS)
    const distance = prim.floor(opAdd(opMul(seconds, this.sampleRate), 0.5))
    const start = local('start', before.at(distance))
    const width = clamp(inputs.bandwidth, 0, 1)
    set(bright, opAdd(bright, opMul(width, opSub(start, bright))))
    let signal: Core = bright
    for (const [name, length, gain] of DIFFUSERS) {
      signal = this.allpass(name, signal, this.ring(name).at(this.samples(length)), gain)
    }
    return signal
  }

  private allpass(name: LineName, input: Core, late: Core, gain: number): Core {
    const { local, step } = this.all
    const d = local(`${name}Late`, late)
    const v = local(`${name}In`, opSub(input, opMul(gain, d)))
    step(this.ring(name).write(v))
    return local(`${name}Out`, opAdd(d, opMul(gain, v)))
  }

  /** What leaves the last line of a half; read before this sample is written. */
  end([name, length]: readonly [LineName, number], label: string): Variable {
    return this.all.local(label, this.ring(name).at(this.samples(length)))
  }

  half(
    index: 0 | 1,
    input: Core,
    sway: Core,
    damp: Variable,
    { decay, damping }: { readonly decay: Operand; readonly damping: Variable },
  ): void {
    const { local, set, step } = this.all
    const { moving, first, allpass, last } = HALVES[index]
    const length = opMul(opAdd(moving[1], opMul(EXCURSION, sway)), this.perReference)
    const distance = local(`${moving[0]}Length`, prim.max(1, length))
    const late = readLinear(this.ring(moving[0]), distance, this.all)
    const spread = this.allpass(moving[0], input, late, -DECAY_DIFFUSION_1)
    const delayed = local(`${first[0]}Out`, this.ring(first[0]).at(this.samples(first[1])))
    step(this.ring(first[0]).write(spread))
    set(damp, opAdd(delayed, opMul(damping, opSub(damp, delayed))))
    const inner = this.ring(allpass[0]).at(this.samples(allpass[1]))
    step(this.ring(last[0]).write(this.allpass(allpass[0], opMul(decay, damp), inner, DECAY_DIFFUSION_2)))
  }

  taps(taps: readonly Tap[]): Core {
    return taps.reduce<Core | number>((sum, [name, at, sign]) => {
      const tap = this.ring(name).at(this.samples(at))
      return opAdd(sum, opMul(sign * TAP_GAIN, tap))
    }, 0) as Core
  }
}
