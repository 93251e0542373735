/**
 * The library: build a program by hand, compile it, run it, edit it while it runs.
 */
import { literal } from '../core/build.ts'

export { dumpCore } from '../core/dump.ts'

import type { NodeLibrary } from '../core/node-library.ts'
import { standardLibrary } from '../core/nodes/index.ts'
import { DSPNodeContext } from './context.ts'
import type { ProgramLike } from './declaration.ts'
import type { DSPFunction } from './function.ts'
import { JIT } from './jit.ts'

export { NodeLibrary as DSPNodeTypeLibrary } from '../core/node-library.ts'
export { standardLibrary as getStandardLibrary } from '../core/nodes/index.ts'
export type { Channels } from './channels.ts'
export { type CompileProgramOptions, compileBlocks, compileProgram, printProgram } from './compile-program.ts'
export { type Atom, type ContextOptions, DSPNodeContext, type Reference } from './context.ts'
export type { BufferOptions, ParameterDeclaration, ProgramDeclaration, ProgramLike } from './declaration.ts'
export { type BackendLink, CodeEngineBackend } from './engine/backend.ts'
export { CodeEngine, type EngineOptions, type Update, type Upload } from './engine/engine.ts'
export { DSPFunction } from './function.ts'
export type { FunctionImage, StateReport } from './image.ts'
export { JIT } from './jit.ts'
export { type JsonProgram, programFromJson, programToJson } from './json.ts'
export { PROGRAM_SCHEMA } from './json-schema.ts'
export { nodeFromSourceSync, type SourceNodeOptions, type SourceNodeResult } from './source-node.ts'

/** Compiles with all nodes, in a context of its own. */
export function instantCompileAst(program: ProgramLike): { context: DSPNodeContext; function: DSPFunction } {
  const context = new DSPNodeContext()
  return { context, function: new JIT(standardLibrary(), context).compile(program) }
}

/** Computes 0; what an engine runs before the first upload. */
export function getNopFunction(library: NodeLibrary, context: DSPNodeContext): DSPFunction {
  return new JIT(library, context).compile(literal(0))
}
