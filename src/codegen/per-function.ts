/**
 * Passes that look at one function at a time, and what they need to know of it.
 *
 * Comes in: a transformation of a function. Goes out: a pass over modules. A module of its own because the functions
 * of codegen/math come back with every program: what was found out about a function is remembered with it.
 */
import type { KernelFunction, KernelModule } from './kernel.ts'
import { profileOf } from './regions.ts'

export { profileOf } from './regions.ts'

/**
 * Functions whose calls may be dropped, moved and repeated: they neither write memory nor read what may be
 * written, and neither does anything they call.
 */
export function pureFunctions(functions: readonly KernelFunction[]): ReadonlySet<string> {
  const known = pure.get(functions)
  if (known) return known
  const impure = new Set<string>()
  // Callees come first as a rule, so that the first round finds all.
  for (let before = -1; before < impure.size; ) {
    before = impure.size
    for (const f of functions) {
      // Nobody calls what the host calls.
      if (f.exported || impure.has(f.name)) continue
      const { calls, touchesMemory } = profileOf(f)
      if (touchesMemory || calls.some(name => impure.has(name))) impure.add(f.name)
    }
  }
  const names = new Set<string>()
  for (const { name, exported } of functions) if (!exported && !impure.has(name)) names.add(name)
  pure.set(functions, names)
  return names
}

const pure = new WeakMap<readonly KernelFunction[], ReadonlySet<string>>()

/** The module with another function of frames; the same if that stays. */
export function inCompute(
  module: KernelModule,
  rewrite: (f: KernelFunction) => KernelFunction,
): KernelModule {
  const at = module.functions.findIndex(f => f.name === 'compute')
  const compute = module.functions[at]
  const rewritten = compute && rewrite(compute)
  return !rewritten || rewritten === compute
    ? module
    : { ...module, functions: module.functions.with(at, rewritten) }
}

export type Transform = (f: KernelFunction, pure: ReadonlySet<string>) => KernelFunction

/** `transform` may ask of other functions only whether they are pure; it gives the same function if nothing changes. */
export function perFunction(transform: Transform): (module: KernelModule) => KernelModule {
  const remembered = new WeakMap<
    KernelFunction,
    { readonly assumed: string; readonly result: KernelFunction }
  >()
  const transformed = (f: KernelFunction, pure: ReadonlySet<string>): KernelFunction => {
    if (f.exported) return transform(f, pure)
    let assumed = ''
    for (const name of profileOf(f).calls) assumed += pure.has(name) ? 'p' : 'i'
    const known = remembered.get(f)
    if (known?.assumed === assumed) return known.result
    const result = transform(f, pure)
    remembered.set(f, { assumed, result })
    return result
  }
  return module => {
    const pure = pureFunctions(module.functions)
    const functions = module.functions.map(f => transformed(f, pure))
    return functions.every((f, i) => f === module.functions[i]) ? module : { ...module, functions }
  }
}
