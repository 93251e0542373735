/**
 * What `--panel` and `--log` add to a player.
 *
 * Comes in: a player and flags. Goes out: a player that does the same, while a panel shows it and a log follows it.
 * Around the player and not in the command, so that first programs, saved ones and refused ones are all seen.
 */
import type { CompiledProgram } from '../core/program.ts'
import type { Player, PlayerOptions } from '../runtime/player-types.ts'
import { failUsage } from './failure.ts'
import type { MainFlags } from './options.ts'
import { type ShownPanel, showPanel } from './panel/panel.ts'
import { loggedProgram, loggedSwap, openLog, type SessionLog } from './session-log.ts'

type ExtraFlags = Pick<MainFlags, 'panel' | 'log'>

/** Before anything is compiled or opened. */
export function checkExtras({ panel }: ExtraFlags): void {
  const isTerminal = process.stdin.isTTY === true && process.stdout.isTTY === true
  if (panel && !isTerminal) failUsage('panelNeedsTerminal', {})
}

export function withExtras(player: Player, flags: ExtraFlags, options: PlayerOptions): Player {
  if (!flags.panel && flags.log === undefined) return player
  const log = flags.log === undefined ? undefined : startLog(flags.log, player, options)
  let panel: ShownPanel | undefined
  let release = () => {}
  const show = (program: CompiledProgram) => {
    if (!flags.panel) return
    if (panel) return panel.update(program)
    panel = showPanel(player, program, () => void player.stop())
    release = holdTalk(panel)
  }
  player.on('ended', () => {
    panel?.close()
    release()
  })
  return {
    ...player,
    swap: async (program, swapOptions = {}) => {
      const outcome = await player.swap(program, swapOptions)
      if (!outcome.ok) return outcome
      const logged = loggedProgram(program)
      if (logged) log?.program(logged, loggedSwap(swapOptions, outcome), outcome)
      show(program)
      return outcome
    },
  }
}

function startLog(file: string, player: Player, options: PlayerOptions): SessionLog {
  const { blockSize, inputFile } = options
  const { sampleRate } = player
  const log = openLog(file, { sampleRate, blockSize, ...(inputFile ? { input: inputFile } : {}) })
  log.follow(player)
  player.on('ended', log.end)
  return log
}

const MOST_HELD = 50

/** While the panel has the screen, talk goes to its message line, and to the terminal when it is gone. */
function holdTalk(panel: ShownPanel): () => void {
  const { stderr } = process
  const write = stderr.write
  const held: string[] = []
  stderr.write = ((chunk: string | Uint8Array) => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString()
    held.push(text)
    if (held.length > MOST_HELD) held.shift()
    panel.message(
      text
        .replace(/\x1b\[[\d;]*m/g, '')
        .trim()
        .split('\n')[0] ?? '',
    )
    return true
  }) as typeof stderr.write
  return () => {
    stderr.write = write
    for (const text of held.splice(0)) stderr.write(text)
  }
}
