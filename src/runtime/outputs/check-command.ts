/**
 * Whether a program that plays has something to play to.
 */
import { execFile } from 'node:child_process'
import { findCommand, type PipeCommand } from './pipe-commands.ts'

const PATIENCE_MS = 2000

/** Without a way to tell, it is believed to work. */
export function checkCommand({ check }: PipeCommand): Promise<boolean> {
  if (!check) return Promise.resolve(true)
  const [command, ...args] = check
  const path = findCommand(command)
  if (path === undefined) return Promise.resolve(true)
  return new Promise(resolve => {
    execFile(path, args, { timeout: PATIENCE_MS }, error => resolve(error === null))
  })
}
