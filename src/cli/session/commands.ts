/**
 * THE table of commands of the REPL: how each is written, what it does, what Tab completes behind it.
 *
 * Comes in: a session and a line that starts with `:`. Goes out: the next session and effects. Help, completion and
 * the page in docs/ read the table too.
 */
import { makeDiagnostic } from '../../diagnostics.ts'
import { explainMigration, formatMigration } from '../../runtime/migrate.ts'
import { didYouMean } from '../../suggest.ts'
import { evaluate, measure, midi, setControl, withProcess, withProgram } from './actions.ts'
import { readLength, readPlot } from './arguments.ts'
import { MIDI_KINDS } from './midi.ts'
import { compose, programText } from './program.ts'
import { done, misused, print, wrong } from './results.ts'
import { listControls, listMeters } from './show.ts'
import type { Session, Step } from './types.ts'
import { piecesOf, travel } from './versions.ts'

/** What Tab offers behind a command. */
export type Completion = 'nothing' | 'command' | 'expression' | 'control' | 'file' | 'function' | 'midi'

export interface Command {
  readonly name: string
  /** As in help; brackets mark what may be left out. */
  readonly arguments: string
  readonly help: string
  /** More, for `:help NAME`. */
  readonly more?: string
  readonly completion: Completion
  readonly run: (session: Session, argument: string) => Step
}

const MEASURING =
  'Behind EXPR may stand a length (20ms), and `live`, which draws again until a key is pressed. What has inputs listens to the program; without EXPR its outputs are shown.'

export const COMMANDS: readonly Command[] = [
  {
    name: 'help',
    arguments: '[COMMAND]',
    help: 'list the commands, or explain one',
    completion: 'command',
    run: (session, argument) =>
      argument === '' ? print(session, listCommands()) : explain(session, argument),
  },
  {
    name: 'play',
    arguments: '',
    help: 'start the sound, or go on after :stop',
    completion: 'nothing',
    run: session => done(session, { kind: 'play' }),
  },
  {
    name: 'stop',
    arguments: '',
    help: 'be silent; the program keeps its state',
    completion: 'nothing',
    run: session => done(session, { kind: 'stop' }),
  },
  {
    name: 'set',
    arguments: 'CONTROL VALUE',
    help: 'move a control',
    more: 'CONTROL is an address such as /synth/freq, or its end (freq), if only one ends so. The value is moved into the range.',
    completion: 'control',
    run: setControl,
  },
  {
    name: 'controls',
    arguments: '',
    help: 'list controls with their values and ranges',
    completion: 'nothing',
    run: session => withProgram(session, program => print(session, listControls(program, session.status))),
  },
  {
    name: 'meters',
    arguments: '',
    help: 'show levels of the outputs, bargraphs, load and underruns',
    completion: 'nothing',
    run: session => {
      const { program, status } = session
      if (session.playing && program && !status) return print(session, 'nothing was heard yet')
      if (!program || !status) return wrong(session, makeDiagnostic('nothingPlays', undefined, {}))
      return print(session, listMeters(program, status))
    },
  },
  {
    name: 'scope',
    arguments: 'EXPR [LENGTH] [trigger=LEVEL] [gain=X] [offset=X] [live]',
    help: 'draw the wave of an expression while it plays',
    more: `The drawing starts where the wave rises through the trigger level. Drawn is EXPR·gain + offset. ${MEASURING}`,
    completion: 'expression',
    run: (session, argument) => measure(session, 'scope', argument),
  },
  {
    name: 'spectrum',
    arguments: 'EXPR [LENGTH] [live]',
    help: 'draw the spectrum of an expression while it plays',
    more: MEASURING,
    completion: 'expression',
    run: (session, argument) => measure(session, 'spectrum', argument),
  },
  {
    name: 'probe',
    arguments: 'EXPR [LENGTH]',
    help: 'print value, range, mean and level of an expression while it plays',
    more: MEASURING,
    completion: 'expression',
    run: (session, argument) => measure(session, 'probe', argument),
  },
  {
    name: 'plot',
    arguments: 'EXPR [LENGTH]',
    help: 'compute an expression from its start and draw it; needs no sound',
    more: 'LENGTH is a time such as 50ms, the default. Inputs are silent; controls have their first values.',
    completion: 'expression',
    run: (session, argument) => {
      const { expression, seconds } = readPlot(argument, 0.05)
      if (expression === '') return misused(session, 'plot', 'EXPR [LENGTH]')
      return evaluate(session, expression, { kind: 'plot', seconds })
    },
  },
  {
    name: 'doc',
    arguments: 'NAME',
    help: 'show the documentation of a library function',
    more: 'NAME has its prefix, as in os.osc; a prefix alone (os) lists its functions.',
    completion: 'function',
    run: (session, name) => {
      if (name === '') return misused(session, 'doc', 'NAME')
      return done(session, { kind: 'document', name, source: compose(session.name, piecesOf(session)) })
    },
  },
  {
    name: 'type',
    arguments: 'EXPR',
    help: 'say what an expression is: inputs, outputs, rates, ranges',
    completion: 'expression',
    run: (session, argument) => {
      return argument === ''
        ? misused(session, 'type', 'EXPR')
        : evaluate(session, argument, { kind: 'type' })
    },
  },
  {
    name: 'svg',
    arguments: '[FILE]',
    help: 'write the block diagram of the program, by default to process.svg',
    completion: 'file',
    run: (session, file) => {
      return withProcess(session, source =>
        done(session, { kind: 'draw', source, file: file || 'process.svg' }),
      )
    },
  },
  {
    name: 'wat',
    arguments: '[FILE]',
    help: 'print the WebAssembly text of the program, or write it to a file',
    completion: 'file',
    run: (session, file) => {
      return withProcess(session, source =>
        done(session, { kind: 'listing', source, file: file || undefined }),
      )
    },
  },
  {
    name: 'undo',
    arguments: '',
    help: 'take the last change of the program back, with the state of that moment',
    completion: 'nothing',
    run: session => travel(session, 'undo'),
  },
  {
    name: 'redo',
    arguments: '',
    help: 'do again what was undone',
    completion: 'nothing',
    run: session => travel(session, 'redo'),
  },
  {
    name: 'swap-report',
    arguments: '',
    help: 'say what became of the state at the last change',
    completion: 'nothing',
    run: session => print(session, swapReport(session)),
  },
  {
    name: 'record',
    arguments: '[FILE]',
    help: 'write what is heard to a WAV file from now on; without FILE, end the recording',
    completion: 'file',
    run: (session, file) => done(session, { kind: 'record', file: file || undefined }),
  },
  {
    name: 'save',
    arguments: 'FILE',
    help: 'write the program to a file',
    completion: 'file',
    run: (session, file) => {
      if (file === '') return misused(session, 'save', 'FILE')
      return done(session, { kind: 'save', file, text: programText(piecesOf(session)) })
    },
  },
  {
    name: 'load',
    arguments: 'FILE',
    help: 'replace the program by that of a file; can be undone',
    completion: 'file',
    run: (session, file) =>
      file === '' ? misused(session, 'load', 'FILE') : done(session, { kind: 'load', file }),
  },
  {
    name: 'midi',
    arguments: '[KIND NUMBERS…]',
    help: 'list the controls that ask for MIDI, or send a message by hand',
    more: `There is no MIDI input; messages are typed:\n${MIDI_KINDS.map(k => `  :midi ${k.name} ${k.arguments} [CHANNEL]`).join('\n')}\nThey move the controls with [midi:…] in their labels; keys also those called freq, key, gain, vel and gate.`,
    completion: 'midi',
    run: midi,
  },
  {
    name: 'wait',
    arguments: 'LENGTH',
    help: 'do nothing for a while, for scripts: :wait 2s',
    completion: 'nothing',
    run: (session, argument) => {
      const seconds = readLength(argument)
      return seconds === undefined
        ? misused(session, 'wait', 'LENGTH')
        : done(session, { kind: 'wait', seconds })
    },
  },
  {
    name: 'quit',
    arguments: '',
    help: 'end the session (so does Ctrl-D)',
    completion: 'nothing',
    run: session => done(session, { kind: 'quit' }),
  },
]

