/**
 * The node shelf: every node that a new library has, in the order of docs/NODES.md.
 *
 * A module of its own because it is the one place to add a node to, besides its file.
 */
import { NodeLibrary } from '../node-library.ts'
import type { NodeType } from '../node-type.ts'
import { accum } from './accum.ts'
import { adsr } from './adsr.ts'
import { allpass1 } from './allpass-1.ts'
import { allpassDelay } from './allpass-delay.ts'
import { atomRead } from './atom-read.ts'
import { atomReadLinear } from './atom-read-linear.ts'
import { atomWrite } from './atom-write.ts'
import { attackDecay } from './attack-decay.ts'
import { bandpass2 } from './bandpass-2.ts'
import { change } from './change.ts'
import { clip } from './clip.ts'
import { clock } from './clock.ts'
import { comb } from './comb.ts'
import { compressor } from './compressor.ts'
import { count } from './count.ts'
import { crossFade } from './cross-fade.ts'
import { crossFadePower } from './cross-fade-power.ts'
import { crush } from './crush.ts'
import { dcBlock } from './dc-block.ts'
import { decibelToGain } from './decibel-to-gain.ts'
import { decimate } from './decimate.ts'
import { delay } from './delay.ts'
import { delayCubic } from './delay-cubic.ts'
import { delayLinear } from './delay-linear.ts'
import { divide } from './divide.ts'
import { division } from './division.ts'
import { drive } from './drive.ts'
import { dust } from './dust.ts'
import { feedForwardComb } from './feed-forward-comb.ts'
import { fold } from './fold.ts'
import { follower } from './follower.ts'
import { gainToDecibel } from './gain-to-decibel.ts'
import { gate } from './gate.ts'
import { hertzToNote } from './hertz-to-note.ts'
import { highShelf } from './high-shelf.ts'
import { highpass1 } from './highpass-1.ts'
import { highpass2 } from './highpass-2.ts'
import { ladder } from './ladder.ts'
import { lfo } from './lfo.ts'
import { lowShelf } from './low-shelf.ts'
import { lowpass1 } from './lowpass-1.ts'
import { lowpass2 } from './lowpass-2.ts'
import { map } from './map.ts'
import { noise } from './noise.ts'
import { notch } from './notch.ts'
import { noteToHertz } from './note-to-hertz.ts'
import { pan } from './pan.ts'
import { peakEqualiser } from './peak-equaliser.ts'
import { period } from './period.ts'
import { phase } from './phase.ts'
import { pink } from './pink.ts'
import { plate } from './plate.ts'
import { pulse } from './pulse.ts'
import { quantise } from './quantise.ts'
import { ramp } from './ramp.ts'
import { random } from './random.ts'
import { resonator } from './resonator.ts'
import { sampleAndHold } from './sample-and-hold.ts'
import { sampleAndHoldLevel } from './sample-and-hold-level.ts'
import { saw } from './saw.ts'
import { scale } from './scale.ts'
import { sin } from './sin.ts'
import { sine } from './sine.ts'
import { slew } from './slew.ts'
import { smooth } from './smooth.ts'
import { softClip } from './soft-clip.ts'
import { square } from './square.ts'
import { stateVariable } from './state-variable.ts'
import { syncPhase } from './sync-phase.ts'
import { toggle } from './toggle.ts'
import { trackAndHold } from './track-and-hold.ts'
import { trapezoidal1 } from './trapezoidal-1.ts'
import { triangle } from './triangle.ts'
import { trig } from './trig.ts'
import { unitDelay } from './unit-delay.ts'
import { vectorPhase } from './vector-phase.ts'
import { wrap } from './wrap.ts'

export const NODES: readonly NodeType[] = [
  // Those of synfx-dsp-jit, in its order.
  ...[sin, accum, division, phase, atomWrite, atomRead, atomReadLinear, sampleAndHold, sampleAndHoldLevel],
  ...[trig, gate, pulse, change, toggle, divide, count],
  ...[clock, syncPhase, period],
  ...[trackAndHold],
  ...[slew, smooth, ramp],
  ...[
    lowpass1,
    highpass1,
    trapezoidal1,
    allpass1,
    lowpass2,
    highpass2,
    bandpass2,
    notch,
    peakEqualiser,
    lowShelf,
    highShelf,
    stateVariable,
    ladder,
    resonator,
    dcBlock,
  ],
  ...[unitDelay, delay, delayLinear, delayCubic, allpassDelay, comb, feedForwardComb],
  ...[sine, saw, square, triangle, vectorPhase, lfo],
  ...[attackDecay, adsr, follower],
  ...[noise, pink, random, dust],
  ...[drive, softClip, clip, fold, crush, decimate],
  ...[quantise, scale],
  ...[noteToHertz, hertzToNote, decibelToGain, gainToDecibel],
  ...[crossFade, crossFadePower, pan],
  ...[wrap, map],
  ...[compressor, plate],
]

/** A library of its own with all of them, for programs to add to. */
export function standardLibrary(): NodeLibrary {
  return new NodeLibrary(NODES)
}
