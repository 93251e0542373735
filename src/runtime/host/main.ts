/**
 * Where the audio host starts: a process of its own beside the output of sound.
 *
 * Comes in: requests through the channel to the front end. Goes out: answers and events. It leaves when it is told to,
 * when playing ends, and when nobody is there any more. Ctrl-C reaches every process of a terminal; what it means is
 * for the front end to say.
 */
import { type Diagnostic, makeDiagnostic } from '../../diagnostics.ts'
import { RuntimeError } from '../error.ts'
import { endWith } from '../outputs/diagnose.ts'
import type { Envelope, HostEvent } from '../protocol.ts'
import { createPreparer } from './preparer.ts'
import { createSession } from './session.ts'

/** After being told to stop, at most this long. */
const LAST_MS = 5000
/** The worker may take to end. */
const WORKER_MS = 500

function send(event: HostEvent): void {
  const done = () => {
    if (event.kind === 'ended') void leave(event.event.reason === 'crash' ? 1 : 0)
  }
  // Without a front end, and when it does not listen any more.
  if (process.connected) process.send!(event, undefined, undefined, done)
  else done()
  if (event.kind === 'ended') setTimeout(done, LAST_MS)
}

/** Some versions of Node do not end while a worker runs. */
async function leave(code: number): Promise<void> {
  setTimeout(() => process.exit(code), WORKER_MS)
  await preparer.close()
  process.exit(code)
}

function reasonFor(error: unknown): string {
  if (process.env.DSPC_DEBUG === '1' && error instanceof Error) process.stderr.write(`${error.stack}\n`)
  return error instanceof Error ? error.message.split('\n')[0]! : String(error)
}

function faultOf(error: unknown): Diagnostic {
  return makeDiagnostic('internalFault', undefined, { reason: reasonFor(error) })
}

function crash(error: unknown): void {
  const reason = reasonFor(error)
  send({
    kind: 'ended',
    event: endWith('crash', makeDiagnostic('hostCrashed', undefined, { reason })),
  })
}

const preparer = createPreparer(new URL('./host-worker.js', import.meta.url))
const session = createSession(preparer, send)

async function answer({ id, request }: Envelope): Promise<void> {
  try {
    send({ kind: 'answer', id, value: await session.handle(request) })
  } catch (error) {
    // A request that fails is no reason for the sound to end.
    send({
      kind: 'refusal',
      id,
      diagnostic: error instanceof RuntimeError ? error.diagnostic : faultOf(error),
    })
  }
}

function stopSoon(): void {
  session.stop()
  setTimeout(() => process.exit(0), LAST_MS).unref()
}

process.on('uncaughtException', crash)
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP', 'disconnect'] as const) process.on(signal, stopSoon)
process.on('message', message => void answer(message as Envelope))