const NAMES = COMMANDS.map(command => command.name)

/** A name may be shortened as long as it is clear. */
export function findCommand(word: string): Command | undefined {
  const begun = COMMANDS.filter(command => command.name.startsWith(word))
  return (
    COMMANDS.find(command => command.name === word) ?? (begun.length === 1 && word ? begun[0] : undefined)
  )
}

export function runCommand(session: Session, line: string): Step {
  const [, word = '', argument = ''] = /^\s*:\s*([\w-]*)\s*(.*?)\s*$/s.exec(line) ?? []
  const command = findCommand(word)
  if (command) return command.run(session, argument)
  return wrong(session, makeDiagnostic('unknownCommand', undefined, { command: word }, [], suggest(word)))
}

function suggest(word: string): string | undefined {
  const begun = NAMES.filter(name => word !== '' && name.startsWith(word))
  if (begun.length > 1) return `did you mean ${begun.map(name => `\`:${name}\``).join(' or ')}?`
  return didYouMean(word, NAMES)?.replace('`', '`:')
}

function listCommands(): string {
  const usage = ({ name, arguments: rest }: Command) => `:${name} ${rest}`.trim()
  const width = Math.max(...COMMANDS.map(c => usage(c).length).filter(length => length <= 24))
  const rows = COMMANDS.map(command => {
    const text = usage(command)
    return text.length > width
      ? `${text}\n${' '.repeat(width + 2)}${command.help}`
      : `${text.padEnd(width)}  ${command.help}`
  })
  const intro =
    'Type definitions (`freq = 220;`) or an expression that sounds (`os.osc(freq)`). A definition replaces\nthe one of the same name, and what did not change keeps sounding. An empty line ends an open input.\n'
  return [intro, ...rows].join('\n')
}

function explain(session: Session, argument: string): Step {
  const word = argument.replace(/^:/, '')
  const command = findCommand(word)
  if (!command)
    return wrong(session, makeDiagnostic('unknownCommand', undefined, { command: word }, [], suggest(word)))
  const { name, arguments: rest, help, more } = command
  return print(session, [`:${name} ${rest}`.trim(), `  ${help}`, ...(more ? ['', more] : [])].join('\n'))
}

function swapReport({ report }: Session): string {
  if (!report) return 'nothing was swapped yet'
  return [formatMigration(report), explainMigration(report)].filter(text => text !== '').join('\n')
}
