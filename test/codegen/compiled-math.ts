/** The whole library of codegen/math, compiled once for the tests of a file. */

import { mathFunctions } from '../../src/codegen/math/index.ts'
import type { Precision } from '../../src/core/program.ts'
import { instantiate } from './run.ts'

export type Compiled = Record<string, (...x: number[]) => number>

export async function compileLibrary(precision: Precision): Promise<Compiled> {
  const functions = [...mathFunctions(precision).values()].map(f => ({ ...f, exported: true }))
  return (await instantiate({ functions, memoryBytes: 0, data: [] })) as unknown as Compiled
}
