/**
 * What the audio host does with each request of the front end.
 *
 * Comes in: requests. Goes out: answers, and events. Knows nothing of processes: `main.ts` carries the messages.
 */
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { assertNever } from '../../source.ts'
import { findControl } from '../controls.ts'
import { RuntimeError } from '../error.ts'
import { backendCalled } from '../outputs/backends.ts'
import { diagnoseFault, endOf, endWith } from '../outputs/diagnose.ts'
import { type Output, OutputError, type OutputFault } from '../outputs/output.ts'
import { unpackProgram } from '../packed-program.ts'
import type { EndedEvent, MutedEvent, PlayerOptions } from '../player-types.ts'
import type { Answers, HostEvent, Request } from '../protocol.ts'
import { type Deck, moveControl, valuesOf } from './deck.ts'
import { type LoopedInput, openLoop } from './input.ts'
import type { Preparer } from './preparer.ts'
import { openStream, type Stream } from './stream.ts'
import { createSwapper, type Swapper } from './swapper.ts'

export interface Session {
  handle(request: Request): Promise<Answers[keyof Answers]>
  /** Fades out and ends. */
  stop(): void
}

/** What there is from `open` on; the stream from the first program on, which says how many channels. */
interface Opened {
  readonly options: PlayerOptions
  readonly output: Output
  readonly input: LoopedInput | undefined
  readonly swapper: Swapper
  stream: Stream | undefined
  recordFile: string | undefined
}

interface State {
  readonly preparer: Preparer
  readonly send: (event: HostEvent) => void
  opened: Opened | undefined
  stopping: boolean
  /** Frame at which the sound began to fade out at the end. */
  fadedFrom: number | undefined
  ended: boolean
}

const refusal = (diagnostic: Diagnostic) => new RuntimeError(diagnostic)

export function createSession(preparer: Preparer, send: (event: HostEvent) => void): Session {
  const state: State = {
    preparer,
    send,
    opened: undefined,
    stopping: false,
    fadedFrom: undefined,
    ended: false,
  }
  return { handle: request => handle(state, request), stop: () => stop(state) }
}

async function handle(state: State, request: Request): Promise<Answers[keyof Answers]> {
  const { opened } = state
  switch (request.kind) {
    case 'open':
      return open(state, request.options)
    case 'swap':
      return opened!.swapper.swap(unpackProgram(request.program), request.options)
    case 'expect':
      opened?.swapper.expect()
      return undefined
    case 'set':
      return set(state, request.address, request.value)
    case 'capture':
      return opened?.stream?.mixer.capture(request.output, request.frames) ?? new Float32Array(0)
    case 'record':
      return record(state, request.path)
    case 'pause':
    case 'resume':
      opened?.stream?.mixer.pause(request.kind === 'pause')
      return undefined
    case 'stop':
      stop(state)
      return undefined
    default:
      return assertNever(request)
  }
}

async function open(state: State, options: PlayerOptions) {
  const input = openInput(options.inputFile)
  const output = await openOutput(options, fault => void failed(state, fault))
  const swapper = createSwapper({
    player: options,
    preparer: state.preparer,
    input,
    playing: () => state.opened?.stream?.mixer,
    stage: outputs => openStage(state, outputs),
  })
  state.opened = { options, output, input, swapper, stream: undefined, recordFile: options.recordFile }
  return { sampleRate: options.sampleRate }
}

async function openStage(state: State, outputs: number): Promise<Stream> {
  const opened = state.opened!
  const { options, output, input, recordFile } = opened
  try {
    opened.stream ??= await openStream({
      options,
      outputs,
      output,
      input,
      recordFile,
      status: state.send,
      muted: (reason, bad) => muted(state, reason, bad),
      finished: () => void finished(state),
      stalled: () => stalled(state),
    })
  } catch (error) {
    if (error instanceof OutputError) void failed(state, error.fault)
    throw withDiagnostic(error)
  }
  return opened.stream
}

function end(state: State, event: EndedEvent): void {
  if (state.ended) return
  state.ended = true
  state.opened?.stream?.halt()
  state.opened?.input?.close()
  state.send({ kind: 'ended', event })
}

/** The recording is completed all the same. */
async function failed(state: State, fault: OutputFault): Promise<void> {
  const { opened } = state
  opened?.output.stop()
  await opened?.stream?.record(undefined).catch(() => {})
  end(state, endOf(fault))
}

function stalled(state: State): void {
  const output = state.opened!.options.backend.replace(/^pipe:/, '')
  void failed(state, { name: 'outputFailed', output, reason: 'it takes no more sound' })
}

async function finished(state: State): Promise<void> {
  const problem = await state.opened!.stream!.drain()
  const reason = state.stopping ? 'stopped' : 'finished'
  end(state, problem ? endWith('device', problem) : { reason, fadedFrom: state.fadedFrom })
}

function muted({ opened, send }: State, reason: MutedEvent['reason'], bad: Deck): void {
  const { mixer } = opened!.stream!
  const values = valuesOf(bad)
  const { frame } = mixer
  const recovered = opened!.swapper.recover(mixer, bad)
  send({ kind: 'muted', event: { reason, frame, values, recovered } })
}

function stop(state: State): void {
  if (state.stopping || state.ended) return
  state.stopping = true
  const { opened } = state
  if (!opened?.stream) {
    end(state, { reason: 'stopped' })
    return
  }
  state.fadedFrom = opened.stream.mixer.frame
  opened.stream.mixer.fadeOut()
}

function set({ opened, send }: State, address: string, value: number): number {
  const mixer = opened?.stream?.mixer
  if (!mixer?.current) return findControl([], address) as never
  const fitted = moveControl(mixer.current, address, value)
  send({ kind: 'changed', event: { address, value: fitted, frame: mixer.frame } })
  return fitted
}

async function record({ opened }: State, path: string | undefined): Promise<undefined> {
  if (opened?.stream) await opened.stream.record(path)
  else if (opened) opened.recordFile = path
  return undefined
}

function openInput(path: string | undefined): LoopedInput | undefined {
  if (path === undefined) return undefined
  try {
    return openLoop(path)
  } catch (error) {
    throw refusal(makeDiagnostic('notWav', undefined, { file: path, reason: (error as Error).message }))
  }
}

async function openOutput(options: PlayerOptions, failed: (fault: OutputFault) => void): Promise<Output> {
  const { backend: name, device } = options
  const backend = backendCalled(name)
  if (!backend) throw refusal(makeDiagnostic('noSoundOutput', undefined, {}))
  try {
    return await backend({ device, failed })
  } catch (error) {
    throw withDiagnostic(error)
  }
}

function withDiagnostic(error: unknown): unknown {
  return error instanceof OutputError ? refusal(diagnoseFault(error.fault)) : error
}
