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
import { addCompileOptions, type CompileFlags } from './options-compile.ts'
import { addReplCommand, type LiveHandlers } from './options-live.ts'
import {
  type Duration,
  parseBackend,
  parseBits,
  parseChoice,
  parseDuration,
  parseFade,
  parseLatency,
  parseLength,
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
  readonly watch?: boolean
  readonly backend?: string
  readonly device?: string
  /** In seconds. */
  readonly latency?: number
  readonly record?: string
  readonly log?: string
  readonly panel?: boolean
  readonly audition?: boolean
  readonly explainCost?: boolean
  readonly json?: boolean
}

export interface ReportFlags {
  readonly json?: boolean
}

export interface CheckFlags extends CompileFlags {
  readonly json?: boolean
}

export interface SwapFlags extends CompileFlags {
  readonly explain?: boolean
  readonly json?: boolean
  readonly render?: string
  readonly at?: Duration
  readonly fade?: Duration
  readonly duration?: Duration
  readonly rate?: number
  readonly bits?: SampleFormat
  readonly in?: string
  readonly set?: readonly Setting[]
  readonly block?: number
}

export interface FormatFlags {
  readonly check?: boolean
}

export interface Handlers extends LiveHandlers {
  main(file: string | undefined, flags: MainFlags): Promise<void>
  check(file: string | undefined, flags: CheckFlags): Promise<void>
  explain(code: string | undefined): Promise<void>
  format(files: readonly string[], flags: FormatFlags): Promise<void>
  swap(old: string | undefined, edited: string | undefined, flags: SwapFlags): Promise<void>
  devices(flags: ReportFlags): Promise<void>
  doctor(flags: ReportFlags): Promise<void>
}

export const DEFAULT_SECONDS = 5
export const DEFAULT_RATE = 48_000
export const DEFAULT_SWAP_SECONDS = 2
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
  dspc synth.dsp --play --watch              and again after every save, without a break
  dspc repl synth.dsp                        change it line by line while it plays
  dspc synth.dsp --emit=svg -o diagrams      block diagrams, to be opened in a browser
  dspc synth.dsp --explain-cost              what it costs, definition by definition
  dspc check synth.dsp --json                diagnostics for an editor
  dspc explain DSP0401                       more about a message
  dspc fmt *.dsp                             rewrite files in the usual layout
  dspc swap old.dsp new.dsp --explain        what keeps its state when new.dsp replaces old.dsp

Imports are searched in: the current directory, -I directories (last one first), the directory of the
program, the directories in DSPC_PATH, the standard library.

Exit codes: 0 ok, 1 the program has errors, 2 wrong command line, 3 file cannot be read or written,
4 no sound output, 5 fault while running, 130 interrupted.
`

export function buildCommand(handlers: Handlers): Command {
  const main = new Command('dspc')
    .description('Compiles Faust programs to WebAssembly, renders them and plays them.')
    .usage(
      '[options] FILE\n       dspc check FILE [--json]\n       dspc explain [CODE]\n       dspc fmt FILE... [--check]\n       dspc swap OLD NEW [--explain] [--render FILE.wav]\n       dspc repl [FILE]\n       dspc replay LOG -o FILE.wav\n       dspc devices | doctor [--json]',
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
  addSwapCommand(main, handlers)
  addReplCommand(main, handlers, BACKEND_NAMES)
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

function addSwapCommand(main: Command, handlers: Handlers): void {
  const at = `when to swap, since the start of the file (default ${DEFAULT_SWAP_SECONDS}s)`
  const swap = main
    .command('swap [old] [new]')
    .summary('say, or render, what a program keeps of the one it replaces')
    .description(
      'Says what happens to the state of OLD when NEW takes its place while it runs: what is kept, moved, resized, new and dropped. With --render, writes the sound across the swap.',
    )
    .option('--explain', 'list every piece of state')
    .option('--json', 'print the report to stdout as JSON')
    .option('--render <file>', 'write the sound across the swap to a WAV file; - for stdout')
    .addOption(new Option('--at <time>', at).argParser(value => parseLength('--at', value)))
    .addOption(
      new Option('--fade <time>', 'cross-fade where state starts anew (default 20ms); 0s for none').argParser(
        parseFade,
      ),
    )
  addSignalOptions(swap)
  addCompileOptions(swap)
  swap.action((old: string | undefined, edited: string | undefined, _flags: SwapFlags, command: Command) =>
    handlers.swap(old, edited, command.optsWithGlobals<SwapFlags>()),
  )
}

function addRenderOptions(command: Command): void {
  command.option('-o, --output <file>', 'render to a WAV file, or write what --emit asks for; - for stdout')
  addSignalOptions(command)
  command.addOption(
    new Option('--emit <stage>', `print instead: ${STAGES.join(', ')}`).argParser(
      parseChoice('--emit', STAGES),
    ),
  )
  command
    .option(
      '--explain-cost',
      'print instead: what each definition costs, what runs in lanes, what prevents more',
    )
    .option('--json', 'with --explain-cost: as JSON')
}

/** What is rendered, and how long. */
function addSignalOptions(command: Command): void {
  const bits = `bits a sample: 16, 24, 32, or 32f, 64f for floating point (default ${DEFAULT_BITS})`
  const rate = `sample rate in hertz (default that of --in, else ${DEFAULT_RATE})`
  const length = `length: 2s, 500ms, 1.5min, 96000smp (default that of --in, else ${DEFAULT_SECONDS}s)`
  command
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
}

function addPlayOptions(command: Command): void {
  const ways = `how to play: ${BACKEND_NAMES.join(', ')} (default auto)`
  const latency = 'sound queued ahead: 120ms (default), 0.5s, max'
  command
    .option('--play', 'play live, until Ctrl-C or for --duration')
    .option('--watch', 'again after every save; with --play, what did not change sounds on')
    .addOption(new Option('--backend <name>', ways).argParser(parseBackend))
    .option('--device <name>', 'the device to play to, as `dspc devices` lists it')
    .addOption(new Option('--latency <time>', latency).argParser(parseLatency))
    .option('--record <file>', 'also write what is heard to a WAV file')
    .option('--log <file>', 'also write a log for `dspc replay`')
    .option('--panel', 'show the controls in the terminal, and move them by keys')
    .option('--no-audition', 'let programs out that would be refused for their sound')
}

/** Errors become diagnostics in `usage.ts`; commander itself says nothing. */
function keepQuiet(command: Command): void {
  command
    .exitOverride()
    .showSuggestionAfterError(false)
    .allowExcessArguments(false)
    .configureOutput({ writeErr: () => {}, outputError: () => {} })
}
