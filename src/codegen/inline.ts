/**
 * Puts the bodies of called functions in place of the calls.
 *
 * Comes in: a module. Goes out: one that computes the same, with calls of small functions without loops
 * replaced by copies of their bodies under fresh value numbers, and without the functions nobody calls any
 * more. Engines inline little or nothing across WebAssembly functions, and a call in the sample loop costs
 * more than a short body; the optimiser also sees through it then.
 */
import type { Instruction, KernelFunction, KernelModule, Region, Value } from './kernel.ts'
import { type Nested, runNested } from './nested.ts'
import { profileOf } from './per-function.ts'
import { isRare } from './regions.ts'
import { type Copied, canStandBeside, standBeside } from './side-by-side.ts'
import { ValueMap } from './value-map.ts'

export interface InlineOptions {
  /** Instructions, inner regions included, up to which a function is copied into its callers. */
  readonly calleeLimit?: number
  /** Instructions up to which a caller may grow; engines optimise very long functions badly. */
  readonly callerLimit?: number
}

const CALLEE_LIMIT = 300
const CALLER_LIMIT = 10_000
/** Of that, up to where brief loops are inlined into. */
const BRIEF_PART = 0.3
/** Bodies that stand side by side: more need more registers than there are. */
const MOST_BESIDE = 2

type Call = Extract<Instruction, { kind: 'call' }>

interface Callee {
  readonly function: KernelFunction
  readonly size: number
  readonly standsBeside: boolean
}

interface Inliner {
  readonly callees: ReadonlyMap<string, Callee>
  readonly callerLimit: number
  /** Values without a name keep theirs; otherwise each must have one. */
  readonly othersStay: boolean
  readonly count: {
    /** Instructions of the function being written so far. */
    size: number
    nextId: number
  }
}

/** Callees must come before their callers, so that what is copied has been inlined into already. */
export function inlineCalls(module: KernelModule, options: InlineOptions = {}): KernelModule {
  const { calleeLimit = CALLEE_LIMIT, callerLimit = CALLER_LIMIT } = options
  const callees = new Map<string, Callee>()
  const functions = module.functions.map(f => {
    const inlined = inlineInto(f, callees, callerLimit)
    const size = sizeOf(inlined, calleeLimit)
    if (size !== undefined && inlined.result && !isRare(f.name))
      callees.set(f.name, { function: inlined, size, standsBeside: canStandBeside(inlined) })
    return inlined
  })
  return { ...module, functions: reachable(functions) }
}

/** Number of instructions if the function may be copied: it is small and has no loop. */
function sizeOf(f: KernelFunction, limit: number): number | undefined {
  const { size, hasLoop } = profileOf(f)
  return hasLoop || size > limit ? undefined : size
}

/** What became of a function, and what stood for its calls: the functions of codegen/math come back. */
interface Inlined {
  readonly callees: readonly (KernelFunction | undefined)[]
  readonly callerLimit: number
  readonly result: KernelFunction
}

const remembered = new WeakMap<KernelFunction, Inlined>()

function inlineInto(f: KernelFunction, callees: Inliner['callees'], callerLimit: number): KernelFunction {
  const found = profileOf(f).calls.map(name => callees.get(name)?.function)
  if (!found.some(Boolean)) return f
  const known = remembered.get(f)
  const isSame = known?.callerLimit === callerLimit && found.every((callee, i) => callee === known.callees[i])
  if (isSame) return known.result
  const result = inlineAll(f, callees, callerLimit)
  if (!f.exported) remembered.set(f, { callees: found, callerLimit, result })
  return result
}

function inlineAll(f: KernelFunction, callees: Inliner['callees'], callerLimit: number): KernelFunction {
  const count = { size: profileOf(f).size, nextId: 0 }
  const inliner: Inliner = { callees, callerLimit, count, othersStay: false }
  const parameters = f.parameters.map(p => fresh(inliner, p))
  const names = new ValueMap<Value>(profileOf(f).ids)
  for (const [i, parameter] of f.parameters.entries()) names.set(parameter, parameters[i]!)
  const instructions: Instruction[] = []
  runNested(copyRegion(inliner, f.body, names, instructions))
  return {
    ...f,
    parameters,
    body: { instructions, yields: f.body.yields.map(v => named(inliner, names, v)) },
  }
}

