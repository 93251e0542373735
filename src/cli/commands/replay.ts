/**
 * `dspc replay LOG -o FILE.wav`: a performance once more, from its log.
 *
 * Comes in: a log. Goes out: the WAV file that a recording of the performance would be, sample for sample: the same
 * mixer and the same swaps as in the audio host run here, without waiting for time to pass.
 */
import { readFileSync } from 'node:fs'
import type { CompiledProgram } from '../../core/program.ts'
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { VERSION } from '../../runtime/description.ts'
import { moveControl } from '../../runtime/host/deck.ts'
import { type LoopedInput, openLoop } from '../../runtime/host/input.ts'
import { createMemoryPool } from '../../runtime/host/memory-pool.ts'
import { createMixer, type Mixer } from '../../runtime/host/mixer.ts'
import { prepare } from '../../runtime/host/prepare.ts'
import { createSwapper, type Swapper } from '../../runtime/host/swapper.ts'
import { compileAny, report } from '../compile-program.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { Failure, fail, failUsage, reasonOf } from '../failure.ts'
import { createLoader, type Loader } from '../load.ts'
import type { ReplayFlags } from '../options-live.ts'
import { type LogEvent, type LoggedProgram, type LogHead, readLog } from '../session-log.ts'
import { say } from '../terminal.ts'
import { type WavSink, wavSink } from '../wav-sink.ts'

export async function replayCommand(file: string | undefined, flags: ReplayFlags): Promise<ExitCode> {
  if (file === undefined) return failUsage('noProgram', {}, 'name the log: `dspc replay LOG -o FILE.wav`')
  if (flags.output === undefined) return failUsage('optionNeedsValue', { option: '-o' }, 'add `-o FILE.wav`')
  const log = readLog(readFile(file))
  if (!log.ok) return fail(EXIT.file, 'logInvalid', { file, line: log.line, reason: log.reason })
  const first = log.events.find(event => event.kind === 'program')
  if (!first)
    return fail(EXIT.file, 'logInvalid', { file, line: 1, reason: 'is all there is: nothing was played' })
  warnOfVersion(log.head)
  const { sampleRate } = log.head
  const { program } = await compileLogged(first.program)
  const channels = Math.max(1, first.swap.audibleOutputs ?? program.outputs)
  const frames = log.events.at(-1)!.frame
  const format = { samples: flags.bits ?? '32f', channels, sampleRate } as const
  const sink = wavSink(flags.output, format, frames, log.head.blockSize)
  try {
    await replay(log.head, log.events, channels, sink)
    await sink.finish()
  } catch (error) {
    sink.discard()
    throw error
  }
  say(`replayed ${(frames / sampleRate).toFixed(3)} s to ${flags.output}`)
  return EXIT.ok
}

function readFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT')
      return fail(EXIT.file, 'fileNotFound', { file: path })
    return fail(EXIT.file, 'fileUnreadable', { file: path, reason: reasonOf(error) })
  }
}

function warnOfVersion({ dspc }: LogHead): void {
  if (dspc === VERSION) return
  const warning = makeDiagnostic('logOlder', undefined, { found: dspc, expected: VERSION })
  say(`warning[${warning.code}]: ${warning.message}`)
}

async function replay(
  head: LogHead,
  events: readonly LogEvent[],
  channels: number,
  sink: WavSink,
): Promise<void> {
  const input = head.input === undefined ? undefined : openInput(head.input)
  const { mixer, swapper } = makePlayer(head, channels, input)
  try {
    for (const event of events) {
      if (event.kind === 'end' && event.fadedFrom !== undefined) {
        await renderUntil(event.fadedFrom, mixer, head.blockSize, channels, sink)
        mixer.fadeOut()
      }
      await renderUntil(event.frame, mixer, head.blockSize, channels, sink)
      await happen(event, mixer, swapper)
    }
  } finally {
    input?.close()
  }
}

function openInput(path: string): LoopedInput {
  try {
    return openLoop(path)
  } catch (error) {
    return fail(EXIT.file, 'notWav', { file: path, reason: (error as Error).message })
  }
}

/** More than the host has: what could come back there must here, and sizes differ a little. */
const SNAPSHOT_BYTES = 256 * 2 ** 20

/** As the audio host puts it together, with the worker's work done here. */
function makePlayer(head: LogHead, channels: number, input: LoopedInput | undefined) {
  const { sampleRate, blockSize } = head
  const memories = createMemoryPool(() => {})
  const mixer: Mixer = createMixer({
    channels,
    sampleRate,
    blockSize,
    input,
    muted: (_reason, bad) => void swapper.recover(mixer, bad),
  })
  const swapper: Swapper = createSwapper({
    player: { backend: 'null', sampleRate, blockSize, latency: 0 },
    preparer: {
      expect: () => {},
      prepare: job => prepare(job, memories),
      close: async () => {},
    },
    input,
    snapshotBytes: SNAPSHOT_BYTES,
    playing: () => mixer,
    stage: async () => ({ mixer, start: () => {} }),
  })
  return { mixer, swapper }
}

async function renderUntil(
  frame: number,
  mixer: Mixer,
  blockSize: number,
  channels: number,
  sink: WavSink,
): Promise<void> {
  const block = new Float32Array(blockSize * channels)
  const planes = Array.from({ length: channels }, () => new Float32Array(blockSize))
  while (mixer.frame < frame) {
    const count = Math.min(blockSize, frame - mixer.frame)
    mixer.render(block, 0, count)
    planes.forEach((plane, c) => {
      for (let n = 0; n < count; n++) plane[n] = block[n * channels + c]!
    })
    await sink.write(planes, count)
  }
}

async function happen(event: LogEvent, mixer: Mixer, swapper: Swapper): Promise<void> {
  switch (event.kind) {
    case 'set':
      if (mixer.current) moveControl(mixer.current, event.address, event.value)
      return
    case 'program': {
      const { program } = await compileLogged(event.program)
      const outcome = await swapper.swap(program, { ...event.swap, audition: false })
      if (!outcome.ok) fail(EXIT.fault, 'swapRefused', { reason: outcome.reason })
      return
    }
    case 'end':
      return
  }
}

/** Files come from the log first: they may have changed since. */
async function compileLogged(
  logged: LoggedProgram,
): Promise<{ program: CompiledProgram; diagnostics: readonly Diagnostic[] }> {
  const { name, text, options, files } = logged
  const loader: Loader = createLoader({ name, text, directory: process.cwd() }, [])
  const load: Loader['load'] = file => files[file] ?? loader.load(file)
  const source = { name, text, directory: process.cwd() }
  const compileOptions = { ...options, filename: name, load, loadSound: loader.loadSound }
  const result = await compileAny({ source, loader, options: compileOptions })
  if (result.ok) return result
  report(result.diagnostics, loader)
  throw new Failure(EXIT.program, [])
}
