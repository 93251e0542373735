/**
 * Commands in a pseudo-terminal. Node has none; Python has, and is there wherever native packages are built.
 */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const HELPER = fileURLToPath(new URL('./terminal-driver.py', import.meta.url))

export interface TerminalScript {
  readonly command: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly rows?: number
  readonly columns?: number
  /** What to wait for (a regular expression), then what to type, or the new size of the window. */
  readonly steps: readonly (readonly [expected: string, keys: string | { rows: number; columns: number }])[]
}

export interface TerminalResult {
  /** What was printed before each step's keys were sent. */
  readonly printed: readonly string[]
  readonly rest: string
  readonly code: number
  /** The expectation that was not met. */
  readonly failed: string | null
  /** Whether the modes of the terminal are as before. */
  readonly restored: boolean
}

export async function runInTerminal(script: TerminalScript): Promise<TerminalResult> {
  const { stdout } = await promisify(execFile)('python3', [HELPER, JSON.stringify(script)], {
    maxBuffer: 64 * 2 ** 20,
  })
  return JSON.parse(stdout) as TerminalResult
}
