/**
 * Damages programs the way people and editors do, and worse.
 *
 * Comes in: a program, others to take parts from, random numbers. Goes out: text that is mostly no program any
 * more, but near enough to one to reach every stage. Tokens are cut by an expression of its own, so that a fault of
 * the lexer does not hide itself.
 */
import type { Random } from './random.ts'

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|"[^"\n]*"|[A-Za-z_]\w*|\d+(?:\.\d*)?(?:e[-+]?\d+)?|<:|:>|\+>|->|=>|<<|>>|<=|>=|==|!=|[\s\S]/g

const WORDS = [
  ...['+', '-', '*', '/', '%', '^', '&', '|', 'xor', '<<', '>>', '<', '<=', '>', '>=', '==', '!=', '@', "'"],
  ...[
    '_',
    '!',
    '(',
    ')',
    '{',
    '}',
    '[',
    ']',
    ',',
    ';',
    ':',
    '.',
    '=',
    '~',
    '<:',
    ':>',
    '\\',
    '->',
    '=>',
    '"',
  ],
  ...['par', 'seq', 'sum', 'prod', 'with', 'letrec', 'where', 'case', 'environment', 'library', 'component'],
  ...['import', 'declare', 'waveform', 'route', 'inputs', 'outputs', 'rdtable', 'rwtable', 'select2', 'mem'],
  ...[
    'select3',
    'prefix',
    'int',
    'float',
    'attach',
    'enable',
    'control',
    'lowest',
    'highest',
    'assertbounds',
  ],
  ...['button', 'checkbox', 'hslider', 'vslider', 'nentry', 'hbargraph', 'vbargraph', 'hgroup', 'vgroup'],
  ...['tgroup', 'soundfile', 'ffunction', 'fconstant', 'fvariable', 'sin', 'pow', 'fmod', 'atan2', 'process'],
  ...['// ', '/*', '*/', '<mdoc>', '</mdoc>', '"a"', 'x', 'f', 'singleprecision', 'doubleprecision'],
  ...['+ ~ _', '_ <: _, _', '(x, y)', 'par(i, 8, _)', 'case { (0) => 1; (n) => n; }', '["a": *(2) -> _]'],
]

const NUMBERS = [
  ...[
    '0',
    '1',
    '-1',
    '2',
    '3',
    '8',
    '64',
    '1000',
    '65536',
    '100000',
    '2147483647',
    '2147483648',
    '-2147483648',
  ],
  ...['1e9', '1e38', '1e39', '1e308', '1e309', '1e-40', '1e-310', '0.5', '-0.5', '0.0', '-0.0', '1/0', '0/0'],
  ...['99999999999999999999', '4294967296', '1.5e', '1f', '.5', '1.'],
]

const CHARACTERS = [
  ...[
    '\0',
    '\u0001',
    '\r',
    '\t',
    '\n',
    '\u00a0',
    '\ufeff',
    'é',
    '\u202e',
    '\u{1F600}',
    '\ud800',
    '~',
    '`',
    '#',
  ],
  ...['$', '?', '\\', '"', "'", '@', '\u007f', '\u2028'],
]

type Mutation = (tokens: string[], random: Random, others: readonly string[]) => void

const split = (text: string): string[] => text.match(TOKEN) ?? []

function place(tokens: readonly string[], random: Random): number {
  return random.below(tokens.length + 1)
}

/** A stretch of tokens, mostly short. */
function range(tokens: readonly string[], random: Random): [start: number, count: number] {
  const start = place(tokens, random)
  return [start, 1 + random.below(random.pick([2, 8, 40]))]
}

const isNumber = (token: string) => /^\d/.test(token)

function indexWhere(tokens: readonly string[], random: Random, test: (token: string) => boolean): number {
  const indices = tokens.flatMap((token, i) => (test(token) ? [i] : []))
  return indices.length === 0 ? -1 : random.pick(indices)
}

const remove: Mutation = (tokens, random) => {
  tokens.splice(place(tokens, random), 1)
}

