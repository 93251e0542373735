/**
 * The command line: its commands, options and help, as commander reads them.
 *
 * Comes in: handlers. Goes out: a commander program. Apart from the commands so that `--help` and `--version`
 * load none of them, and no compiler.
 */
import { Command, Option } from 'commander'
import { VERSION } from '../runtime/description.ts'
import { BACKEND_NAMES } from '../runtime/outputs/names.ts'
import type { SampleFormat } from '../runtime/wav.ts'
import {
  collect,
  type Duration,
  parseBackend,
  parseBits,
  parseChoice,
  parseDefinition,
  parseDuration,
  parseLatency,
  parseSetting,
  parseWhole,
  type Setting,
} from './values.ts'

export const STAGES = [
  'tokens',
  'ast',
  'boxes',
  'signals',
  'core',
  'kernel',
  'wat',
  'json',
  'wasm',
  'svg',
] as const
export type Emit = (typeof STAGES)[number]

/** Options that say how a program is compiled. */
export interface CompileFlags {
  readonly include?: readonly string[]
  readonly define?: readonly (readonly [name: string, expression: string])[]
  readonly entry?: string
  readonly single?: boolean
  readonly double?: boolean
  readonly optimize?: boolean
  readonly voices?: number
  readonly eval?: string
}

export interface MainFlags extends CompileFlags {
  readonly output?: string
  readonly emit?: Emit
  readonly duration?: Duration
  readonly rate?: number
  readonly bits?: SampleFormat
  readonly in?: string
  readonly set?: readonly Setting[]
  readonly block?: number
  readonly play?: boolean
  readonly backend?: string
  readonly device?: string
  /** In seconds. */
  readonly latency?: number
  readonly record?: string
  readonly audition?: boolean
}

export interface ReportFlags {
  readonly json?: boolean
}

export interface CheckFlags extends CompileFlags {
  readonly json?: boolean
}

export interface FormatFlags {
  readonly check?: boolean
}

export interface Handlers {
  main(file: string | undefined, flags: MainFlags): Promise<void>
  check(file: string | undefined, flags: CheckFlags): Promise<void>
  explain(code: string | undefined): Promise<void>
  format(files: readonly string[], flags: FormatFlags): Promise<void>
  devices(flags: ReportFlags): Promise<void>
  doctor(flags: ReportFlags): Promise<void>
}

export const DEFAULT_SECONDS = 5
export const DEFAULT_RATE = 48_000
export const DEFAULT_BITS: SampleFormat = '16'

const EXAMPLES = `
Examples:
  dspc synth.dsp                             compile; list inputs, outputs and controls
  dspc synth.dsp -o synth.wav                render 5 seconds
  dspc synth.dsp -o a.wav --duration 2s --set /synth/freq=220
  dspc reverb.dsp --in dry.wav -o wet.wav    process a file
  dspc -e 'process = 0.5;' -o - | aplay      code from the command line, WAV to stdout
  dspc synth.dsp --emit=wasm -o synth.wasm   the WebAssembly module
  dspc synth.dsp --play                      play it, until Ctrl-C
  dspc synth.dsp --emit=svg -o diagrams      block diagrams, to be opened in a browser
  dspc check synth.dsp --json                diagnostics for an editor
  dspc explain DSP0401                       more about a message
  dspc fmt *.dsp                             rewrite files in the usual layout

Imports are searched in: the current directory, -I directories (last one first), the directory of the
program, the directories in DSPC_PATH, the standard library.

Exit codes: 0 ok, 1 the program has errors, 2 wrong command line, 3 file cannot be read or written,
4 no sound output, 5 fault while running, 130 interrupted.
`

