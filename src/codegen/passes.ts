/**
 * The kernel passes in the order in which they run.
 *
 * Comes in: a module as translated. Goes out: a leaner one that computes the same, bit for bit. A list, so that
 * tests and `--verify` can check the module after each pass.
 */
import { poolConstants } from './constant-pool.ts'
import { removeDeadCode } from './dead-code.ts'
import { hoist } from './hoist.ts'
import type { KernelModule } from './kernel.ts'
import { numberValues } from './value-numbering.ts'

export interface Pass {
  readonly name: string
  readonly run: (module: KernelModule) => KernelModule
}

export const PASSES: readonly Pass[] = [
  { name: 'value numbering', run: numberValues },
  { name: 'hoisting', run: hoist },
  { name: 'dead code', run: removeDeadCode },
  { name: 'constant pool', run: poolConstants },
]

/** `inspect` sees the module after each pass. */
export function runPasses(
  module: KernelModule,
  inspect: (module: KernelModule, pass: string) => void = () => {},
): KernelModule {
  return PASSES.reduce((current, { name, run }) => {
    const next = run(current)
    inspect(next, name)
    return next
  }, module)
}
