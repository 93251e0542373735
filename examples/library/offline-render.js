/**
 * A general program, with named inputs, outputs, parameters and buffers, rendered to a WAV file: a plucked string whose
 * loop is a buffer of the program's own.
 *
 *     node examples/library/offline-render.js string.wav
 *
 * Karplus and Strong, "Digital synthesis of plucked-string and drum timbres", 1983: a noise burst runs through a loop
 * of one period and the mean of two neighbouring samples.
 */
import { writeFileSync } from 'node:fs'
import { build, DSPNodeContext, encodeWav, getStandardLibrary, JIT } from 'dspc'

const { assign, bufLen, bufRead, bufReadLin, bufWrite, call, iff, stmts, variable } = build
const { opAdd, opDiv, opGe, opMul, opSub } = build

const SAMPLE_RATE = 44100
const SECONDS = 2

export const string = {
  name: 'string',
  inputs: ['pluck'],
  outputs: ['left', 'right'],
  parameters: {
    frequency: { default: 220, range: [40, 2000], unit: 'Hz' },
    damping: { default: 0.498, range: [0, 0.5] },
  },
  buffers: { line: 2048 },
  ast: stmts([
    // A burst of 10 ms after each pluck.
    assign('burst', call('ad', 1, [variable('pluck'), 0, 0.01])),
    assign('excitation', opMul(variable('burst'), call('noise', 2, []))),
    assign('at', opSub(variable('*position'), opDiv(variable('$srate'), variable('frequency')))),
    assign('mean', opAdd(bufReadLin('line', variable('at')), bufReadLin('line', opSub(variable('at'), 1)))),
    assign('string', opAdd(variable('excitation'), opMul(variable('damping'), variable('mean')))),
    bufWrite('line', variable('*position'), variable('string')),
    assign('&left', opMul(0.3, variable('string'))),
    assign('&right', opMul(0.3, bufRead('line', opSub(variable('*position'), 441)))),
    assign('*position', opAdd(variable('*position'), 1)),
    // The position stays small, so that it stays exact.
    iff(opGe(variable('*position'), bufLen('line')), assign('*position', 0)),
  ]),
}

export function render() {
  const f = new JIT(getStandardLibrary(), new DSPNodeContext()).compile(string)
  f.init(SAMPLE_RATE)
  const frames = SAMPLE_RATE * SECONDS
  const pluck = Float64Array.from({ length: frames }, (_, i) => (i % (SAMPLE_RATE / 2) < 10 ? 1 : 0))
  const channels = [new Float64Array(frames), new Float64Array(frames)]
  const quarter = frames / 4
  // A note every half second.
  for (const [i, frequency] of [220, 277.18, 329.63, 440].entries()) {
    f.setParameter('frequency', frequency)
    const part = list => list.map(channel => channel.subarray(i * quarter, (i + 1) * quarter))
    f.process(part([pluck]), part(channels), quarter)
  }
  return channels
}

export function main(print = console.log, file = process.argv[2]) {
  const channels = render()
  const peak = channels.map(channel => channel.reduce((max, x) => Math.max(max, Math.abs(x)), 0))
  print(`${channels[0].length} frames, peaks ${peak.map(x => x.toFixed(2)).join(' and ')}`)
  if (file === undefined) return
  writeFileSync(file, encodeWav(channels, { sampleRate: SAMPLE_RATE, samples: '24' }))
  print(`written to ${file}`)
}

if (process.argv[1] === import.meta.filename) main()
