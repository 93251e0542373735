/**
 * Lines typed in earlier sessions, in the state directory of the XDG base directory specification.
 *
 * Comes in: lines. Goes out: the history, the newest first, as node:readline wants it. Whatever goes wrong with the
 * file, the session goes on without it.
 */
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

const MOST_LINES = 1000

export interface History {
  readonly lines: readonly string[]
  add(line: string): void
}

export function historyFile(environment: NodeJS.ProcessEnv = process.env): string {
  const state = environment.XDG_STATE_HOME || join(environment.HOME || homedir(), '.local', 'state')
  return join(state, 'dspc', 'history')
}

export function openHistory(file = historyFile()): History {
  const lines = readLines(file)
  let last = lines.at(-1)
  return {
    lines: lines.toReversed(),
    add: line => {
      if (line.trim() === '' || line === last) return
      last = line
      attempt(() => {
        mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
        appendFileSync(file, `${line}\n`, { mode: 0o600 })
      })
    },
  }
}

/** Shortens the file when it has grown to twice what is kept. */
function readLines(file: string): string[] {
  const all = attempt(() => readFileSync(file, 'utf8').split('\n').filter(Boolean)) ?? []
  const kept = all.slice(-MOST_LINES)
  if (all.length > 2 * MOST_LINES) attempt(() => writeFileSync(file, `${kept.join('\n')}\n`, { mode: 0o600 }))
  return kept
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