const removeRange: Mutation = (tokens, random) => {
  tokens.splice(...range(tokens, random))
}

const duplicate: Mutation = (tokens, random) => {
  const [start, count] = range(tokens, random)
  const times = random.pick([1, 1, 1, 3, 30])
  const part = tokens.slice(start, start + count)
  tokens.splice(start, 0, ...Array.from({ length: times }, () => part).flat())
}

const swap: Mutation = (tokens, random) => {
  const [a, b] = [random.below(tokens.length), random.below(tokens.length)]
  ;[tokens[a], tokens[b]] = [tokens[b] ?? '', tokens[a] ?? '']
}

const insert: Mutation = (tokens, random) => {
  tokens.splice(place(tokens, random), 0, ` ${random.pick(WORDS)} `)
}

const replace: Mutation = (tokens, random) => {
  const i = indexWhere(tokens, random, token => token.trim() !== '')
  if (i >= 0) tokens[i] = random.pick([random.pick(tokens), random.pick(WORDS)])
}

const rename: Mutation = (tokens, random) => {
  const isName = (token: string) => /^[A-Za-z_]/.test(token)
  const [to, from] = [indexWhere(tokens, random, isName), indexWhere(tokens, random, isName)]
  if (to >= 0) tokens[to] = tokens[from]!
}

const number: Mutation = (tokens, random) => {
  const i = indexWhere(tokens, random, isNumber)
  if (i >= 0) tokens[i] = random.pick(NUMBERS)
}

const noise: Mutation = (tokens, random) => {
  const at = place(tokens, random)
  const character = random.pick([random.pick(CHARACTERS), String.fromCharCode(random.below(256))])
  tokens.splice(at, random.below(2), character)
}

const truncate: Mutation = (tokens, random) => {
  if (random.below(3) === 0) tokens.splice(0, place(tokens, random))
  else tokens.length = random.below(tokens.length + 1)
}

const nest: Mutation = (tokens, random) => {
  const i = indexWhere(tokens, random, token => /^(\w+|[-+*/])$/.test(token))
  if (i < 0) return
  const [open, close] = random.pick([
    ['(', ')'],
    ['sin(', ')'],
    ['-(', ')'],
    ['_ <: (', ', _)'],
    ['(_, ', ')'],
    ['hgroup("g", ', ')'],
    ['\\(q).(', ')'],
    ['', "'"],
    ['', ' : _'],
    ['', ' + 1'],
    ['', ' ~ _'],
    ['', '.a'],
    ['', '(1)'],
    ['environment { process = ', '; }.process'],
    ['', ' with { q = 1; }'],
    ['case { (q) => ', '; }'],
    ['par(q, 2, ', ')'],
    ['seq(q, 2, ', ')'],
  ] as const)
  const depth = random.pick([1, 2, 5, 20, 20, 200, 2000])
  tokens[i] = open.repeat(depth) + tokens[i] + close.repeat(depth)
}

const splice: Mutation = (tokens, random, others) => {
  const other = split(random.pick(others))
  const [start, count] = range(other, random)
  tokens.splice(place(tokens, random), random.below(6), ...other.slice(start, start + count))
}

/** The statements of another program after or before these. */
const join: Mutation = (tokens, random, others) => {
  const other = random.pick(others)
  if (random.below(2) === 0) tokens.push('\n', other)
  else tokens.unshift(other, '\n')
}

const MUTATIONS: readonly Mutation[] = [
  ...[remove, remove, removeRange, duplicate, swap, swap, insert, insert, replace, replace, replace],
  ...[rename, rename, rename, number, number, number, noise, truncate, nest, nest, splice, splice, join],
]

/** One to four changes, mostly one or two: a text with many is refused for the first. */
export function mutate(source: string, others: readonly string[], random: Random): string {
  const tokens = split(source)
  const times = random.pick([1, 1, 1, 2, 2, 3, 4])
  for (let i = 0; i < times; i++) random.pick(MUTATIONS)(tokens, random, others)
  return tokens.join('')
}
