/**
 * Passes that look at one function at a time, and what they need to know of it.
 *
 * Comes in: a transformation of a function. Goes out: a pass over modules. A module of its own because the functions
 * of codegen/math come back with every program: what was found out about a function is remembered with it.
 */
import type { KernelFunction, KernelModule } from './kernel.ts'
import { everyInstruction } from './regions.ts'

interface Profile {
  /** Instructions, inner regions included. */
  readonly size: number
  /** Names of called functions, one for each call. */
  readonly calls: readonly string[]
  /** It writes memory, or reads what may be written. */
  readonly touchesMemory: boolean
  readonly hasLoop: boolean
}

const profiles = new WeakMap<KernelFunction, Profile>()

export function profileOf(f: KernelFunction): Profile {
  const known = profiles.get(f)
  if (known) return known
  const calls: string[] = []
  let size = 0
  let touchesMemory = false
  let hasLoop = false
  for (const instruction of everyInstruction(f.body)) {
    size++
    if (instruction.kind === 'store') touchesMemory = true
    if (instruction.kind === 'load' && !instruction.constant) touchesMemory = true
    if (instruction.kind === 'call') calls.push(instruction.function)
    if (instruction.kind === 'loop') hasLoop = true
  }
  const profile = { size, calls, touchesMemory, hasLoop }
  profiles.set(f, profile)
  return profile
}

/**
 * Functions whose calls may be dropped, moved and repeated: they neither write memory nor read what may be
 * written, and neither does anything they call.
 */
export function pureFunctions(functions: readonly KernelFunction[]): ReadonlySet<string> {
  const impure = new Set<string>()
  const callers = new Map<string, string[]>()
  for (const f of functions) {
    const { calls, touchesMemory } = profileOf(f)
    if (touchesMemory) impure.add(f.name)
    for (const callee of calls) {
      const list = callers.get(callee)
      if (list) list.push(f.name)
      else callers.set(callee, [f.name])
    }
  }
  // A set visits what is added while it is walked, so this spreads to callers of callers.
  for (const name of impure) for (const caller of callers.get(name) ?? []) impure.add(caller)
  return new Set(functions.map(f => f.name).filter(name => !impure.has(name)))
}

export type Transform = (f: KernelFunction, pure: ReadonlySet<string>) => KernelFunction

/** `transform` may ask of other functions only whether they are pure. */
export function perFunction(transform: Transform): (module: KernelModule) => KernelModule {
  const remembered = new WeakMap<
    KernelFunction,
    { readonly assumed: string; readonly result: KernelFunction }
  >()
  return module => {
    const pure = pureFunctions(module.functions)
    const functions = module.functions.map(f => {
      if (f.exported) return transform(f, pure)
      const assumed = profileOf(f)
        .calls.map(name => (pure.has(name) ? 'p' : 'i'))
        .join('')
      const known = remembered.get(f)
      if (known?.assumed === assumed) return known.result
      const result = transform(f, pure)
      remembered.set(f, { assumed, result })
      return result
    })
    return { ...module, functions }
  }
}