export function buildCommand(handlers: Handlers): Command {
  const main = new Command('dspc')
    .description('Compiles Faust programs to WebAssembly, renders them and plays them.')
    .usage(
      '[options] FILE\n       dspc check FILE [--json]\n       dspc explain [CODE]\n       dspc fmt FILE... [--check]\n       dspc devices | doctor [--json]',
    )
    .argument('[file]', 'the program; - for standard input')
    .version(VERSION, '-v, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .enablePositionalOptions()
    .addHelpText('after', EXAMPLES)
  addRenderOptions(main)
  addPlayOptions(main)
  addCompileOptions(main)
  main.action((file: string | undefined, flags: MainFlags) => handlers.main(file, flags))

  const check = main
    .command('check [file]')
    .summary('only say what is wrong with a program')
    .description('Compiles a program and prints its diagnostics.')
    .option('--json', 'print diagnostics to stdout as a JSON array')
  addCompileOptions(check)
  check.action((file: string | undefined, _flags: CheckFlags, command: Command) =>
    handlers.check(file, command.optsWithGlobals<CheckFlags>()),
  )
  main
    .command('explain [code]')
    .summary('explain a message, or list all')
    .description('Explains a message by its code, such as DSP0401; without a code, lists all.')
    .action((code: string | undefined) => handlers.explain(code))
  main
    .command('fmt [files...]')
    .summary('rewrite programs in the usual layout')
    .description('Rewrites programs in the usual layout; - formats standard input to standard output.')
    .option('--check', 'only list the files that would change; exit code 1 if there are any')
    .action((files: string[], flags: FormatFlags) => handlers.format(files, flags))
  main
    .command('devices')
    .summary('list the devices that can play')
    .description('Lists the devices that can play, and the ways to reach them.')
    .option('--json', 'print JSON to stdout')
    .action((flags: ReportFlags) => handlers.devices(flags))
  main
    .command('doctor')
    .summary('find out why there is no sound')
    .description('Looks at everything that is needed to play, and says what to install.')
    .option('--json', 'print JSON to stdout')
    .action((flags: ReportFlags) => handlers.doctor(flags))
  for (const command of [main, ...main.commands]) keepQuiet(command)
  return main
}

function addRenderOptions(command: Command): void {
  const bits = `bits a sample: 16, 24, 32, or 32f, 64f for floating point (default ${DEFAULT_BITS})`
  const rate = `sample rate in hertz (default that of --in, else ${DEFAULT_RATE})`
  const length = `length: 2s, 500ms, 1.5min, 96000smp (default that of --in, else ${DEFAULT_SECONDS}s)`
  command
    .option('-o, --output <file>', 'render to a WAV file, or write what --emit asks for; - for stdout')
    .addOption(new Option('--duration <length>', length).argParser(parseDuration))
    .addOption(new Option('--rate <hz>', rate).argParser(parseWhole('--rate', 1, 768_000)))
    .addOption(new Option('--bits <format>', bits).argParser(parseBits))
    .option('--in <file>', 'WAV file that goes into the inputs')
    .addOption(
      new Option('--set </path=value>', 'set a control before the start; repeatable').argParser(parseSetting),
    )
    .addOption(
      new Option('--block <frames>', 'frames a block (default 512)').argParser(
        parseWhole('--block', 1, 65_536),
      ),
    )
    .addOption(
      new Option('--emit <stage>', `print instead: ${STAGES.join(', ')}`).argParser(
        parseChoice('--emit', STAGES),
      ),
    )
}

function addPlayOptions(command: Command): void {
  const ways = `how to play: ${BACKEND_NAMES.join(', ')} (default auto)`
  const latency = 'sound queued ahead: 120ms (default), 0.5s, max'
  command
    .option('--play', 'play live, until Ctrl-C or for --duration')
    .addOption(new Option('--backend <name>', ways).argParser(parseBackend))
    .option('--device <name>', 'the device to play to, as `dspc devices` lists it')
    .addOption(new Option('--latency <time>', latency).argParser(parseLatency))
    .option('--record <file>', 'also write what is heard to a WAV file')
    .option('--no-audition', 'let programs out that would be refused for their sound')
}

function addCompileOptions(command: Command): void {
  command
    .addOption(
      new Option('-I, --include <dir>', 'search imports here; repeatable, last one first').argParser(collect),
    )
    .addOption(
      new Option('-D, --define <name=value>', 'replace a definition of the program; repeatable').argParser(
        parseDefinition,
      ),
    )
    .option('-e, --eval <code>', 'the program itself, instead of a file')
    .option('--entry <name>', 'the definition that is the program (default process)')
    .option('--double', 'compute in 64-bit floating point (default)')
    .option('--single', 'compute in 32-bit floating point')
    .option('-O, --optimize', 'spend more time on a faster module')
    .addOption(
      new Option('--voices <count>', 'so many voices, each with its own freq, gain and gate').argParser(
        parseWhole('--voices', 1, 1024),
      ),
    )
}

/** Errors become diagnostics in `usage.ts`; commander itself says nothing. */
function keepQuiet(command: Command): void {
  command
    .exitOverride()
    .showSuggestionAfterError(false)
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
}
