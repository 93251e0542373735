/**
 * Programs built by hand, or drawn, as programs like those of the language: to render, to play, to send.
 *
 * Comes in: a declaration, or a block program as text. Goes out: a `CompiledProgram` whose controls are the
 * parameters; or diagnostics. Apart from the JIT because here state belongs to the program and not to a context.
 */
import { BlockError } from '../blocks/error.ts'
import { parseBlocks } from '../blocks/json.ts'
import { blockLanguage } from '../blocks/language.ts'
import { lowerBlocks } from '../blocks/lower.ts'
import { emitWat } from '../codegen/emit.ts'
import { generate, type OptimizerOptions, optimizerOptions } from '../codegen/generate.ts'
import { printKernel } from '../codegen/print.ts'
import type { CompileResult } from '../compile.ts'
import type { BufferDeclaration, Core, CoreProgram } from '../core/ast.ts'
import { AstFunction } from '../core/ast-function.ts'
import { assign, stmts } from '../core/build.ts'
import { expandProgram, HIGHEST_SAMPLE_RATE } from '../core/expand.ts'
import { LibraryError, misuse } from '../core/misuse.ts'
import type { NodeLibrary } from '../core/node-library.ts'
import { standardLibrary } from '../core/nodes/index.ts'
import { printCore } from '../core/print.ts'
import type { CompiledProgram, Control, Precision } from '../core/program.ts'
import { namesIn } from '../core/traverse.ts'
import { verifyCore } from '../core/verify.ts'
import type { Diagnostic } from '../diagnostics.ts'
import type { StageResult } from '../emit-stage.ts'
import { checkCalls } from './check-calls.ts'
import { type Declaration, declarationOf, type ProgramDeclaration, type ProgramLike } from './declaration.ts'
import { programFromJson } from './json.ts'
import { lowerProgram } from './lower.ts'

export interface CompileProgramOptions extends OptimizerOptions {
  readonly precision?: Precision
  /** Default: all nodes. */
  readonly library?: NodeLibrary
}

const BUFFER_COUNT = 16
const TABLE_COUNT = 16
const NUMBERED_BUFFER_LENGTH = 16

/**
 * Compiles a program of the builder API. Its parameters become sliders, of the range -1 to 1 where they declare none.
 * Throws a `LibraryError` for what is no program. Nodes that are TypeScript functions are refused: the module has to
 * run by itself.
 */
export async function compileProgram(
  program: ProgramLike,
  { precision = 'double', library = standardLibrary(), ...optimizer }: CompileProgramOptions = {},
): Promise<CompiledProgram> {
  const declaration = declarationOf(program)
  const core = toCore(declaration, library)
  const { wasm, layout } = await generate(core, { precision, ...optimizerOptions(optimizer) })
  const offsets = new Map(layout.cells.map(cell => [cell.id, cell.offset]))
  const controls = declaration.parameters.map((parameter): Control => {
    const { name, range = [-1, 1], unit, doc } = parameter
    const metadata = [...(doc ? [['tooltip', doc] as const] : []), ...(unit ? [['unit', unit] as const] : [])]
    const address = addressOf(declaration, name)
    const [min, max] = range
    const values = { init: parameter.default, min, max, step: (max - min) / 1000 }
    return { kind: 'hslider', address, label: name, ...values, metadata, offset: offsets.get(address)! }
  })
  const items = controls.map((_, control) => ({ kind: 'control', control }) as const)
  return {
    ...{ name: declaration.name, precision, wasm, layout, controls },
    inputs: core.inputs.length,
    outputs: core.outputs.length,
    ui: [{ kind: 'group', group: 'vgroup', label: declaration.name, metadata: [], items }],
    metadata: [['name', declaration.name]],
  }
}

const addressOf = ({ name }: Declaration, parameter: string) => `/${name}/${parameter}`

function toCore(declaration: Declaration, library: NodeLibrary): CoreProgram {
  const lowered = lowerProgram(declaration, { bufferCount: BUFFER_COUNT, tableCount: TABLE_COUNT })
  checkCalls(lowered.program, library, new Map())
  const { program, calls } = expandProgram(lowered.program, {
    find: name => library.get(name),
    sampleRate: HIGHEST_SAMPLE_RATE,
  })
  const host = calls.find(call => call.host !== undefined)
  if (host) throw misuse('callbackAlone', { node: host.type.name })
  const core: CoreProgram = {
    ...program,
    controls: program.controls.map(control => ({ ...control, id: addressOf(declaration, control.id) })),
    buffers: program.buffers.map(buffer => withContents(buffer, declaration, lowered.lengths)),
  }
  const [fault] = verifyCore(core)
  if (fault !== undefined) throw misuse('programInvalid', { fault })
  return core
}

