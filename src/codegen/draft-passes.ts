/**
 * What a draft needs of the optimiser, and what runs its passes.
 *
 * Comes in: a module as translated, and passes. Goes out: a leaner module that computes the same, bit for bit. Apart from
 * `passes`, which loads all the others: a process that makes a short sound ends before it would need them.
 */
import { poolConstants } from './constant-pool.ts'
import { removeDeadCode } from './dead-code.ts'
import { hoist } from './hoist.ts'
import type { KernelModule } from './kernel.ts'
import { numberValues } from './value-numbering.ts'

export interface Pass {
  readonly name: string
  readonly run: (module: KernelModule) => KernelModule
  /** Runs only if it is asked for: samples change within rounding. */
  readonly isFastMath?: true
}

export const VALUE_NUMBERING: Pass = { name: 'value numbering', run: numberValues }
export const HOISTING: Pass = { name: 'hoisting', run: hoist }
export const DEAD_CODE: Pass = { name: 'dead code', run: removeDeadCode }
export const CONSTANT_POOL: Pass = { name: 'constant pool', run: poolConstants }

/** Those that take little time for what they give. */
export const DRAFT_PASSES: readonly Pass[] = [VALUE_NUMBERING, HOISTING, DEAD_CODE, CONSTANT_POOL]

const AFTER_INLINING = ' after inlining'

export function afterInlining(pass: Pass): Pass {
  return { ...pass, name: pass.name + AFTER_INLINING }
}

/** As it is turned off: a pass that runs twice is one. */
export function baseName(name: string): string {
  return name.replace(AFTER_INLINING, '')
}

/** `inspect` sees the module after each pass that is not disabled. */
export function applyPasses(
  module: KernelModule,
  passes: readonly Pass[],
  disabled: ReadonlySet<string>,
  inspect: (module: KernelModule, pass: string) => void = () => {},
): KernelModule {
  return passes.reduce((current, { name, run }) => {
    if (disabled.has(baseName(name))) return current
    const next = run(current)
    inspect(next, name)
    return next
  }, module)
}

/** Whoever compiles lets others have their turn; rejects to give the work up. */
export type Turn = () => Promise<void>

/** A turn before each pass. */
export async function applyPassesInTurns(
  module: KernelModule,
  passes: readonly Pass[],
  disabled: ReadonlySet<string>,
  turn: Turn,
): Promise<KernelModule> {
  let current = module
  for (const pass of passes) {
    await turn()
    current = applyPasses(current, [pass], disabled)
  }
  return current
}
