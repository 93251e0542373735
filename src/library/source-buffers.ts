/**
 * Buffers of a program as buffers of a node.
 *
 * Comes in: a Core program. Goes out: declarations by name, tables that are computed with their values. Apart from
 * source-node.ts because a generator has to run to know them.
 */
import { generateNow } from '../codegen/generate-now.ts'
import type { BufferDeclaration, CoreProgram } from '../core/ast.ts'
import { powerOfTwo } from '../core/layout.ts'
import type { NodeBufferDeclaration } from '../core/node-type.ts'
import { buffersOf, sectionsOf, writtenBuffers } from '../core/traverse.ts'

/** Names of state and buffers of a node have no `/`. */
export const plainName = (id: string): string => id.replaceAll('/', '.')

export function sourceBuffers(core: CoreProgram): Record<string, NodeBufferDeclaration> {
  const written = writtenBuffers(sectionsOf(core))
  const entries = buffersOf(core).map((buffer): [string, NodeBufferDeclaration] => {
    const values = contentOf(buffer)
    // Positions in delay lines are masked.
    const length = buffer.shape === 'delay' ? powerOfTwo(buffer.length) : buffer.length
    return [
      plainName(buffer.name),
      {
        ...{ length, type: buffer.type, readOnly: !written.has(buffer.name) && buffer.shape === 'table' },
        ...(values && { initial: () => values }),
      },
    ]
  })
  return Object.fromEntries(entries)
}

function contentOf({ content, length, type }: BufferDeclaration): readonly number[] | undefined {
  switch (content.kind) {
    case 'zero':
      return undefined
    case 'values':
      return content.values
    case 'generator':
      return run(content.program, length).map(value => (type === 'int' ? Math.trunc(value) : value))
  }
}

/** The first samples of a program without inputs, which does not ask for the sample rate. */
function run(program: CoreProgram, frames: number): number[] {
  const { wasm, layout } = generateNow(program, { precision: 'double' })
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(wasm as BufferSource))
  const { memory, init, compute } = exports as {
    memory: WebAssembly.Memory
    init: (sampleRate: number) => void
    compute: (frames: number) => void
  }
  const missing = Math.ceil((layout.end + 8 * frames - memory.buffer.byteLength) / 65536)
  if (missing > 0) memory.grow(missing)
  init(44100)
  new Int32Array(memory.buffer)[layout.outputPointers / 4] = layout.end
  compute(frames)
  return Array.from(new Float64Array(memory.buffer, layout.end, frames))
}
