/**
 * `dspc FILE --play`: compiles, and lets one hear it until Ctrl-C or for `--duration`.
 *
 * Comes in: a program and flags. Goes out: sound. What is heard is made by another process; here are the terminal,
 * the keys and the exit code.
 */
import type { CompiledProgram } from '../../core/program.ts'
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { RuntimeError } from '../../runtime/error.ts'
import { startPlayer } from '../../runtime/player.ts'
import type {
  EndedEvent,
  MutedEvent,
  Player,
  PlayerOptions,
  SwapOptions,
} from '../../runtime/player-types.ts'
import { fitSettings } from '../apply-settings.ts'
import { type Job, report } from '../compile-program.ts'
import { createDraftPlayer, type Drafted, type DraftPlayer, draftJob } from '../drafts.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { Failure, fail } from '../failure.ts'
import { DEFAULT_RATE, type MainFlags } from '../options.ts'
import { checkExtras, withExtras } from '../play-extras.ts'
import { playerOptions } from '../player-options.ts'
import { showPlaying } from '../playing-line.ts'
import { say } from '../terminal.ts'
import { openWav } from '../wav-source.ts'

export async function playCommand(file: string | undefined, job: Job, flags: MainFlags): Promise<ExitCode> {
  checkExtras(flags)
  const input = flags.in === undefined ? undefined : await openWav(flags.in)
  input?.close()
  const options = playerOptions(flags, flags.rate ?? input?.info.sampleRate ?? DEFAULT_RATE)
  // The host starts while the program compiles; whether it can play matters only if there is a program.
  const opening = openPlayer(options)
  opening.catch(() => {})
  try {
    const drafted = await compileOrWait(job, flags)
    report(input?.diagnostics ?? [], job.loader)
    const swapOptions = (next: CompiledProgram, isFirst: boolean): SwapOptions => {
      const audition = flags.audition !== false
      if (!isFirst) return { audition }
      const { settings, remarks } = fitSettings(next, flags.set ?? [])
      report([...adviseInput(next, input?.info, options.sampleRate), ...remarks], job.loader)
      return { audition, settings }
    }
    const player = withExtras(await opening, flags, options)
    const drafts = createDraftPlayer(player)
    return await listen({ file, job, flags, player, drafts, drafted, swapOptions })
  } finally {
    opening.then(
      player => player.stop(),
      () => {},
    )
  }
}

/** Errors of a program that is being written are no reason to end. */
async function compileOrWait(job: Job, { watch }: MainFlags): Promise<Drafted> {
  const drafted = await draftJob(job)
  const { program, diagnostics } = drafted
  const silent = program?.outputs === 0 ? [makeDiagnostic('noOutputs', undefined, {})] : []
  report([...diagnostics, ...silent], job.loader)
  const heard = silent.length > 0 ? undefined : program
  if (!heard && !watch) throw new Failure(EXIT.program, [])
  return { ...drafted, program: heard }
}

interface Listening {
  readonly file: string | undefined
  readonly job: Job
  readonly flags: MainFlags
  readonly player: Player
  readonly drafts: DraftPlayer
  /** Without a program when there is none without errors yet. */
  readonly drafted: Drafted
  readonly swapOptions: (program: CompiledProgram, isFirst: boolean) => SwapOptions
}

/** Until it is over. */
async function listen(listening: Listening): Promise<ExitCode> {
  const { job, flags, player } = listening
  const interrupt = stopOnSignals(player)
  const ended = new Promise<EndedEvent>(resolve => player.on('ended', resolve))
  let wasMuted = false
  const line = showPlaying(player, process.stderr, !flags.panel)
  player.on('muted', event => {
    wasMuted = true
    line.clear()
    report([describeMuted(event, player.sampleRate)], job.loader)
    // Unless somebody changes the program, it stays silent.
    if (!event.recovered && !flags.watch) void player.stop()
  })
  let watching: Watching | undefined
  try {
    const sounding = await begin(listening)
    watching = flags.watch ? await startWatching(listening, sounding, line.clear) : undefined
    const event = await Promise.race([ended, ...(watching ? [watching.broken] : [])])
    line.clear()
    if (event.reason === 'finished' || event.reason === 'stopped') line.conclude()
    return exitCodeOf(event, interrupt.signalled(), wasMuted)
  } catch (error) {
    throw error instanceof RuntimeError ? failureOf(error.diagnostic) : error
  } finally {
    watching?.close()
    line.clear()
    interrupt.release()
  }
}

