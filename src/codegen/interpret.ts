/**
 * Runs kernel functions in JavaScript, with the results that the emitted WebAssembly would give.
 *
 * Comes in: functions by name, one of them to call, its arguments and a memory. Goes out: the result. It folds
 * constants at compile time with the very functions that the program would call, and it is the reference that
 * the emitter is tested against. A function is turned into closures once, then run many times.
 */
import { assertNever } from '../source.ts'
import { computeOf } from './interpret-op.ts'
import { vectorComputeOf } from './interpret-vector.ts'
import type { Instruction, KernelFunction, KernelType, Region, Value } from './kernel.ts'

export type Functions = ReadonlyMap<string, KernelFunction>
export type Scalar = number | bigint

/** Values of one activation, by value id. */
type Frame = Scalar[]

interface Machine {
  readonly functions: Functions
  readonly memory: DataView
}

type Action = (frame: Frame, machine: Machine) => void

interface Runnable {
  readonly parameters: readonly Value[]
  readonly run: Action
  readonly result: Value | undefined
}

const prepared = new WeakMap<KernelFunction, Runnable>()

/** `memory` may be left out for functions that do not touch it. */
export function interpretFunction(
  functions: Functions,
  name: string,
  args: readonly Scalar[],
  memory: ArrayBuffer = new ArrayBuffer(0),
): Scalar | undefined {
  return invoke({ functions, memory: new DataView(memory) }, name, args)
}

function invoke(machine: Machine, name: string, args: readonly Scalar[]): Scalar | undefined {
  const f = machine.functions.get(name)
  if (!f) throw new Error(`internal error: no function ${name}`)
  let runnable = prepared.get(f)
  if (!runnable) prepared.set(f, (runnable = prepare(f)))
  const frame: Frame = []
  runnable.parameters.forEach((parameter, i) => {
    frame[parameter.id] = bring(parameter.type, args[i]!)
  })
  runnable.run(frame, machine)
  return runnable.result && frame[runnable.result.id]
}

function prepare(f: KernelFunction): Runnable {
  return { parameters: f.parameters, run: prepareRegion(f.body), result: f.result && f.body.yields[0] }
}

/** A number as it is held: rounded for f32, wrapped for integers. */
function bring(type: KernelType, value: Scalar): Scalar {
  switch (type) {
    case 'i32':
      return Number(value) | 0
    case 'i64':
      return BigInt.asIntN(64, BigInt(value))
    case 'f32':
      return Math.fround(Number(value))
    case 'f64':
      return Number(value)
    case 'v128':
      return BigInt.asUintN(128, BigInt(value))
  }
}

function prepareRegion(region: Region): Action {
  const actions = region.instructions.map(prepareInstruction)
  return (frame, machine) => {
    for (const action of actions) action(frame, machine)
  }
}

function prepareInstruction(instruction: Instruction): Action {
  switch (instruction.kind) {
    case 'const': {
      const { id, type } = instruction.result
      const value = bring(type, instruction.value)
      return frame => void (frame[id] = value)
    }
    case 'op':
      return prepareOperation(instruction)
    case 'load': {
      const { result, address, offset } = instruction
      return (frame, { memory }) => {
        frame[result.id] = read(memory, result.type, (Number(frame[address.id]) >>> 0) + offset)
      }
    }
    case 'store': {
      const { address, offset, value } = instruction
      return (frame, { memory }) => {
        write(memory, value.type, (Number(frame[address.id]) >>> 0) + offset, frame[value.id]!)
      }
    }
    case 'call': {
      const { result, args } = instruction
      return (frame, machine) => {
        const value = invoke(
          machine,
          instruction.function,
          args.map(a => frame[a.id]!),
        )
        if (result) frame[result.id] = value!
      }
    }
    case 'if':
      return prepareIf(instruction)
    case 'loop':
      return prepareLoop(instruction)
    default:
      return assertNever(instruction)
  }
}

function prepareOperation({ op, result, args }: Extract<Instruction, { kind: 'op' }>): Action {
  const compute = (vectorComputeOf(op) ?? computeOf(op)) as (a: Scalar, b: Scalar, c: Scalar) => Scalar
  const { id } = result
  const [a, b, c] = args.map(x => x.id)
  if (c !== undefined) return frame => void (frame[id] = compute(frame[a!]!, frame[b!]!, frame[c]!))
  if (b !== undefined) return frame => void (frame[id] = compute(frame[a!]!, frame[b]!, 0))
  return frame => void (frame[id] = compute(frame[a!]!, 0, 0))
}

function prepareIf(instruction: Extract<Instruction, { kind: 'if' }>): Action {
  const { results, condition } = instruction
  const branches = [instruction.elseRegion, instruction.thenRegion].map(region => ({
    run: prepareRegion(region),
    yields: region.yields,
  }))
  return (frame, machine) => {
    const { run, yields } = branches[frame[condition.id] !== 0 ? 1 : 0]!
    run(frame, machine)
    for (let i = 0; i < results.length; i++) frame[results[i]!.id] = frame[yields[i]!.id]!
  }
}

function prepareLoop(loop: Extract<Instruction, { kind: 'loop' }>): Action {
  const { results, carried, initial, condition } = loop
  const run = prepareRegion(loop.body)
  const assign = (frame: Frame, to: readonly Value[], from: readonly Value[]): void => {
    const values = from.map(v => frame[v.id]!)
    for (let i = 0; i < to.length; i++) frame[to[i]!.id] = values[i]!
  }
  return (frame, machine) => {
    assign(frame, carried, initial)
    let again = true
    while (again) {
      run(frame, machine)
      again = frame[condition.id] !== 0
      assign(frame, carried, loop.body.yields)
    }
    assign(frame, results, carried)
  }
}

function read(memory: DataView, type: KernelType, address: number): Scalar {
  switch (type) {
    case 'i32':
      return memory.getInt32(address, true)
    case 'i64':
      return memory.getBigInt64(address, true)
    case 'f32':
      return memory.getFloat32(address, true)
    case 'f64':
      return memory.getFloat64(address, true)
    case 'v128':
      return memory.getBigUint64(address, true) | (memory.getBigUint64(address + 8, true) << 64n)
  }
}

function write(memory: DataView, type: KernelType, address: number, value: Scalar): void {
  switch (type) {
    case 'i32':
      memory.setInt32(address, Number(value), true)
      break
    case 'i64':
      memory.setBigInt64(address, BigInt(value), true)
      break
    case 'f32':
      memory.setFloat32(address, Number(value), true)
      break
    case 'f64':
      memory.setFloat64(address, Number(value), true)
      break
    case 'v128':
      memory.setBigUint64(address, BigInt.asUintN(64, BigInt(value)), true)
      memory.setBigUint64(address + 8, BigInt(value) >> 64n, true)
      break
  }
}
