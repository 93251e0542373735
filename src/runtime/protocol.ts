/**
 * What the front end of the audio host and the host say to each other. Types only.
 *
 * Every request has a number and gets one answer with that number. Events come by themselves. Both are plain data
 * as the structured clone algorithm takes it.
 */
import type { Diagnostic } from '../diagnostics.ts'
import type { PackedProgram } from './packed-program.ts'
import type {
  ChangedEvent,
  EndedEvent,
  MutedEvent,
  PlayerOptions,
  PlayerStatus,
  SwapOptions,
  SwapOutcome,
} from './player-types.ts'

export type Request =
  | { readonly kind: 'open'; readonly options: PlayerOptions }
  | { readonly kind: 'swap'; readonly program: PackedProgram; readonly options: SwapOptions }
  /** A swap comes soon. */
  | { readonly kind: 'expect' }
  | { readonly kind: 'set'; readonly address: string; readonly value: number }
  | { readonly kind: 'capture'; readonly output: number; readonly frames: number }
  | { readonly kind: 'record'; readonly path?: string | undefined }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'stop' }

/** What the answer to each request holds. */
export interface Answers {
  readonly open: { readonly sampleRate: number }
  readonly swap: SwapOutcome
  readonly expect: undefined
  readonly set: number
  readonly capture: Float32Array
  readonly record: undefined
  readonly pause: undefined
  readonly resume: undefined
  readonly stop: undefined
}

export interface Envelope {
  readonly id: number
  readonly request: Request
}

export type HostEvent =
  | { readonly kind: 'answer'; readonly id: number; readonly value: Answers[keyof Answers] }
  | { readonly kind: 'refusal'; readonly id: number; readonly diagnostic: Diagnostic }
  | { readonly kind: 'status'; readonly event: PlayerStatus }
  | { readonly kind: 'muted'; readonly event: MutedEvent }
  | { readonly kind: 'changed'; readonly event: ChangedEvent }
  | { readonly kind: 'ended'; readonly event: EndedEvent }
