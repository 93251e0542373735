/**
 * The block types: fourteen of the language itself and one for every library node.
 *
 * Comes in: the nodes of a library. Goes out: the table that editors offer and that lowering reads. Apart from
 * lowering because an editor needs it without a compiler.
 */
import type { NodeType } from '../core/node-type.ts'
import type { BlockLanguage, BlockMeaning, BlockType, Ports } from './types.ts'

const IDENTIFIERS = [
  ...['in1', 'in2', '$israte', '$srate', '$reset'],
  ...['alpha', 'beta', 'delta', 'gamma', '&sig1', '&sig2'],
]

const COLORS: Readonly<Record<BlockType['category'], number>> = {
  literals: 1,
  routing: 6,
  variables: 2,
  arithmetics: 4,
  functions: 15,
  nodes: 12,
}

type Shape = readonly [inputs: Ports, outputs: Ports]

function basic(
  category: BlockType['category'],
  name: string,
  [inputs, outputs]: Shape,
  meaning: BlockMeaning,
  description: string,
  more: Partial<BlockType> = {},
): BlockType {
  const rows = Math.max(1, inputs.length, outputs.length)
  const color = COLORS[category]
  return {
    ...{ name, category, rows, inputs, outputs, areas: [], userInput: 'none', description, color, meaning },
    ...more,
  }
}

const BASIC: readonly BlockType[] = [
  basic('literals', 'zero', [[], ['']], { kind: 'number', value: 0 }, 'The number 0.'),
  basic('literals', 'π', [[], ['']], { kind: 'number', value: Math.PI }, 'π, half a turn in radians.'),
  basic('literals', '2π', [[], ['']], { kind: 'number', value: 2 * Math.PI }, '2π, a turn in radians.'),
  basic('literals', 'value', [[], ['']], { kind: 'labelledNumber' }, 'The number of its label.', {
    userInput: 'float',
  }),
  basic('routing', '->', [[''], ['']], { kind: 'forward' }, 'Passes its input on.'),
  basic('routing', '->2', [[''], ['', '']], { kind: 'forward' }, 'Passes its input on twice.'),
  basic('routing', '->3', [[''], ['', '', '']], { kind: 'forward' }, 'Passes its input on three times.'),
  basic('variables', 'set', [[''], []], { kind: 'set' }, 'Stores its input in the variable of its label.', {
    userInput: 'identifier',
  }),
  basic('variables', 'get', [[], ['']], { kind: 'get' }, 'Reads the variable of its label.', {
    userInput: 'identifier',
  }),
  basic(
    'variables',
    'if',
    [[''], ['']],
    { kind: 'if' },
    'Runs its first area while the input is at least 0.5, else its second; yields the last open output of that area.',
    { areas: ['then', 'else'] },
  ),
  basic('arithmetics', '+', [['', ''], ['']], { kind: 'operator', op: 'add' }, 'Sum.'),
  basic('arithmetics', '*', [['', ''], ['']], { kind: 'operator', op: 'mul' }, 'Product.'),
  basic('arithmetics', '-', [['a', 'b'], ['']], { kind: 'operator', op: 'sub' }, 'a minus b.'),
  basic('arithmetics', '/', [['a', 'b'], ['']], { kind: 'operator', op: 'div' }, 'a divided by b.'),
]

export function blockLanguage(nodes: Iterable<NodeType>): BlockLanguage {
  const types = new Map(BASIC.map(type => [type.name, type]))
  for (const node of nodes) types.set(node.name, nodeType(node))
  return { types, identifiers: IDENTIFIERS }
}

/** Constants, which no block could feed, keep their defaults; nodes declare them last. */
function nodeType({ name, documentation, inputs, outputs, stateful }: NodeType): BlockType {
  const ports = inputs.filter(input => !input.constant)
  const shape: Shape = [shortNames(ports.map(p => p.name)), shortNames(outputs.map(o => o.name))]
  const category = stateful ? 'nodes' : 'functions'
  const defaults = ports.map(port => port.default ?? 0)
  return basic(category, name, shape, { kind: 'call', defaults, outputs: outputs.length }, documentation)
}

/** Two characters, as many more as tell the ports apart. */
export function shortNames(names: readonly string[]): string[] {
  const longest = Math.max(2, ...names.map(name => name.length))
  for (let length = 2; length < longest; length++) {
    const short = names.map(name => name.slice(0, length))
    if (new Set(short).size === names.length) return short
  }
  return [...names]
}
