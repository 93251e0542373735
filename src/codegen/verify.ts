/**
 * Checks that a kernel module is well-formed; runs after each pass in tests and under `--verify`.
 *
 * Comes in: a module. Goes out: one sentence per fault, none if it is sound. What holds of every module:
 * - a value is defined once in its function, and before each use, in the same region or one around it
 * - operations get operands of their types; `select` gets two alike and an i32
 * - addresses and conditions are i32; constants fit their type; offsets are whole and not negative
 * - the branches of an `if` yield what its results are; a loop's initial values, carried values, yields and
 *   results are alike in number and type
 * - called functions exist and get their parameters; a body yields the function's result
 * - function names are unique; data segments lie inside the memory
 */
import { assertNever } from '../source.ts'
import type {
  Constant,
  Instruction,
  KernelFunction,
  KernelModule,
  KernelType,
  Region,
  Value,
} from './kernel.ts'
import { type Nested, runNested } from './nested.ts'
import { signatureOf } from './operations.ts'
import { definitions, operands } from './regions.ts'

interface Callable {
  readonly parameters: readonly KernelType[]
  readonly result: KernelType | undefined
}

interface Check {
  readonly functions: ReadonlyMap<string, Callable>
  readonly defined: Map<number, Value>
  /** Ids that can be used here. */
  readonly visible: Set<number>
  readonly fault: (text: string) => void
}

export function verifyKernel(module: KernelModule): string[] {
  const faults: string[] = []
  const functions = new Map<string, Callable>(
    module.functions.map(f => [f.name, { result: f.result, parameters: f.parameters.map(p => p.type) }]),
  )
  const { imports = [] } = module
  for (const f of imports) functions.set(f.name, f)
  if (functions.size !== module.functions.length + imports.length)
    faults.push('two functions have the same name')
  for (const { offset, bytes } of module.data) {
    if (offset < 0 || offset + bytes.length > module.memoryBytes) {
      faults.push(`data at ${offset} lies outside the memory`)
    }
  }
  for (const f of module.functions) verifyFunction(f, functions, text => faults.push(`${f.name}: ${text}`))
  return faults
}

function verifyFunction(
  f: KernelFunction,
  functions: ReadonlyMap<string, Callable>,
  fault: (text: string) => void,
): void {
  const check: Check = { functions, defined: new Map(), visible: new Set(), fault }
  for (const parameter of f.parameters) define(check, parameter)
  const atEnd = () => alike(check, 'result', f.result ? [f.result] : [], types(f.body.yields))
  runNested(verifyRegion(check, f.body, atEnd))
}

const types = (values: readonly Value[]): string[] => values.map(v => v.type)

function alike(check: Check, what: string, expected: readonly string[], actual: readonly string[]): void {
  if (expected.join(' ') !== actual.join(' ')) {
    check.fault(`${what}: expected (${expected.join(' ')}), got (${actual.join(' ')})`)
  }
}

function define(check: Check, value: Value): void {
  if (check.defined.has(value.id)) check.fault(`v${value.id} is defined twice`)
  check.defined.set(value.id, value)
  check.visible.add(value.id)
}

function use(check: Check, value: Value): void {
  if (!check.visible.has(value.id)) check.fault(`v${value.id} is used where it is not defined`)
  else if (check.defined.get(value.id) !== value) check.fault(`v${value.id} stands for two values`)
}

/** `atEnd` looks at the yields, while what the region defines is still visible. */
function* verifyRegion(check: Check, region: Region, atEnd: () => void): Nested {
  const here: Value[] = []
  for (const instruction of region.instructions) {
    for (const value of operands(instruction)) use(check, value)
    if (instruction.kind === 'if') yield* verifyIf(check, instruction)
    else if (instruction.kind === 'loop') yield* verifyLoop(check, instruction)
    else verifySimple(check, instruction)
    for (const value of definitions(instruction)) {
      define(check, value)
      here.push(value)
    }
  }
  for (const value of region.yields) use(check, value)
  atEnd()
  for (const value of here) check.visible.delete(value.id)
}

function verifySimple(check: Check, instruction: Exclude<Instruction, { kind: 'if' | 'loop' }>): void {
  switch (instruction.kind) {
    case 'const':
      verifyConstant(check, instruction)
      break
    case 'op':
      verifyOperation(check, instruction)
      break
    case 'load':
    case 'store': {
      const { address, offset } = instruction
      alike(check, `address of ${instruction.kind}`, ['i32'], [address.type])
      if (!Number.isInteger(offset) || offset < 0) check.fault(`offset ${offset} of ${instruction.kind}`)
      break
    }
    case 'call':
      verifyCall(check, instruction)
      break
    default:
      assertNever(instruction)
  }
}

function verifyConstant(check: Check, { result, value }: Constant): void {
  const fits =
    typeof value === 'bigint'
      ? value === (result.type === 'i64' ? BigInt.asIntN(64, value) : BigInt.asUintN(128, value)) &&
        (result.type === 'i64' || result.type === 'v128')
      : /^[if]32$|f64/.test(result.type) && (result.type !== 'i32' || Object.is(value | 0, value))
  if (!fits) check.fault(`constant ${value} is no ${result.type}`)
}

function verifyOperation(check: Check, { op, args, result }: Extract<Instruction, { kind: 'op' }>): void {
  const signature = op === 'select' ? selectSignature(args) : signatureOf(op)
  if (signature) {
    alike(check, op, signature.operands, types(args))
    alike(check, `result of ${op}`, [signature.result], [result.type])
  } else {
    check.fault(`there is no instruction ${op}`)
  }
}

function selectSignature(args: readonly Value[]): { operands: string[]; result: string } {
  const type = args[0]?.type ?? 'something'
  return { operands: [type, type, 'i32'], result: type }
}

function verifyCall(check: Check, call: Extract<Instruction, { kind: 'call' }>): void {
  const callee = check.functions.get(call.function)
  if (!callee) {
    check.fault(`there is no function ${call.function}`)
    return
  }
  alike(check, `call of ${call.function}`, callee.parameters, types(call.args))
  if (call.result) alike(check, `result of ${call.function}`, [callee.result ?? 'none'], [call.result.type])
}

function* verifyIf(check: Check, instruction: Extract<Instruction, { kind: 'if' }>): Nested {
  const { results, condition, thenRegion, elseRegion } = instruction
  alike(check, 'condition', ['i32'], [condition.type])
  yield verifyRegion(check, thenRegion, () => alike(check, 'then', types(results), types(thenRegion.yields)))
  yield verifyRegion(check, elseRegion, () => alike(check, 'else', types(results), types(elseRegion.yields)))
}

function* verifyLoop(check: Check, loop: Extract<Instruction, { kind: 'loop' }>): Nested {
  const { results, carried, initial, body, condition } = loop
  const expected = types(carried)
  alike(check, 'loop start', expected, types(initial))
  alike(check, 'loop results', expected, types(results))
  for (const value of carried) define(check, value)
  yield verifyRegion(check, body, () => {
    alike(check, 'loop yields', expected, types(body.yields))
    use(check, condition)
    alike(check, 'loop condition', ['i32'], [condition.type])
  })
  for (const value of carried) check.visible.delete(value.id)
}
