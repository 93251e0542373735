/**
 * Small programs made by hand from WebAssembly text, so that the runtime is tested without the compiler.
 */
import binaryen from 'binaryen'
import type { CompiledProgram, Control, Precision } from '../../src/core/program.ts'

export function control(partial: Partial<Control> & Pick<Control, 'address' | 'offset'>): Control {
  const label = partial.address.replace(/^.*\//, '')
  return { kind: 'hslider', label, init: 0, min: 0, max: 1, step: 0.01, metadata: [], ...partial }
}

/** Memory map of all hand-made programs: state below 64, controls from 64, then the pointer tables. */
export const STATE = 0
export const CONTROLS = 64
const INPUT_POINTERS = 256
const OUTPUT_POINTERS = 288
const END = 320

interface Parts {
  readonly inputs?: number
  readonly outputs?: number
  readonly controls?: readonly Control[]
  readonly precision?: Precision
  /** Body of `init`; `$sampleRate` is its parameter. */
  readonly init?: string
  /** Runs once a frame; `(call $in (i32.const 0))`, `(call $out (i32.const 0) value)`, `$n` is the frame. */
  readonly frame: string
  readonly data?: string
}

export function makeProgram(parts: Parts): CompiledProgram {
  const { inputs = 0, outputs = 1, controls = [], precision = 'double', init = '', frame, data = '' } = parts
  const [real, bytes] = precision === 'double' ? ['f64', 8] : ['f32', 4]
  const place = (pointers: number) =>
    `(i32.add (i32.load (i32.add (i32.const ${pointers}) (i32.mul (local.get $channel) (i32.const 4))))
              (i32.mul (global.get $n) (i32.const ${bytes})))`
  const text = `(module
    (memory (export "memory") 1)
    ${data}
    (global $n (mut i32) (i32.const 0))
    (func $in (param $channel i32) (result ${real}) (${real}.load ${place(INPUT_POINTERS)}))
    (func $out (param $channel i32) (param $value ${real})
      (${real}.store ${place(OUTPUT_POINTERS)} (local.get $value)))
    (func (export "init") (param $sampleRate f64) ${init})
    (func (export "compute") (param $frames i32)
      (global.set $n (i32.const 0))
      (loop $next
        ${frame}
        (global.set $n (i32.add (global.get $n) (i32.const 1)))
        (br_if $next (i32.lt_s (global.get $n) (local.get $frames))))))`
  const module = binaryen.parseText(text)
  if (!module.validate()) throw new Error('hand-made program is not valid')
  const wasm = module.emitBinary()
  module.dispose()
  return {
    name: 'hand',
    precision,
    wasm,
    inputs,
    outputs,
    controls,
    ui: [],
    metadata: [],
    layout: { cells: [], inputPointers: INPUT_POINTERS, outputPointers: OUTPUT_POINTERS, end: END },
  }
}

/** y = x · gain. */
export function gain(precision: Precision = 'double'): CompiledProgram {
  const real = precision === 'double' ? 'f64' : 'f32'
  return makeProgram({
    inputs: 1,
    precision,
    controls: [control({ address: '/amp/gain', offset: CONTROLS, init: 0.5, max: 2 })],
    frame: `(call $out (i32.const 0)
      (${real}.mul (call $in (i32.const 0)) (${real}.load (i32.const ${CONTROLS}))))`,
  })
}

/** y[n] = n + 1, counted in memory from the value 7 in a data segment minus 7; a meter holds the last value. */
export function counter(): CompiledProgram {
  const add = `(f64.add (f64.load (i32.const ${STATE})) (f64.const 1))`
  return makeProgram({
    controls: [
      control({ address: '/meter', offset: CONTROLS, kind: 'hbargraph', max: 1000 }),
      control({ address: '/start', offset: CONTROLS + 8, init: 3, max: 10 }),
    ],
    // 40 00 … is 2.0: what counts must start from the data segment again after a reset.
    data: `(data (i32.const ${STATE}) "\\00\\00\\00\\00\\00\\00\\00\\40")`,
    frame: `(f64.store (i32.const ${STATE}) ${add})
      (f64.store (i32.const ${CONTROLS}) (f64.load (i32.const ${STATE})))
      (call $out (i32.const 0) (f64.load (i32.const ${STATE})))`,
  })
}
