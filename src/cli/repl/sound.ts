/**
 * The player of a session: started when it is first needed, logged, and asked for what the scope shows.
 *
 * Comes in: programs. Goes out: outcomes. Apart from the effects because it alone knows whether there is sound here.
 */
import type { CompiledProgram } from '../../core/program.ts'
import { makeDiagnostic } from '../../diagnostics.ts'
import { RuntimeError } from '../../runtime/error.ts'
import { startPlayer } from '../../runtime/player.ts'
import type { Player, PlayerOptions, SwapOptions, SwapOutcome } from '../../runtime/player-types.ts'
import { describeEnd, describeMuted } from '../commands/play.ts'
import { createDraftPlayer, type Drafted, type DraftPlayer } from '../drafts.ts'
import { Failure } from '../failure.ts'
import type { Response } from '../session/types.ts'
import { type LoggedProgram, loggedSwap, openLog, type SessionLog } from '../session-log.ts'

/** A program, and what the log needs to know of it. */
export interface Playable {
  readonly program: CompiledProgram
  readonly logged: LoggedProgram
  readonly finish?: Drafted['finish']
}

export interface Sound {
  readonly player: Player | undefined
  /** Whether sound was wanted and could not be had. */
  readonly failed: boolean
  /** Starts the player if there is none. */
  open(): Promise<Response[]>
  /** Undefined when nothing plays. */
  swap(playable: Playable, options: SwapOptions): Promise<SwapOutcome | undefined>
  close(): Promise<void>
}

export interface SoundOptions {
  readonly player: PlayerOptions
  readonly audition: boolean
  readonly logFile: string | undefined
  /** For what comes by itself. */
  readonly tell: (response: Response) => void
  readonly start?: typeof startPlayer
}

export function createSound({
  player: wanted,
  audition,
  logFile,
  tell,
  start = startPlayer,
}: SoundOptions): Sound {
  let player: Player | undefined
  let drafts: DraftPlayer | undefined
  let log: SessionLog | undefined
  let closing = false
  let failed = false

  const lose = (lost: Player) => {
    if (player === lost) player = undefined
    tell({ kind: 'playing', playing: false })
  }
  const follow = (opened: Player) => {
    opened.on('status', status => tell({ kind: 'status', status }))
    opened.on('muted', event => {
      tell({ kind: 'wrong', diagnostics: [describeMuted(event, opened.sampleRate)] })
      if (event.recovered) tell({ kind: 'recovered' })
    })
    opened.on('ended', event => {
      lose(opened)
      // Another player would begin at frame 0.
      if (!closing) log?.end(event)
      if (!closing && event.reason !== 'stopped' && event.reason !== 'finished') {
        tell({ kind: 'wrong', diagnostics: [describeEnd(event)] })
      }
    })
  }
  const open = async (): Promise<Response[]> => {
    if (player) return [{ kind: 'playing', playing: true }]
    try {
      const opened = await start(wanted)
      player = opened
      drafts = createDraftPlayer(opened)
      follow(opened)
      if (logFile !== undefined) {
        const { sampleRate, blockSize, inputFile } = wanted
        log ??= openLog(logFile, { sampleRate, blockSize, ...(inputFile ? { input: inputFile } : {}) })
        log.follow(opened)
      }
      return [{ kind: 'playing', playing: true }]
    } catch (error) {
      if (!(error instanceof RuntimeError)) throw error
      failed = true
      return [{ kind: 'wrong', diagnostics: [error.diagnostic] }]
    }
  }
  const swap = async ({ program, logged, finish }: Playable, options: SwapOptions) => {
    if (!player || !drafts) return undefined
    const outcome = await drafts.swap(program, { finish }, { audition, ...options })
    if (outcome.ok) log?.program(logged, loggedSwap(options, outcome), outcome)
    return outcome
  }
  return {
    get player() {
      return player
    },
    get failed() {
      return failed
    },
    open,
    swap,
    close: async () => {
      closing = true
      const end = await player?.stop()
      log?.end(end)
    },
  }
}

/** Whatever goes wrong becomes what the session can show. */
export async function guardPlayer(action: () => Promise<Response[]>): Promise<Response[]> {
  try {
    return await action()
  } catch (error) {
    if (error instanceof Failure) return [{ kind: 'wrong', diagnostics: error.diagnostics }]
    const reason = error instanceof Error ? error.message : String(error)
    const diagnostic =
      error instanceof RuntimeError ? error.diagnostic : makeDiagnostic('hostCrashed', undefined, { reason })
    return [{ kind: 'wrong', diagnostics: [diagnostic] }]
  }
}
