/**
 * Kernel as text, for `--emit=kernel` and for people who debug passes.
 *
 * Comes in: a module. Goes out: one line per instruction, values as `v12`, inner regions indented. It is not
 * read back.
 */
import { assertNever } from '../source.ts'
import type { Instruction, KernelFunction, KernelModule, Region, Value } from './kernel.ts'
import { type Nested, runNested } from './nested.ts'

export function printKernel(module: KernelModule): string {
  const segments = module.data.map(({ offset, bytes }) => `data ${offset}: ${bytes.length} bytes`)
  const head = [`memory ${module.memoryBytes} bytes`, ...segments].join('\n')
  return [head, ...module.functions.map(printFunction)].join('\n\n').concat('\n')
}

export function printFunction(f: KernelFunction): string {
  const parameters = f.parameters.map(p => `${name(p)}: ${p.type}`).join(', ')
  const result = f.result ? `: ${f.result}` : ''
  const lines = [`${f.exported ? 'export ' : ''}function ${f.name}(${parameters})${result}`]
  runNested(printRegion(f.body, '  ', lines))
  if (f.body.yields.length > 0) lines.push(`  return ${list(f.body.yields)}`)
  return lines.join('\n')
}

const name = (value: Value): string => `v${value.id}`
const list = (values: readonly Value[]): string => values.map(name).join(', ')
const define = (values: readonly Value[]): string => (values.length === 0 ? '' : `${list(values)} = `)

function* printRegion(region: Region, indent: string, lines: string[]): Nested {
  for (const instruction of region.instructions) {
    if (instruction.kind === 'if') yield printIf(instruction, indent, lines)
    else if (instruction.kind === 'loop') yield printLoop(instruction, indent, lines)
    else lines.push(indent + simple(instruction))
  }
}

function simple(instruction: Exclude<Instruction, { kind: 'if' | 'loop' }>): string {
  switch (instruction.kind) {
    case 'const': {
      const { result, value } = instruction
      return `${name(result)} = ${result.type} ${Object.is(value, -0) ? '-0' : value}`
    }
    case 'op':
      return `${name(instruction.result)} = ${instruction.op} ${list(instruction.args)}`
    case 'load': {
      const { result, address, offset, constant } = instruction
      const how = constant ? 'load constant' : 'load'
      return `${name(result)} = ${result.type} ${how} [${name(address)} + ${offset}]`
    }
    case 'store':
      return `store [${name(instruction.address)} + ${instruction.offset}] ${name(instruction.value)}`
    case 'call': {
      const { result, args } = instruction
      return `${define(result ? [result] : [])}call ${instruction.function}(${list(args)})`
    }
    default:
      return assertNever(instruction)
  }
}

function* printIf(
  instruction: Extract<Instruction, { kind: 'if' }>,
  indent: string,
  lines: string[],
): Nested {
  const { results, condition, thenRegion, elseRegion } = instruction
  lines.push(`${indent}${define(results)}if ${name(condition)}`)
  yield* printInner(thenRegion, indent, lines)
  if (elseRegion.instructions.length + elseRegion.yields.length === 0) return
  lines.push(`${indent}else`)
  yield* printInner(elseRegion, indent, lines)
}

function* printInner(region: Region, indent: string, lines: string[]): Nested {
  yield* printRegion(region, `${indent}  `, lines)
  if (region.yields.length > 0) lines.push(`${indent}  yield ${list(region.yields)}`)
}

function* printLoop(loop: Extract<Instruction, { kind: 'loop' }>, indent: string, lines: string[]): Nested {
  const carried = loop.carried.map((v, i) => `${name(v)} = ${name(loop.initial[i]!)}`).join(', ')
  lines.push(`${indent}${define(loop.results)}loop ${carried}`)
  yield* printInner(loop.body, indent, lines)
  lines.push(`${indent}  while ${name(loop.condition)}`)
}
