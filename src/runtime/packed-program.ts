/**
 * A compiled program on its way between threads and to the audio host.
 *
 * Comes in: a program. Goes out: the same with everything but its code as bytes, and back. A stage of its own because what
 * describes a program is two hundred small objects, which take longer to copy than its code to translate, and it passes
 * two threads that need none of them before they have handed it on.
 */
import { deserialize, serialize } from 'node:v8'
import type { CompiledProgram } from '../core/program.ts'

type Description = Omit<CompiledProgram, 'wasm' | 'inputs' | 'outputs'>

/** Plain data. */
export interface PackedProgram extends Pick<CompiledProgram, 'wasm' | 'inputs' | 'outputs'> {
  /** The rest, as the structured clone algorithm writes it. */
  readonly description: Uint8Array
}

const packedForms = new WeakMap<CompiledProgram, PackedProgram>()

/** Without methods, which cannot be sent. */
export function packProgram(program: CompiledProgram): PackedProgram {
  const known = packedForms.get(program)
  if (known) return known
  const { wasm, inputs, outputs, name, precision, controls, ui, metadata, layout } = program
  const description: Description = { name, precision, controls, ui, metadata, layout }
  return { wasm, inputs, outputs, description: serialize(description) }
}

/** Reads the description when somebody asks for something of it. To pack the result again costs nothing. */
export function unpackProgram(packed: PackedProgram): CompiledProgram {
  const { wasm, inputs, outputs } = packed
  let read: Description | undefined
  const description = () => (read ??= deserialize(packed.description) as Description)
  const program: CompiledProgram = {
    wasm,
    inputs,
    outputs,
    get name() {
      return description().name
    },
    get precision() {
      return description().precision
    },
    get controls() {
      return description().controls
    },
    get ui() {
      return description().ui
    },
    get metadata() {
      return description().metadata
    },
    get layout() {
      return description().layout
    },
  }
  packedForms.set(program, packed)
  return program
}
