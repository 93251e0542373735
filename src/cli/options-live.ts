/**
 * Command line of the session commands: `dspc repl` and `dspc replay`.
 *
 * Comes in: the main command and handlers. Goes out: the commands, registered. Apart from the other options because
 * that file is full.
 */
import { type Command, Option } from 'commander'
import type { SampleFormat } from '../runtime/wav.ts'
import { collect, parseBackend, parseBits, parseLatency, parseWhole } from './values.ts'

export interface ReplFlags {
  readonly include?: readonly string[]
  readonly single?: boolean
  readonly optimize?: boolean
  readonly fastMath?: boolean
  readonly play?: boolean
  readonly backend?: string
  readonly device?: string
  readonly latency?: number
  readonly rate?: number
  readonly block?: number
  readonly in?: string
  readonly record?: string
  readonly log?: string
  readonly audition?: boolean
}

export interface ReplayFlags {
  readonly output?: string
  readonly bits?: SampleFormat
}

export interface LiveHandlers {
  repl(file: string | undefined, flags: ReplFlags): Promise<void>
  replay(log: string | undefined, flags: ReplayFlags): Promise<void>
}

export function addReplCommand(main: Command, handlers: LiveHandlers, backends: readonly string[]): void {
  const repl = main
    .command('repl [file]')
    .summary('build a program line by line while it plays')
    .description('Starts a session: definitions and expressions are heard as they are typed. `:help` inside.')
    .option('--play', 'play at once (default)')
    .option('--no-play', 'be silent until :play')
    .option('--backend <name>', `how to play: ${backends.join(', ')} (default auto)`, parseBackend)
    .option('--device <name>', 'the device to play to, as `dspc devices` lists it')
    .addOption(
      new Option('--latency <time>', 'sound queued ahead: 120ms (default), 0.5s, max').argParser(
        parseLatency,
      ),
    )
    .addOption(new Option('--rate <hz>', 'sample rate in hertz').argParser(parseWhole('--rate', 1, 768_000)))
    .addOption(new Option('--block <frames>', 'frames a block').argParser(parseWhole('--block', 1, 65_536)))
    .option('--in <file>', 'WAV file that goes into the inputs, over and over')
    .option('--record <file>', 'also write what is heard to a WAV file')
    .option('--log <file>', 'write a log of the session for `dspc replay`')
    .option('--no-audition', 'let programs out that would be refused for their sound')
    .addOption(new Option('-I, --include <dir>', 'search imports here; repeatable').argParser(collect))
    .option('--single', 'compute in 32-bit floating point')
    .option('-O, --optimize', 'spend more time on a faster module')
    .option('--fast-math', 'let rounding change for speed: reordered sums, fused operations')
  repl.action((file: string | undefined, _flags: ReplFlags, command: Command) =>
    handlers.repl(file, command.optsWithGlobals<ReplFlags>()),
  )
  const replay = main
    .command('replay [log]')
    .summary('render a performance from its log')
    .description(
      'Computes what `dspc repl --log FILE` or `dspc PROGRAM --play --log FILE` played, sample for sample.',
    )
    .option('-o, --output <file>', 'the WAV file to write; - for stdout')
    .addOption(new Option('--bits <format>', 'bits a sample (default 32f)').argParser(parseBits))
  replay.action((log: string | undefined, _flags: ReplayFlags, command: Command) =>
    handlers.replay(log, command.optsWithGlobals<ReplayFlags>()),
  )
}
