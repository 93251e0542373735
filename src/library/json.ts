/**
 * Programs of the library as JSON: what they declare, and their expression.
 *
 * Comes in: a program, or any value that claims to be one. Goes out: plain data of docs/program.schema.json, or the
 * program. Apart from core/json.ts, which knows expressions only.
 */
import { AstFunction } from '../core/ast-function.ts'
import {
  asLength,
  asRecord,
  asText,
  fromJson,
  type JsonExpression,
  type JsonNumber,
  numberFromJson,
  numberToJson,
  toJson,
  wrong,
} from '../core/json.ts'
import type { BufferOptions, ParameterDeclaration, ProgramDeclaration, ProgramLike } from './declaration.ts'

type JsonParameter = Partial<Record<'default' | 'lowest' | 'highest', JsonNumber>> & {
  readonly unit?: string
  readonly doc?: string
}

export interface JsonProgram extends JsonExpression {
  /** A general program; without it the expression is one of the preset form. */
  readonly program?: {
    readonly name?: string
    readonly inputs?: readonly string[]
    readonly outputs?: readonly string[]
    readonly parameters?: Readonly<Record<string, JsonParameter>>
    readonly buffers?: Readonly<
      Record<string, { readonly length: number; readonly initial?: readonly JsonNumber[] }>
    >
    readonly tables?: Readonly<Record<string, readonly JsonNumber[]>>
  }
}

export function programToJson(program: ProgramLike): JsonProgram {
  if (program instanceof AstFunction) return toJson(program.ast)
  if ('kind' in program) return toJson(program)
  const { name, inputs, outputs, parameters = {}, buffers = {}, tables = {} } = program
  return {
    ...toJson(program.ast),
    program: {
      ...(name !== undefined && { name }),
      ...(inputs && { inputs }),
      ...(outputs && { outputs }),
      parameters: mapRecord(parameters, parameterToJson),
      buffers: mapRecord(buffers, bufferToJson),
      tables: mapRecord(tables, values => Array.from(values, numberToJson)),
    },
  }
}

export function programFromJson(data: unknown): AstFunction | ProgramDeclaration {
  const ast = fromJson(data)
  const { program } = asRecord(data, '')
  if (program === undefined) return new AstFunction(ast)
  const fields = asRecord(program, '/program')
  const { name, inputs, outputs, parameters, buffers, tables } = fields
  return {
    ...(name !== undefined && { name: asText(name, '/program/name') }),
    ...(inputs !== undefined && { inputs: asNames(inputs, '/program/inputs') }),
    ...(outputs !== undefined && { outputs: asNames(outputs, '/program/outputs') }),
    parameters: readRecord(parameters, '/program/parameters', readParameter),
    buffers: readRecord(buffers, '/program/buffers', readBuffer),
    tables: readRecord(tables, '/program/tables', asNumbers),
    ast,
  }
}

function mapRecord<T, U>(record: Readonly<Record<string, T>>, map: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]))
}

function parameterToJson(given: ParameterDeclaration | number): JsonParameter {
  if (typeof given === 'number') return { default: numberToJson(given) }
  const { default: start, range, unit, doc } = given
  return {
    ...(start !== undefined && { default: numberToJson(start) }),
    ...(range && { lowest: numberToJson(range[0]), highest: numberToJson(range[1]) }),
    ...(unit !== undefined && { unit }),
    ...(doc !== undefined && { doc }),
  }
}

function bufferToJson(given: BufferOptions | number): { length: number; initial?: JsonNumber[] } {
  if (typeof given === 'number') return { length: given }
  const { length, initial } = given
  return { length, ...(initial && { initial: Array.from(initial, numberToJson) }) }
}

function readRecord<T>(
  data: unknown,
  path: string,
  read: (value: unknown, path: string) => T,
): Record<string, T> {
  if (data === undefined) return {}
  const entries = Object.entries(asRecord(data, path))
  return Object.fromEntries(entries.map(([key, value]) => [key, read(value, `${path}/${key}`)]))
}

function readParameter(data: unknown, path: string): ParameterDeclaration {
  const fields = asRecord(data, path)
  const { default: start, lowest, highest, unit, doc } = fields
  const isRange = lowest !== undefined || highest !== undefined
  return {
    ...(start !== undefined && { default: numberFromJson(start, `${path}/default`) }),
    ...(isRange && {
      range: [numberFromJson(lowest, `${path}/lowest`), numberFromJson(highest, `${path}/highest`)] as const,
    }),
    ...(typeof unit === 'string' && { unit }),
    ...(typeof doc === 'string' && { doc }),
  }
}

function readBuffer(data: unknown, path: string): BufferOptions {
  const { length, initial } = asRecord(data, path)
  const size = asLength(length, `${path}/length`)
  return { length: size, ...(initial !== undefined && { initial: asNumbers(initial, `${path}/initial`) }) }
}

function asNumbers(data: unknown, path: string): number[] {
  if (!Array.isArray(data)) throw wrong(path, 'a list of numbers')
  return data.map((value, i) => numberFromJson(value, `${path}/${i}`))
}

function asNames(data: unknown, path: string): string[] {
  if (!Array.isArray(data)) throw wrong(path, 'a list of names')
  return data.map((value, i) => asText(value, `${path}/${i}`))
}
