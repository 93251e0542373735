/** What tests of the library do again and again. */

import { LibraryError } from '../../src/core/misuse.ts'
import { standardLibrary } from '../../src/core/nodes/index.ts'
import {
  CodeEngine,
  type CodeEngineBackend,
  type DSPFunction,
  DSPNodeContext,
  JIT,
  type ProgramLike,
} from '../../src/library/index.ts'

/** In a context of its own, started. */
export function compiled(program: ProgramLike, sampleRate = 44100): DSPFunction {
  const f = new JIT(standardLibrary(), new DSPNodeContext()).compile(program)
  f.init(sampleRate)
  return f
}

/** Values of the expression in the next frames. */
export function values(f: DSPFunction, frames: number, in1 = 0, in2 = 0): number[] {
  return Array.from({ length: frames }, () => f.exec2in2out(in1, in2)[2])
}

/** Why a call is refused; undefined if it is not. */
export function refusal(act: () => unknown): string | undefined {
  try {
    act()
  } catch (error) {
    if (error instanceof LibraryError) return error.reason
    throw error
  }
  return undefined
}

/** An engine with both sides in this thread. */
export function started(options = {}): { engine: CodeEngine; backend: CodeEngineBackend } {
  const engine = new CodeEngine(options)
  const backend = engine.getBackend()
  backend.setSampleRate(44100)
  return { engine, backend }
}

/** sig1, sig2 and value of the next frame. */
export const next = (backend: CodeEngineBackend) => [...backend.process(0, 0, 0, 0, 0, 0)]
export const value = (backend: CodeEngineBackend) => next(backend)[2]!
