/**
 * From the name of a backend, as it stands on the command line, to the output.
 */
import { fileBackend } from './file.ts'
import { nullBackend } from './null.ts'
import type { Backend } from './output.ts'
import { pipeBackend } from './pipe.ts'
import { pipeCommand } from './pipe-commands.ts'
import { speakerBackend } from './speaker.ts'
import { stdoutBackend } from './stdout.ts'

/** `name` is a full name, other than `auto`, which the front end resolves: it takes a host each. */
export function backendCalled(name: string): Backend | undefined {
  if (name === 'speaker') return speakerBackend
  if (name === 'null') return nullBackend
  if (name === 'stdout') return stdoutBackend
  if (name.startsWith('file:')) return fileBackend(name.slice('file:'.length))
  const command = pipeCommand(name.replace(/^pipe:/, ''))
  return command && pipeBackend(command)
}
