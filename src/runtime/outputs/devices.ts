/**
 * The devices that can play, as the sound systems of this machine list them.
 *
 * Comes in: nothing. Goes out: names to be used with `--device`, and for which backend. `speaker` itself can list
 * nothing; on Linux it takes the names that ALSA has.
 */
import { execFile } from 'node:child_process'
import { findCommand } from './pipe-commands.ts'

export interface SoundDevice {
  /** The backend that takes this name. */
  readonly backend: string
  readonly device: string
  readonly description: string
}

const PATIENCE_MS = 3000

export async function listDevices(): Promise<SoundDevice[]> {
  const lists = await Promise.all([listSinks(), listAlsa()])
  return lists.flat()
}

/** What the command prints; nothing when it is missing or fails. */
function outputOf(command: string, args: readonly string[]): Promise<string> {
  const path = findCommand(command)
  if (path === undefined) return Promise.resolve('')
  return new Promise(resolve => {
    execFile(path, args, { timeout: PATIENCE_MS }, (error, stdout) => resolve(error ? '' : stdout))
  })
}

/** PulseAudio, and PipeWire in its place. */
async function listSinks(): Promise<SoundDevice[]> {
  return parseSinks(await outputOf('pactl', ['-f', 'json', 'list', 'sinks']))
}

export function parseSinks(text: string): SoundDevice[] {
  try {
    const sinks: unknown = JSON.parse(text)
    if (!Array.isArray(sinks)) return []
    return sinks.map(({ name, description }: { name: string; description: string }) => ({
      backend: 'pipe:pacat',
      device: String(name),
      description: String(description),
    }))
  } catch {
    return []
  }
}

async function listAlsa(): Promise<SoundDevice[]> {
  return parseAlsa(await outputOf('aplay', ['-L']))
}

/** Names start a line; lines that are indented describe them. */
export function parseAlsa(text: string): SoundDevice[] {
  const devices: SoundDevice[] = []
  for (const line of text.split('\n')) {
    const last = devices.at(-1)
    if (/^\S/.test(line)) devices.push({ backend: 'speaker', device: line.trim(), description: '' })
    else if (last && line.trim() !== '') {
      const description = last.description === '' ? line.trim() : `${last.description}; ${line.trim()}`
      devices[devices.length - 1] = { ...last, description }
    }
  }
  return devices
}