/** Lets the first program out; undefined when it is refused and another one may come. */
async function begin({
  job,
  flags,
  drafts,
  drafted,
  swapOptions,
}: Listening): Promise<CompiledProgram | undefined> {
  const { program } = drafted
  const outcome = program && (await drafts.swap(program, drafted, swapOptions(program, true)))
  if (!outcome || outcome.ok || outcome.code === 'ended') return program
  if (!flags.watch) fail(EXIT.fault, 'swapRefused', { reason: outcome.reason })
  report([makeDiagnostic('swapRefused', undefined, { reason: outcome.reason })], job.loader)
  return undefined
}

interface Watching {
  /** Rejects when something fails that is no fault of the program. */
  readonly broken: Promise<never>
  close(): unknown
}

async function startWatching(
  { file, job, flags, player, drafts, drafted, swapOptions }: Listening,
  sounding: CompiledProgram | undefined,
  clear: () => void,
): Promise<Watching> {
  const { watchPlaying } = await import('../watch/play.ts')
  let give: (error: unknown) => void = () => {}
  const broken = new Promise<never>((_, reject) => {
    give = reject
  })
  clear()
  say(sounding ? `playing ${file}; what you save is heard at once` : `waiting for ${file} without errors`)
  const { diagnostics: warnings } = drafted
  const options = { file: file!, flags, job, player, drafts, sounding, warnings, swapOptions, clear }
  return { broken, close: watchPlaying({ ...options, broken: give }).close }
}

/** What cannot be played, and why, is for the user to know, not a fault of the program. */
export async function openPlayer(options: PlayerOptions): Promise<Player> {
  try {
    return await startPlayer(options)
  } catch (error) {
    throw error instanceof RuntimeError ? failureOf(error.diagnostic) : error
  }
}

/** A file that cannot be written is no lack of sound. */
function failureOf(diagnostic: Diagnostic): Failure {
  return new Failure(diagnostic.code.startsWith('DSP08') ? EXIT.file : EXIT.audio, [diagnostic])
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** The first fades out and ends; the second ends at once. */
function stopOnSignals(player: Player) {
  let signalled = false
  const listener = () => {
    if (signalled) process.exit(EXIT.interrupted)
    signalled = true
    void player.stop()
  }
  for (const signal of SIGNALS) process.on(signal, listener)
  return {
    signalled: () => signalled,
    release: () => {
      for (const signal of SIGNALS) process.off(signal, listener)
    },
  }
}

function exitCodeOf(event: EndedEvent, signalled: boolean, wasMuted: boolean): ExitCode {
  switch (event.reason) {
    case 'device':
    case 'crash':
      throw failureOf(describeEnd(event))
    case 'stopped':
    case 'finished':
      if (signalled) return EXIT.interrupted
      return wasMuted ? EXIT.fault : EXIT.ok
  }
}

/** For ends that are failures. */
export function describeEnd({ code, message, help }: EndedEvent): Diagnostic {
  const unknown = makeDiagnostic('hostCrashed', undefined, { reason: 'nothing is known' }, [], help)
  return message === undefined ? unknown : { ...unknown, code: code ?? unknown.code, message }
}

function adviseInput(
  { inputs }: CompiledProgram,
  info: { channels: number; sampleRate: number } | undefined,
  rate: number,
): Diagnostic[] {
  if (!info) return inputs > 0 ? [makeDiagnostic('inputMissing', undefined, { inputs })] : []
  const { channels, sampleRate: file } = info
  const advice: Diagnostic[] = []
  if (channels !== inputs && !(channels === 1 && inputs > 0)) {
    advice.push(makeDiagnostic('inputUnused', undefined, { channels, inputs }))
  }
  if (file !== rate) advice.push(makeDiagnostic('inputRate', undefined, { file, rate }))
  return advice
}

const CAUSES: Readonly<Record<MutedEvent['reason'], string>> = {
  notANumber: 'the output is not a number',
  runaway: 'the output is more than 40 dB above full scale',
  trapped: 'the program stopped with a fault',
}
/** More controls than that nobody reads in a sentence. */
const MOST_CONTROLS = 8

export function describeMuted(
  { reason, frame, values, recovered }: MutedEvent,
  sampleRate: number,
): Diagnostic {
  const entries = Object.entries(values)
  const shown = entries.slice(0, MOST_CONTROLS).map(([address, value]) => `${address} = ${value}`)
  if (entries.length > MOST_CONTROLS) shown.push(`${entries.length - MOST_CONTROLS} more`)
  return makeDiagnostic('programMuted', undefined, {
    cause: CAUSES[reason],
    seconds: frame / sampleRate,
    controls: shown.join(', '),
    next: recovered ? 'the program before it plays again' : 'silence until the program changes',
  })
}
