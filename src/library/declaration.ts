/**
 * Programs of the library: what they are called from outside, and their expression.
 *
 * Comes in: a general declaration, or a function of the preset form. Goes out: one complete form. Apart from lowering
 * because hosts read it too: names, ranges and defaults of parameters.
 */

import type { Core } from '../core/ast.ts'
import { AstFunction } from '../core/ast-function.ts'
import { NAMED_CONSTANTS } from '../core/constants.ts'
import { misuse } from '../core/misuse.ts'
import type { Range } from '../core/node-type.ts'

export interface ParameterDeclaration {
  readonly default?: number
  readonly range?: Range
  readonly unit?: string
  readonly doc?: string
}

export interface BufferOptions {
  readonly length: number
  /** When the context meets the buffer first; else zeros. */
  readonly initial?: ArrayLike<number>
}

/** Any number of everything; the expression reads inputs and parameters by name, and assigns outputs as `&name`. */
export interface ProgramDeclaration {
  readonly name?: string
  readonly inputs?: readonly string[]
  /** Without outputs the value of the expression is the one output, `value`. */
  readonly outputs?: readonly string[]
  readonly parameters?: Readonly<Record<string, ParameterDeclaration | number>>
  /** For `bufRead` and the like; a number is a length. */
  readonly buffers?: Readonly<Record<string, BufferOptions | number>>
  /** For `tableRead` and the like; in single precision. */
  readonly tables?: Readonly<Record<string, ArrayLike<number>>>
  /** Also `&name`, `$name`, `*name` and `%n`. */
  readonly ast: Core
}

export interface Parameter {
  readonly name: string
  readonly default: number
  readonly range: Range | undefined
  readonly unit: string
  readonly doc: string
}

export interface NamedBuffer {
  readonly name: string
  readonly length: number
  readonly initial: ArrayLike<number> | undefined
  readonly isTable: boolean
}

export interface Declaration {
  readonly name: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly parameters: readonly Parameter[]
  readonly buffers: readonly NamedBuffer[]
  readonly ast: Core
}

/** What the expression's value is called among the outputs. */
export const VALUE = 'value'

export type ProgramLike = AstFunction | ProgramDeclaration | Core

const PRESET_PARAMETERS: readonly Parameter[] = ['alpha', 'beta', 'delta', 'gamma'].map(name => ({
  ...{ name, default: 0, range: [-1, 1] as const, unit: '', doc: '' },
}))

export function declarationOf(program: ProgramLike): Declaration {
  if (program instanceof AstFunction) return preset(program.ast)
  if ('kind' in program) return preset(program)
  checkNames(program)
  const { name = 'program', inputs = [], outputs = [], parameters = {}, buffers = {}, tables = {} } = program
  const isSingle = outputs.length === 0
  return {
    ...{ name, inputs, ast: program.ast },
    outputs: isSingle ? [VALUE] : outputs,
    parameters: Object.entries(parameters).map(([key, given]) => {
      const {
        default: initial = 0,
        range,
        unit = '',
        doc = '',
      } = typeof given === 'number' ? { default: given } : (given as ParameterDeclaration)
      return { name: key, default: initial, range, unit, doc }
    }),
    buffers: [
      ...Object.entries(buffers).map(([key, given]) => {
        const { length, initial = undefined } = typeof given === 'number' ? { length: given } : given
        return { name: key, length, initial, isTable: false }
      }),
      ...Object.entries(tables).map(([key, initial]) => {
        return { name: key, length: initial.length, initial, isTable: true }
      }),
    ],
  }
}

function preset(ast: Core): Declaration {
  return {
    name: 'function',
    inputs: ['in1', 'in2'],
    outputs: ['sig1', 'sig2', VALUE],
    parameters: PRESET_PARAMETERS,
    buffers: [],
    ast,
  }
}

/** What begins with these has a meaning of its own, and so have the constants. */
const TAKEN = /^$|^[$%*&@]/

function checkNames({
  inputs = [],
  outputs = [],
  parameters = {},
  buffers = {},
  tables = {},
}: ProgramDeclaration): void {
  for (const name of [...inputs, ...outputs, ...Object.keys(parameters)]) {
    if (TAKEN.test(name) || NAMED_CONSTANTS.has(name)) throw misuse('nameTaken', { name })
  }
  const buffersAndTables = [...Object.keys(buffers), ...Object.keys(tables)]
  for (const [i, name] of buffersAndTables.entries()) {
    // `buffer#1` is a numbered one, and `id/name` one of a node.
    if (TAKEN.test(name) || /[#/]/.test(name) || buffersAndTables.indexOf(name) < i)
      throw misuse('nameTaken', { name })
  }
  for (const given of Object.values(buffers)) {
    const length = typeof given === 'number' ? given : given.length
    if (!(Number.isInteger(length) && length >= 1)) throw misuse('bufferLength', { given: String(length) })
  }
  for (const [name, values] of Object.entries(tables)) {
    if (values.length < 1) throw misuse('bufferLength', { given: `0 (table ${name})` })
  }
}