/** What is copied is not inlined into. */
const NOTHING: Inliner['callees'] = new Map()

/** What values become. */
export interface Names {
  get(value: Value): Value | undefined
  set(value: Value, name: Value): unknown
}

/**
 * A copy of a region's instructions. `names` says what values from outside become, if they do not stay, and learns
 * the new ones.
 */
export function copyInstructions(
  region: Region,
  names: Names,
  firstId: number,
): { instructions: Instruction[]; nextId: number } {
  const instructions: Instruction[] = []
  const count = { size: 0, nextId: firstId }
  const inliner = { callees: NOTHING, callerLimit: 0, count, othersStay: true }
  runNested(copyRegion(inliner, region, names, instructions))
  return { instructions, nextId: count.nextId }
}

function fresh(inliner: Inliner, value: Value): Value {
  return { id: inliner.count.nextId++, type: value.type }
}

function named({ othersStay }: Inliner, names: Names, value: Value): Value {
  const name = names.get(value)
  if (!name && othersStay) return value
  if (!name) throw new Error(`internal error: v${value.id} is used before it is defined`)
  return name
}

function namedAll(inliner: Inliner, names: Names, values: readonly Value[]): Value[] {
  const found: Value[] = []
  for (let k = 0; k < values.length; k++) found.push(named(inliner, names, values[k]!))
  return found
}

function define(inliner: Inliner, names: Names, value: Value): Value {
  const name = fresh(inliner, value)
  names.set(value, name)
  return name
}

function* copyRegion(inliner: Inliner, region: Region, names: Names, out: Instruction[]): Nested {
  for (let i = 0; i < region.instructions.length; i++) {
    const instruction = region.instructions[i]!
    const callee = instruction.kind === 'call' ? inliner.callees.get(instruction.function) : undefined
    const group = callee ? callsBeside(inliner, region.instructions, i) : []
    if (group.length > 1) {
      yield copyBeside(inliner, group, names, out)
      i += group.length - 1
    } else if (
      instruction.kind === 'call' &&
      callee &&
      inliner.count.size + callee.size <= inliner.callerLimit
    ) {
      inliner.count.size += callee.size
      yield copyBody(inliner, callee.function, instruction, names, out)
    } else if (instruction.kind === 'if') yield copyIf(inliner, instruction, names, out)
    else if (instruction.kind === 'loop') yield copyLoop(inliner, instruction, names, out)
    else out.push(copySimple(inliner, instruction, names))
  }
}

/** Calls that stand next to each other and do not wait for one another. */
function callsBeside(inliner: Inliner, list: readonly Instruction[], first: number): readonly Call[] {
  const group: Call[] = []
  let size = inliner.count.size
  for (let i = first; i < list.length && group.length < MOST_BESIDE; i++) {
    const call = list[i]!
    const callee = call.kind === 'call' ? inliner.callees.get(call.function) : undefined
    if (call.kind !== 'call' || !callee || !callee.standsBeside) break
    size += callee.size
    if (size > inliner.callerLimit || call.args.some(a => group.some(g => g.result === a))) break
    group.push(call)
  }
  return group
}

function* copyBeside(inliner: Inliner, group: readonly Call[], names: Names, out: Instruction[]): Nested {
  const copies: Copied[] = []
  for (const call of group) {
    const callee = inliner.callees.get(call.function)!
    inliner.count.size += callee.size
    const instructions: Instruction[] = []
    const args = call.args.map(v => named(inliner, names, v))
    yield copyBody(inliner, callee.function, call, names, instructions)
    copies.push({ call: { ...call, args }, instructions, result: named(inliner, names, call.result!) })
  }
  const { instructions, results } = standBeside(copies, type => fresh(inliner, { id: 0, type }))
  out.push(...instructions)
  for (const [i, call] of group.entries()) names.set(call.result!, results[i]!)
}

