/**
 * The compiler of the library: one expression in a context to a function.
 *
 * Comes in: a library of nodes, a context and a program. Goes out: a function that can run at once; or a
 * `LibraryError`, and the context is as before. A class like the original's, though it can compile again and again.
 */
import type { Generated } from '../codegen/generate.ts'
import { generateNow } from '../codegen/generate-now.ts'
import { printKernel } from '../codegen/print.ts'
import { type Expansion, expandProgram, RESULTS } from '../core/expand.ts'
import { misuse } from '../core/misuse.ts'
import type { NodeLibrary } from '../core/node-library.ts'
import { verifyCore } from '../core/verify.ts'
import { checkCalls } from './check-calls.ts'
import type { DSPNodeContext } from './context.ts'
import { type Declaration, declarationOf, type ProgramLike } from './declaration.ts'
import { DSPFunction } from './function.ts'
import type { FunctionImage } from './image.ts'
import { type LoweredProgram, lowerProgram } from './lower.ts'
import type { Place } from './places.ts'
import { Placing } from './placing.ts'

/** Frames that `process` hands to the program at once. */
const BLOCK_FRAMES = 256
/** What a program needs for itself besides its saved constants: pointers, and constants of vector instructions. */
const OWN_BYTES = 1024

export class JIT {
  readonly library: NodeLibrary
  readonly context: DSPNodeContext

  constructor(library: NodeLibrary, context: DSPNodeContext) {
    this.library = library
    this.context = context
  }

  compile(program: ProgramLike): DSPFunction {
    const { context } = this
    context.checkAlive()
    const declaration = declarationOf(program)
    const lowered = lowerProgram(declaration, context)
    const nodes = checkCalls(lowered.program, this.library, context.nodes)
    const expansion = withShared(
      context,
      expandProgram(lowered.program, {
        find: name => this.library.get(name),
        sampleRate: context.highestSampleRate,
      }),
    )
    checkIds(expansion)
    const faults = verifyCore(expansion.program)
    if (faults.length > 0) throw misuse('programInvalid', { fault: faults[0]! })
    const placing = new Placing(context)
    try {
      const image = this.build(declaration, lowered, expansion, placing)
      const compiled = new DSPFunction(context, image)
      placing.commit(image, nodes)
      return compiled
    } catch (error) {
      placing.rollBack()
      throw error
    }
  }

  private build(
    declaration: Declaration,
    lowered: LoweredProgram,
    expansion: Expansion,
    placing: Placing,
  ): FunctionImage {
    const { program } = expansion
    const state = placing.placeState(declaration, lowered, expansion)
    const { generated, own } = this.generate(expansion, placing)
    if (this.context.debugEnabled()) this.context.noteIr(printKernel(generated.kernel))
    const { layout, wasm } = generated
    const offsets = new Map(layout.cells.map(cell => [`${cell.kind} ${cell.id}`, cell.offset]))
    const channels = placing.place((program.inputs.length + program.outputs.length) * BLOCK_FRAMES * 8)
    const channel = (i: number) => channels.offset + i * BLOCK_FRAMES * 8
    const outputs = program.outputs.map((_, i) => channel(program.inputs.length + i))
    const passed = lowered.passedThrough.map(name => declaration.outputs.indexOf(name))
    const declared = declaration.inputs.length
    return {
      ...{ declaration, wasm, blockFrames: BLOCK_FRAMES, outputs, passedThrough: passed },
      module: new WebAssembly.Module(wasm as BufferSource),
      places: [own, channels, ...state.places],
      inputPointers: layout.inputPointers,
      outputPointers: layout.outputPointers,
      inputs: program.inputs.map((_, i) => (i < declared ? channel(i) : outputs[passed[i - declared]!]!)),
      parameters: new Map(declaration.parameters.map(p => [p.name, offsets.get(`control ${p.name}`)!])),
      resetFlag: offsets.get('memory $reset'),
      persistent: state.persistent,
      calls: expansion.calls,
      cells: state.cells,
      results: state.cells.find(cell => cell.key === `table ${RESULTS}`),
      updates: state.updates,
      fresh: state.fresh,
      report: state.report,
    }
  }

  /** The program's own memory has to be reserved before its size is known; rarely, it is generated twice. */
  private generate(expansion: Expansion, placing: Placing): { generated: Generated; own: Place } {
    const { memory } = this.context
    const { program } = expansion
    const imported = {
      module: 'host',
      field: 'memory',
      ...(memory.isShared && { sharedMaximum: memory.maximumPages }),
    }
    let bytes = OWN_BYTES + 8 * (program.inputs.length + program.outputs.length + program.controls.length)
    for (;;) {
      const own = placing.place(bytes)
      const generated = generateNow(program, {
        precision: 'double',
        placement: placing.placement(own.offset),
        memory: imported,
      })
      if (generated.layout.end <= own.offset + own.bytes) return { generated, own }
      bytes = 2 * (generated.layout.end - own.offset)
      placing.giveBack(own)
    }
  }
}

/** Memory that nodes share has the length that the context has given it, as the count of atoms. */
function withShared(context: DSPNodeContext, { program, calls }: Expansion): Expansion {
  const buffers = program.buffers.map(buffer => {
    const known = buffer.name.startsWith('$') ? context.cells.get(`table ${buffer.id}`) : undefined
    return known ? { ...buffer, length: known.length } : buffer
  })
  return { calls, program: { ...program, buffers } }
}

function checkIds({ calls }: Expansion): void {
  const seen = new Set<string>()
  for (const { id, type } of calls) {
    if (!type.stateful) continue
    if (seen.has(id)) throw misuse('idTwice', { node: type.name, id })
    seen.add(id)
  }
}
