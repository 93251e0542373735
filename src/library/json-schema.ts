/**
 * The JSON Schema of programs of the library (draft 2020-12): docs/program.schema.json.
 *
 * A value here, so that tools have it with the library, and so that lists of names cannot go stale.
 */
import { PURE_NAMES } from '../core/primitives.ts'

const number = { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity', '-0'] }] }
const text = { type: 'string', minLength: 1 }
const names = { type: 'array', items: text }

function node(
  kind: string,
  properties: Readonly<Record<string, unknown>>,
  operands: readonly [number, number?],
) {
  const [least, most] = operands
  const args = {
    description:
      'Positions of the operands in the list, all before this node, in the order in which they run.',
    ...{ type: 'array', items: { type: 'integer', minimum: 0 }, minItems: least },
    ...(most !== undefined && { maxItems: most }),
  }
  const optional = ['type']
  return {
    type: 'object',
    properties: { kind: { const: kind }, ...properties, ...(most !== 0 && { args }) },
    required: [
      'kind',
      ...Object.keys(properties).filter(key => !optional.includes(key)),
      ...(least > 0 ? ['args'] : []),
    ],
    additionalProperties: false,
  }
}

const NODE = {
  oneOf: [
    node('literal', { value: number, type: { enum: ['int', 'real'], default: 'real' } }, [0, 0]),
    node('variable', { name: text }, [0, 0]),
    node('assign', { name: text }, [1, 1]),
    node('operator', { op: { enum: PURE_NAMES } }, [1, 3]),
    node('if', {}, [2, 3]),
    node('call', { node: text, id: text }, [0]),
    node('bufferDeclare', { buffer: text, length: { type: 'integer', minimum: 1 } }, [0, 0]),
    node('length', { buffer: text }, [0, 0]),
    node(
      'bufferOp',
      { op: { enum: ['read', 'wrapRead', 'wrapReadLinear', 'delayRead'] }, buffer: text },
      [1, 1],
    ),
    node('bufferOp', { op: { enum: ['write', 'wrapWrite', 'delayWrite'] }, buffer: text }, [2, 2]),
    node('statements', {}, [0]),
  ],
}

const PROGRAM = {
  description:
    'A general program; without it, the expression has the inputs, parameters and outputs of the preset.',
  type: 'object',
  properties: {
    name: text,
    inputs: names,
    outputs: names,
    parameters: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: {
          default: number,
          lowest: number,
          highest: number,
          unit: { type: 'string' },
          doc: { type: 'string' },
        },
        dependentRequired: { lowest: ['highest'], highest: ['lowest'] },
        additionalProperties: false,
      },
    },
    buffers: {
      type: 'object',
      additionalProperties: {
        type: 'object',
        properties: { length: { type: 'integer', minimum: 1 }, initial: { type: 'array', items: number } },
        required: ['length'],
        additionalProperties: false,
      },
    },
    tables: { type: 'object', additionalProperties: { type: 'array', items: number } },
  },
  additionalProperties: false,
}

export const PROGRAM_SCHEMA = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'A program of the dspc library',
  type: 'object',
  properties: {
    version: { const: 1 },
    nodes: { description: 'The last one is the expression.', type: 'array', minItems: 1, items: NODE },
    program: PROGRAM,
  },
  required: ['version', 'nodes'],
  additionalProperties: false,
} as const
