/**
 * The one table of messages.
 *
 * Each entry: a stable code, a severity, the text from typed arguments, a help line, and a longer explanation
 * for `dspc explain CODE`. Families: 01 characters and tokens, 02 syntax, 03 names and evaluation,
 * 04 composition, 05 signals, 06 code generation, 07 running, 08 files and command line.
 * Adding a message is adding an entry here and a fixture in test/errors that provokes it.
 */

export type Severity = 'error' | 'warning' | 'note'

export interface Message<A> {
  readonly code: string
  readonly severity: Severity
  readonly text: (args: A) => string
  readonly help: string
  readonly explain: string
}

function define<A>(
  code: string,
  severity: Severity,
  text: (args: A) => string,
  help: string,
  explain = '',
): Message<A> {
  return { code, severity, text, help, explain }
}

type None = Record<string, never>

const plural = (n: number, noun: string) => `${n} ${noun}${n === 1 ? '' : 's'}`

export const MESSAGES = {
  // 01 characters and tokens
  // 02 syntax
  // 03 names and evaluation
  unknownName: define(
    'DSP0301',
    'error',
    (a: { name: string }) => `\`${a.name}\` is not defined`,
    'define it, or check the spelling',
    'A name is looked up in the `with` block, function or environment it stands in, then outwards to the file, then in what the file imports. None of them defines this one.',
  ),
  // 04 composition
  seqMismatch: define(
    'DSP0401',
    'error',
    (a: { outputs: number; inputs: number }) =>
      `\`:\` joins ${plural(a.outputs, 'output')} to ${plural(a.inputs, 'input')}`,
    'both counts must be equal; use `<:` to split or `:>` to merge',
    'A : B connects the outputs of A, one by one, to the inputs of B, so B must have as many inputs as A has outputs.',
  ),
  // 05 signals
  notSupportedYet: define(
    'DSP0599',
    'error',
    (a: { feature: string }) => `not supported yet: ${a.feature}`,
    'this part of the language is planned; nothing was compiled, so no wrong sound is made',
  ),
  // 06 code generation
  // 07 running
  // 08 files and command line
} satisfies Record<string, Message<never>>

export type MessageName = keyof typeof MESSAGES
export type MessageArguments<N extends MessageName> = Parameters<(typeof MESSAGES)[N]['text']>[0]
export type NoArguments = None
