/**
 * Our compiler as a machine.
 *
 * Comes in: source text. Goes out: our module as a machine, or our diagnostics. It drives the bare module
 * through its documented layout and not through the runtime, so that a difference is the compiler's.
 */
import { type CompileOptions, compileSource } from '../../src/compile.ts'
import type { CompiledProgram } from '../../src/core/program.ts'
import type { Diagnostic } from '../../src/diagnostics.ts'
import { growTo } from './faust.ts'
import { type Machine, type Recording, record, type Stimulus } from './machine.ts'

export type OurRecording =
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }
  | ({ readonly ok: true; readonly program: CompiledProgram } & Recording)

export interface OurOptions extends CompileOptions {
  readonly sampleRate?: number
  /** Files that `import`, `library` and `component` find, by relative path. */
  readonly files?: Readonly<Record<string, string>>
}

export function compileOurs(source: string, options: OurOptions = {}) {
  const { files = {}, sampleRate: _, ...rest } = options
  const load = (file: string) => {
    const text = Object.hasOwn(files, file) ? files[file] : undefined
    return text === undefined ? undefined : { name: file, text }
  }
  return compileSource(source, { filename: 'process.dsp', precision: 'double', load, ...rest })
}

export async function recordOurs(
  source: string,
  stimulus: Stimulus,
  options: OurOptions = {},
): Promise<OurRecording> {
  const compiled = await compileOurs(source, options)
  if (!compiled.ok) return { ok: false, diagnostics: compiled.diagnostics }
  const machine = await openOurs(compiled.program, options.sampleRate ?? 44_100)
  return { ok: true, program: compiled.program, ...record(machine, stimulus) }
}

interface OurExports {
  readonly memory: WebAssembly.Memory
  readonly init: (sampleRate: number) => void
  readonly compute: (frames: number) => void
}

const LONGEST_BLOCK = 4096

export async function openOurs(program: CompiledProgram, sampleRate: number): Promise<Machine> {
  const { instance } = await WebAssembly.instantiate(program.wasm as BufferSource)
  const code = instance.exports as unknown as OurExports
  const bytes = program.precision === 'double' ? 8 : 4
  const { layout, inputs, outputs, controls } = program
  const buffers = (layout.end + 15) & ~15
  const address = (channel: number) => buffers + channel * LONGEST_BLOCK * bytes
  growTo(code.memory, address(inputs + outputs))
  const view = (at: number, length: number) =>
    bytes === 8
      ? new Float64Array(code.memory.buffer, at, length)
      : new Float32Array(code.memory.buffer, at, length)
  const zone = (control: number) => view(controls[control]!.offset, 1)
  const reset = () => {
    controls.forEach((control, i) => {
      zone(i)[0] = control.init
    })
  }
  reset()
  code.init(sampleRate)
  reset()
  const pointers = (at: number, length: number) => new Int32Array(code.memory.buffer, at, length)
  for (let i = 0; i < inputs; i++) pointers(layout.inputPointers, inputs)[i] = address(i)
  for (let i = 0; i < outputs; i++) pointers(layout.outputPointers, outputs)[i] = address(inputs + i)
  return {
    inputs,
    outputs,
    controls: controls.map(({ kind, address, init, min, max, step }) => ({
      kind,
      address,
      init,
      min,
      max,
      step,
    })),
    get: control => zone(control)[0]!,
    set: (control, value) => {
      zone(control)[0] = value
    },
    process: (samples, frames) => {
      samples.forEach((channel, i) => {
        view(address(i), frames).set(channel)
      })
      code.compute(frames)
      return Array.from({ length: outputs }, (_, i) => Float64Array.from(view(address(inputs + i), frames)))
    },
  }
}
