/**
 * Output `pipe:NAME`: a program that plays what comes through its standard input.
 *
 * Comes in: interleaved floats. Goes out: the same to another process. It runs in a process group of its own: Ctrl-C
 * must not end it before the sound is faded out.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { bytesOf } from './descriptor.ts'
import { type Backend, OutputError, type StreamFormat } from './output.ts'
import { findCommand, type PipeCommand } from './pipe-commands.ts'

const MOST_MESSAGE_BYTES = 4096
/** Of the buffer of the program itself: small, because frames wait in the pipe already. */
const BUFFER_MS = 50
/** How long it may take to end when it has got everything. */
const END_MS = 2000

export function pipeBackend(command: PipeCommand): Backend {
  return async ({ device, failed }) => {
    const path = findCommand(command.name)
    if (path === undefined) throw new OutputError({ name: 'playerMissing', command: command.name })
    let child: ChildProcess | undefined
    let ending = false
    const fail = (reason: string) => {
      if (!ending) failed({ name: 'outputFailed', output: command.name, reason })
      ending = true
    }
    return {
      leastChannels: 2,
      device: true,
      open: async format => {
        child = startPlayer(path, command, format, device)
        const message = collectMessage(child)
        child.on('error', error => fail(error.message))
        child.on('close', code => fail(message() || `it ended with exit code ${code}`))
        // What went wrong is told when it has ended, with its message.
        child.stdin!.on('error', () => {})
      },
      write: (samples, done) => {
        child!.stdin!.write(bytesOf(samples), error => {
          if (!error) done()
        })
      },
      drain: () => {
        ending = true
        return endPlayer(child)
      },
      stop: () => {
        ending = true
        child?.kill()
      },
    }
  }
}

function startPlayer(
  path: string,
  command: PipeCommand,
  format: StreamFormat,
  device: string | undefined,
): ChildProcess {
  const { channels, sampleRate } = format
  const args = command.arguments({ channels, sampleRate, device, bufferMs: BUFFER_MS })
  return spawn(path, args, { stdio: ['pipe', 'ignore', 'pipe'], detached: true, windowsHide: true })
}

/** The last line that the program complained with. */
function collectMessage(child: ChildProcess): () => string {
  let text = ''
  child.stderr!.setEncoding('utf8').on('data', (piece: string) => {
    text = (text + piece).slice(-MOST_MESSAGE_BYTES)
  })
  return () => text.trim().split('\n').at(-1)!.trim()
}

function endPlayer(child: ChildProcess | undefined): Promise<void> {
  return new Promise(resolve => {
    if (!child || child.exitCode !== null || child.signalCode !== null) return resolve()
    const limit = setTimeout(() => child.kill('SIGKILL'), END_MS)
    child.once('close', () => {
      clearTimeout(limit)
      resolve()
    })
    child.stdin!.end()
  })
}
