/**
 * The programs that play samples from their standard input, and how each is asked to.
 *
 * Comes in: a format. Goes out: a command line. A table of its own, so that `dspc doctor`, the output and its tests
 * read the same. All take 32-bit floats, interleaved.
 */
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface PipeFormat {
  readonly channels: number
  readonly sampleRate: number
  readonly device?: string | undefined
  /** What the program itself should keep in its buffer, in milliseconds. */
  readonly bufferMs: number
}

export interface PipeCommand {
  readonly name: string
  readonly arguments: (format: PipeFormat) => readonly string[]
  /** Fails where the program has nothing to play to. */
  readonly check?: readonly [command: string, ...args: string[]]
}

const option = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value])

/** In the order in which they are tried. */
export const PIPE_COMMANDS: readonly PipeCommand[] = [
  {
    name: 'pw-cat',
    check: ['pw-cli', 'info', '0'],
    arguments: ({ channels, sampleRate, device, bufferMs }) => [
      '-p',
      '--raw',
      ...option('--target', device),
      '--format=f32',
      `--rate=${sampleRate}`,
      `--channels=${channels}`,
      `--latency=${bufferMs}ms`,
      '-',
    ],
  },
  {
    name: 'pacat',
    check: ['pactl', 'info'],
    arguments: ({ channels, sampleRate, device, bufferMs }) => [
      '--playback',
      '--raw',
      ...option('-d', device),
      '--format=float32le',
      `--rate=${sampleRate}`,
      `--channels=${channels}`,
      `--latency-msec=${bufferMs}`,
      '--client-name=dspc',
    ],
  },
  {
    name: 'aplay',
    check: ['aplay', '-l'],
    arguments: ({ channels, sampleRate, device, bufferMs }) => [
      '-q',
      ...option('-D', device),
      ...['-t', 'raw', '-f', 'FLOAT_LE', '-r', String(sampleRate), '-c', String(channels)],
      `--buffer-time=${bufferMs * 1000}`,
      `--period-time=${bufferMs * 200}`,
      '-',
    ],
  },
  {
    name: 'sox',
    arguments: ({ channels, sampleRate, device }) => [
      ...[
        '-q',
        '-t',
        'raw',
        '-e',
        'float',
        '-b',
        '32',
        '-L',
        '-r',
        String(sampleRate),
        '-c',
        String(channels),
      ],
      '-',
      ...(device === undefined ? ['-d'] : ['-t', 'alsa', device]),
    ],
  },
  {
    name: 'ffplay',
    arguments: ({ channels, sampleRate }) => [
      ...['-nodisp', '-autoexit', '-loglevel', 'error', '-fflags', 'nobuffer'],
      ...['-f', 'f32le', '-ar', String(sampleRate), '-ch_layout', `${channels}c`, '-i', 'pipe:0'],
    ],
  },
]

export function pipeCommand(name: string): PipeCommand | undefined {
  return PIPE_COMMANDS.find(command => command.name === name)
}

/** Where a command is, as a shell would find it. */
export function findCommand(name: string, environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', ''] : ['']
  for (const folder of (environment.PATH ?? '').split(delimiter)) {
    for (const ending of endings) {
      const path = join(folder || '.', name + ending)
      if (isExecutable(path)) return path
    }
  }
  return undefined
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