/** The callee's parameters become the arguments, its result what the caller's value stands for. */
function* copyBody(
  inliner: Inliner,
  callee: KernelFunction,
  call: Extract<Instruction, { kind: 'call' }>,
  names: Names,
  out: Instruction[],
): Nested {
  const inner = new ValueMap<Value>(profileOf(callee).ids)
  for (const [i, parameter] of callee.parameters.entries())
    inner.set(parameter, named(inliner, names, call.args[i]!))
  // What the callee itself calls was considered when it was inlined into.
  yield* copyRegion({ ...inliner, callees: NOTHING }, callee.body, inner, out)
  if (call.result) names.set(call.result, named(inliner, inner, callee.body.yields[0]!))
}

function copySimple(
  inliner: Inliner,
  instruction: Exclude<Instruction, { kind: 'if' | 'loop' }>,
  names: Names,
): Instruction {
  switch (instruction.kind) {
    case 'const':
      return { ...instruction, result: define(inliner, names, instruction.result) }
    case 'op': {
      const copied = namedAll(inliner, names, instruction.args)
      return { ...instruction, args: copied, result: define(inliner, names, instruction.result) }
    }
    case 'load': {
      const address = named(inliner, names, instruction.address)
      return { ...instruction, address, result: define(inliner, names, instruction.result) }
    }
    case 'store': {
      const { address, value } = instruction
      return { ...instruction, address: named(inliner, names, address), value: named(inliner, names, value) }
    }
    case 'call': {
      const copied = namedAll(inliner, names, instruction.args)
      const result = instruction.result && define(inliner, names, instruction.result)
      return { ...instruction, args: copied, result }
    }
  }
}

function* copyIf(
  inliner: Inliner,
  instruction: Extract<Instruction, { kind: 'if' }>,
  names: Names,
  out: Instruction[],
): Nested {
  const condition = named(inliner, names, instruction.condition)
  const branches: Region[] = []
  for (const region of [instruction.thenRegion, instruction.elseRegion]) {
    const instructions: Instruction[] = []
    yield copyRegion(inliner, region, names, instructions)
    branches.push({ instructions, yields: region.yields.map(v => named(inliner, names, v)) })
  }
  const results = instruction.results.map(r => define(inliner, names, r))
  out.push({ ...instruction, condition, results, thenRegion: branches[0]!, elseRegion: branches[1]! })
}

function* copyLoop(
  inliner: Inliner,
  loop: Extract<Instruction, { kind: 'loop' }>,
  names: Names,
  out: Instruction[],
): Nested {
  const initial = loop.initial.map(v => named(inliner, names, v))
  const carried = loop.carried.map(v => define(inliner, names, v))
  const instructions: Instruction[] = []
  // What turns a few times only leaves room to the loops that count.
  const callerLimit = inliner.callerLimit * (loop.isBrief ? BRIEF_PART : 1)
  yield copyRegion({ ...inliner, callerLimit }, loop.body, names, instructions)
  const body = { instructions, yields: loop.body.yields.map(v => named(inliner, names, v)) }
  const condition = named(inliner, names, loop.condition)
  const results = loop.results.map(r => define(inliner, names, r))
  out.push({ ...loop, initial, carried, body, condition, results })
}

/** Exported functions and all that is called from them, in their order. */
function reachable(functions: readonly KernelFunction[]): KernelFunction[] {
  const byName = new Map(functions.map(f => [f.name, f]))
  const needed = new Set(functions.filter(f => f.exported))
  for (const f of needed) {
    for (const name of profileOf(f).calls) {
      const callee = byName.get(name)
      if (callee) needed.add(callee)
    }
  }
  return functions.filter(f => needed.has(f))
}
