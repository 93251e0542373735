/**
 * What random programs are run with: the inputs are multiples of 1/64, so that sums and products of them are
 * exact; see expressions.ts.
 */
import { hash, movingStimulus, type Stimulus } from '../support/machine.ts'

export const fuzzStimulus: Stimulus = {
  ...movingStimulus,
  input: (channel, frame) => Math.floor(hash(channel, frame) * 128 - 64) / 64,
}