/** Lengths and contents that a context would give. */
function withContents(
  buffer: BufferDeclaration,
  declaration: Declaration,
  lengths: ReadonlyMap<string, number>,
): BufferDeclaration {
  const named = declaration.buffers.find(b => b.name === buffer.name)
  const isNumbered = buffer.name.startsWith('buffer#')
  const preset = named?.length ?? (isNumbered ? NUMBERED_BUFFER_LENGTH : buffer.length)
  const length = lengths.get(buffer.name) ?? preset
  if (!named?.initial) return { ...buffer, length }
  const initial = Array.from(named.initial)
  const values = Array.from({ length }, (_, i) => initial[i] ?? 0)
  return { ...buffer, length, content: { kind: 'values', values } }
}

/**
 * Compiles the snapshot of a block program. Its outputs are `&sig1` and `&sig2` if it sets one of them, else its value.
 * Never rejects for anything that a file can hold.
 */
export async function compileBlocks(
  text: string,
  { name = 'blocks', ...options }: BlockOptions = {},
): Promise<CompileResult> {
  const { library = standardLibrary() } = options
  return diagnosed(async () => {
    const program = await compileProgram(blockPatch(text, name, library), { ...options, library })
    return { ok: true, program, diagnostics: [] }
  })
}

/** What a stage makes of a block program: for `--emit`. */
export async function emitBlocks(
  text: string,
  stage: 'core' | 'kernel' | 'wat',
  { name = 'blocks', precision = 'double', library = standardLibrary(), ...optimizer }: BlockOptions = {},
): Promise<StageResult> {
  return diagnosed(async () => {
    const core = toCore(declarationOf(blockPatch(text, name, library)), library)
    if (stage === 'core') return { ok: true, text: printCore(core) }
    const { kernel } = await generate(core, { precision, ...optimizerOptions(optimizer) })
    return { ok: true, text: stage === 'kernel' ? printKernel(kernel) : await emitWat(kernel) }
  })
}

type BlockOptions = CompileProgramOptions & { readonly name?: string }
type Failed = { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

async function diagnosed<T>(act: () => Promise<T>): Promise<T | Failed> {
  try {
    return await act()
  } catch (error) {
    if (!(error instanceof BlockError || error instanceof LibraryError)) throw error
    return { ok: false, diagnostics: [error.diagnostic] }
  }
}

function blockPatch(text: string, name: string, library: NodeLibrary): ProgramDeclaration {
  const stored = storedProgram(text)
  if (stored instanceof AstFunction) return patchOf(name, stored.ast)
  if (stored) return { name, ...stored }
  return patchOf(name, lowerBlocks(parseBlocks(text), blockLanguage(library)))
}

/** What `programToJson` has made of a program of the builder API, and no snapshot of blocks. */
function storedProgram(text: string): AstFunction | ProgramDeclaration | undefined {
  let data: unknown
  try {
    data = JSON.parse(text)
  } catch {
    return undefined
  }
  const isProgram = typeof data === 'object' && data !== null && 'nodes' in data
  return isProgram ? programFromJson(data) : undefined
}

/** A program of the builder API with its nodes put in, as `--emit=core` shows programs. */
export function printProgram(program: ProgramLike, library = standardLibrary()): string {
  return printCore(toCore(declarationOf(program), library))
}

/** Inputs and parameters are those that it reads. */
function patchOf(name: string, ast: Core): ProgramDeclaration {
  const { assigned, read } = namesIn([ast])
  const isStereo = assigned.has('&sig1') || assigned.has('&sig2')
  const parameters = ['alpha', 'beta', 'delta', 'gamma'].filter(parameter => read.has(parameter))
  return {
    name,
    inputs: read.has('in2') ? ['in1', 'in2'] : read.has('in1') ? ['in1'] : [],
    outputs: isStereo ? ['sig1', 'sig2'] : [],
    parameters: Object.fromEntries(parameters.map(parameter => [parameter, { range: [-1, 1] as const }])),
    ast: isStereo ? stmts([assign('&sig1', 0), assign('&sig2', 0), ast]) : ast,
  }
}
