/**
 * The kernel passes in the order in which they run.
 *
 * Comes in: a module as translated. Goes out: a leaner one that computes the same, bit for bit. A list, so that
 * tests and `--verify` can check the module after each pass.
 */
import { groupCalls } from './call-groups.ts'
import {
  afterInlining,
  applyPasses,
  baseName,
  CONSTANT_POOL,
  DEAD_CODE,
  HOISTING,
  type Pass,
  VALUE_NUMBERING,
} from './draft-passes.ts'
import { divideFrames } from './frames.ts'
import { fuseMultiplyAdd, hasRelaxedVectors } from './fuse.ts'
import { fuseLoops } from './fusion.ts'
import { inlineCalls } from './inline.ts'
import { interleave } from './interleave.ts'
import type { KernelModule } from './kernel.ts'
import { computeInPairs } from './pairs.ts'
import { reassociate } from './reassociate.ts'
import { roundInLanes } from './roundings.ts'
import { skewCascades } from './skew.ts'
import { sliceLoops } from './slices.ts'
import { transposeFrames } from './transpose.ts'
import { truthsInLanes } from './truths.ts'
import { guessWraps } from './wraps.ts'

/** Division tries what comes after it on both ways; what became of the better one is not computed again. */
function remembering(run: Pass['run']): Pass['run'] {
  const results = new WeakMap<KernelModule, KernelModule>()
  return module => {
    const known = results.get(module)
    if (known) return known
    const result = run(module)
    results.set(module, result)
    return result
  }
}

const skew = remembering(module => skewCascades(module))
const pair = remembering(module => computeInPairs(module))
const transpose = remembering(module => transposeFrames(module))
const fuse = remembering(module => fuseLoops(module))
/** What becomes of loops after they are divided, or not. */
const inLanes = (module: KernelModule): KernelModule => groupCalls(fuse(transpose(pair(skew(module)))))

/** Before inlining a call is one instruction, which is cheap to share and to move; after it, its parts are. */
export const PASSES: readonly Pass[] = [
  VALUE_NUMBERING,
  HOISTING,
  { name: 'reassociation', run: reassociate, isFastMath: true },
  DEAD_CODE,
  { name: 'fission', run: module => divideFrames(module, { later: inLanes }) },
  { name: 'skew', run: skew },
  { name: 'pairs', run: pair },
  { name: 'transposition', run: transpose },
  { name: 'fusion', run: fuse },
  { name: 'slices', run: module => sliceLoops(module) },
  { name: 'grouping', run: groupCalls },
  { name: 'wraps', run: guessWraps },
  { name: 'inlining', run: module => inlineCalls(module) },
  afterInlining(VALUE_NUMBERING),
  afterInlining(HOISTING),
  { name: 'fused multiply-add', run: fuseMultiplyAdd, isFastMath: true },
  afterInlining(DEAD_CODE),
  { name: 'truths', run: truthsInLanes },
  { name: 'roundings', run: module => roundInLanes(module) },
  CONSTANT_POOL,
  { name: 'interleaving', run: module => interleave(module) },
]

/** What can be turned off: a pass that runs twice is one. */
export const PASS_NAMES: readonly string[] = [...new Set(PASSES.map(pass => baseName(pass.name)))]

/** Passes that change samples within rounding: all, or those that this engine has no instructions for. */
const NOT_FAST: ReadonlySet<string> = new Set(PASSES.filter(p => p.isFastMath).map(p => p.name))
const NEEDS_RELAXED = new Set(['fused multiply-add'])

/** What does not run besides what is turned off by name. */
export function passesLeftOut(fastMath: boolean): ReadonlySet<string> {
  if (!fastMath) return NOT_FAST
  return hasRelaxedVectors() ? new Set() : NEEDS_RELAXED
}

/** `inspect` sees the module after each pass that is not disabled. */
export function runPasses(
  module: KernelModule,
  inspect?: (module: KernelModule, pass: string) => void,
  disabled: ReadonlySet<string> = NOT_FAST,
  passes: readonly Pass[] = PASSES,
): KernelModule {
  return applyPasses(module, passes, disabled, inspect)
}
