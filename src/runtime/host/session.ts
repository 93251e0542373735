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
import type { EndedEvent, MutedEvent, PlayerOptions } from '../player-types.ts'
import type { Answers, HostEvent, Request } from '../protocol.ts'
import { type Deck, moveControl, valuesOf } from './deck.ts'
import { type LoopedInput, openLoop } from './input.ts'
import type { Preparer } from './preparer.ts'
import { createSnapshots } from './snapshots.ts'
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

const refusal = (diagnostic: Diagnostic) => new RuntimeError(diagnostic)

export function createSession(preparer: Preparer, send: (event: HostEvent) => void): Session {
  let opened: Opened | undefined
  let stopping = false
  let ended = false

  const end = (event: EndedEvent) => {
    if (ended) return
    ended = true
    opened?.stream?.halt()
    opened?.input?.close()
    send({ kind: 'ended', event })
  }
  const failed = async (fault: OutputFault) => {
    opened?.output.stop()
    await opened?.stream?.record(undefined).catch(() => {})
    end(endOf(fault))
  }
  const muted = (reason: MutedEvent['reason'], bad: Deck) => {
    const { swapper, stream } = opened!
    const values = valuesOf(bad)
    const { frame } = stream!.mixer
    const recovered = swapper.recover(stream!.mixer, bad)
    send({ kind: 'muted', event: { reason, frame, values, recovered } })
  }
  const stalled = () =>
    void failed({
      name: 'outputFailed',
      output: opened!.options.backend.replace(/^pipe:/, ''),
      reason: 'it takes no more sound',
    })
  const finished = async () => {
    const problem = await opened!.stream!.drain()
    end(problem ? endWith('device', problem) : { reason: stopping ? 'stopped' : 'finished' })
  }

  const open = async (options: PlayerOptions) => {
    const input = openInput(options.inputFile)
    const output = await openOutput(options, failed)
    const snapshots = createSnapshots()
    const stage = async (outputs: number) => {
      const { recordFile } = opened!
      const on = { status: (event: HostEvent & { kind: 'status' }) => send(event), muted, finished, stalled }
      opened!.stream ??= await openStream({ options, outputs, output, input, recordFile, ...on }).catch(
        error => {
          if (error instanceof OutputError) void failed(error.fault)
          throw withDiagnostic(error)
        },
      )
      return opened!.stream
    }
    const playing = () => opened?.stream?.mixer
    const swapper = createSwapper({ player: options, snapshots, preparer, input, playing, stage })
    opened = { options, output, input, swapper, stream: undefined, recordFile: options.recordFile }
    return { sampleRate: options.sampleRate }
  }

  const stop = () => {
    if (stopping || ended) return
    stopping = true
    if (opened?.stream) opened.stream.mixer.fadeOut()
    else end({ reason: 'stopped' })
  }

  const set = (address: string, value: number) => {
    const mixer = opened?.stream?.mixer
    if (!mixer?.current) return findControl([], address) as never
    const fitted = moveControl(mixer.current, address, value)
    send({ kind: 'changed', event: { address, value: fitted, frame: mixer.frame } })
    return fitted
  }

  const record = async (path: string | undefined) => {
    if (opened?.stream) await opened.stream.record(path)
    else if (opened) opened.recordFile = path
    return undefined
  }

  const handle = async (request: Request): Promise<Answers[keyof Answers]> => {
    switch (request.kind) {
      case 'open':
        return open(request.options)
      case 'swap':
        return opened!.swapper.swap(request.program, request.options)
      case 'set':
        return set(request.address, request.value)
      case 'capture':
        return opened?.stream?.mixer.capture(request.output, request.frames) ?? new Float32Array(0)
      case 'record':
        return record(request.path)
      case 'pause':
      case 'resume':
        opened?.stream?.mixer.pause(request.kind === 'pause')
        return undefined
      case 'stop':
        stop()
        return undefined
      default:
        return assertNever(request)
    }
  }
  return { handle, stop }
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
