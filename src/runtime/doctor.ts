/**
 * Why there is sound, or none.
 *
 * Comes in: nothing. Goes out: findings: what was looked at, how it is, and what to do about it. `speaker` is tried in
 * an audio host, because trying it may end the process.
 */
import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { RuntimeError } from './error.ts'
import { checkCommand } from './outputs/check-command.ts'
import { findCommand, PIPE_COMMANDS, type PipeCommand } from './outputs/pipe-commands.ts'
import { startPlayer } from './player.ts'

export interface Finding {
  readonly what: string
  readonly state: 'works' | 'missing' | 'fails'
  readonly detail: string
  /** What to do. */
  readonly help?: string
  /** Whether it brings sound to a device when it works. */
  readonly device: boolean
}

export async function diagnoseSound(): Promise<Finding[]> {
  const pipes = await Promise.all(PIPE_COMMANDS.map(lookAtPipe))
  return [lookAtPackage(), await lookAtSpeaker(), ...lookAtCards(), ...pipes]
}

type Built = 'built' | 'notBuilt' | 'missing'

/** Without loading it. */
function packageState(): { readonly state: Built; readonly folder: string } {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('speaker/package.json'))
    const built = existsSync(join(folder, 'build', 'Release', 'binding.node'))
    return { state: built ? 'built' : 'notBuilt', folder }
  } catch {
    return { state: 'missing', folder: '' }
  }
}

function lookAtPackage(): Finding {
  const { state, folder } = packageState()
  const base = { what: 'package', device: false }
  switch (state) {
    case 'built':
      return { ...base, state: 'works', detail: `speaker is installed and built (${folder})` }
    case 'notBuilt':
      return {
        ...base,
        state: 'fails',
        detail: 'speaker is installed, but its install script did not run',
        help: 'npm rebuild speaker   (globally: npm install -g --allow-scripts=speaker dspc)',
      }
    case 'missing':
      return {
        ...base,
        state: 'missing',
        detail: 'speaker is not installed: most likely it could not be built',
        help: `${buildNeeds()}; then install dspc once more`,
      }
  }
}

/** What building `speaker` takes. */
export function buildNeeds(platform: NodeJS.Platform = process.platform): string {
  switch (platform) {
    case 'linux':
      return 'Debian, Ubuntu: sudo apt install build-essential python3 libasound2-dev; Fedora: sudo dnf install gcc-c++ make python3 alsa-lib-devel; Arch: sudo pacman -S base-devel python alsa-lib'
    case 'darwin':
      return 'xcode-select --install'
    case 'win32':
      return 'install Python and the Visual Studio Build Tools with "Desktop development with C++"'
    default:
      return 'install a C++ compiler, make and Python'
  }
}

async function lookAtSpeaker(): Promise<Finding> {
  const base = { what: 'speaker', device: true }
  if (packageState().state !== 'built') return { ...base, state: 'missing', detail: 'not tried' }
  try {
    const options = { backend: 'speaker', sampleRate: 48_000, blockSize: 512, latency: 0.1 }
    const player = await startPlayer(options)
    await player.stop()
    return { ...base, state: 'works', detail: 'opened the default device' }
  } catch (error) {
    if (!(error instanceof RuntimeError)) throw error
    const { message, code } = error.diagnostic
    const detail = message
    return { ...base, state: 'fails', detail, help: code === 'DSP0724' ? deviceHelp() : undefined! }
  }
}

function deviceHelp(platform: NodeJS.Platform = process.platform): string {
  if (platform !== 'linux') return 'connect a sound device and make it the default one'
  return 'over ssh or in a container there may be none; with PipeWire or PulseAudio: sudo apt install pipewire-alsa (or libasound2-plugins)'
}

function lookAtCards(): Finding[] {
  if (process.platform !== 'linux') return []
  const names = existsSync('/dev/snd') ? readdirSync('/dev/snd').filter(name => /^pcm.*p$/.test(name)) : []
  const base = { what: 'sound cards', device: false }
  if (names.length === 0)
    return [{ ...base, state: 'missing', detail: 'the system knows of no card that plays' }]
  return [{ ...base, state: 'works', detail: names.join(', ') }]
}

async function lookAtPipe(command: PipeCommand): Promise<Finding> {
  const base = { what: `pipe:${command.name}`, device: true }
  const path = findCommand(command.name)
  if (path === undefined) return { ...base, state: 'missing', detail: 'not installed' }
  if (!command.check) return { ...base, state: 'works', detail: `${path} (not tried)`, device: false }
  const works = await checkCommand(command)
  return works
    ? { ...base, state: 'works', detail: path }
    : { ...base, state: 'fails', detail: `${path} finds nothing to play to` }
}
