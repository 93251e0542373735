/**
 * The names of backends, as they stand on the command line. Loads no backend.
 */
import { PIPE_COMMANDS, pipeCommand } from './pipe-commands.ts'

/** What may stand after `--backend`, for help and messages. */
export const BACKEND_NAMES = [
  'auto',
  'speaker',
  ...PIPE_COMMANDS.map(command => `pipe:${command.name}`),
  'null',
  'file:PATH',
  'stdout',
]

/** The full name: `aplay` is `pipe:aplay`. Undefined for what is no backend. */
export function backendName(name: string): string | undefined {
  if (pipeCommand(name)) return `pipe:${name}`
  if (['auto', 'speaker', 'null', 'stdout'].includes(name)) return name
  if (name.startsWith('file:') && name.length > 'file:'.length) return name
  return name.startsWith('pipe:') && pipeCommand(name.slice('pipe:'.length)) ? name : undefined
}
