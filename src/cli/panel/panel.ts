/**
 * The panel in a terminal: the alternate screen, keys, and a player.
 *
 * Comes in: a player and its program. Goes out: values that the keys set. However it ends, the terminal is as before.
 */
import { emitKeypressEvents, type Key } from 'node:readline'
import type { Player } from '../../runtime/player-types.ts'
import { wantsColor } from '../terminal.ts'
import { createPanel, type Panel, type PanelProgram, press } from './model.ts'
import { renderPanel } from './render.ts'

const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l'
const LEAVE = '\x1b[?7h\x1b[?25h\x1b[?1049l'

export interface ShownPanel {
  /** Another program plays. */
  update(program: PanelProgram): void
  /** Shown until the next message. */
  message(text: string): void
  /** Gives the terminal back. Safe to call twice. */
  close(): void
}

export interface PanelStreams {
  readonly input: NodeJS.ReadStream
  readonly output: NodeJS.WriteStream
}

export function showPanel(
  player: Player,
  program: PanelProgram,
  quit: () => void,
  { input, output }: PanelStreams = { input: process.stdin, output: process.stdout },
): ShownPanel {
  let panel: Panel = createPanel(program)
  let open = true
  const draw = () => {
    if (!open) return
    const size = { columns: output.columns || 80, rows: output.rows || 24, color: wantsColor(output) }
    // Each line is cleared behind its text: clearing all of it first would flicker.
    output.write(`\x1b[H${renderPanel(panel, size).join('\x1b[K\r\n')}\x1b[K\x1b[J`)
  }
  const onKey = (text: string | undefined, key: Key) => {
    const pressed = press(panel, nameOf(text, key))
    panel = pressed.panel
    for (const { address, value } of pressed.changes) {
      player.set(address, value).catch((error: Error) => {
        panel = { ...panel, message: error.message }
      })
    }
    draw()
    if (pressed.quit) quit()
  }
  const offStatus = player.on('status', ({ values, peaks, load, underruns, frame }) => {
    panel = {
      ...panel,
      values: { ...panel.values, ...values },
      peaks,
      load,
      underruns,
      seconds: frame / player.sampleRate,
    }
    draw()
  })
  const close = () => {
    if (!open) return
    open = false
    offStatus()
    input.off('keypress', onKey)
    output.off('resize', draw)
    process.off('exit', close)
    if (input.isTTY) input.setRawMode(false)
    input.pause()
    output.write(LEAVE)
  }
  output.write(ENTER)
  emitKeypressEvents(input)
  if (input.isTTY) input.setRawMode(true)
  input.resume()
  input.on('keypress', onKey)
  output.on('resize', draw)
  process.on('exit', close)
  draw()
  return {
    update: next => {
      panel = createPanel(next, panel)
      draw()
    },
    message: text => {
      panel = { ...panel, message: text }
      draw()
    },
    close,
  }
}

function nameOf(text: string | undefined, key: Key): string {
  if (key.ctrl && key.name === 'c') return 'ctrl-c'
  if (text !== undefined && /^[-0-9.]$/.test(text)) return text
  if (text === ' ') return 'space'
  return key.name === 'enter' ? 'return' : (key.name ?? '')
}
