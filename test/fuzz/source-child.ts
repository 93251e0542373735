/**
 * The compiler under fuzzing, killable from outside.
 *
 * Comes in: any text. Goes out: what is wrong with the compiler's answer to it, if anything: an exception, a crash,
 * no answer, a refusal without a code or a place. A process of its own for the compiler, so that an endless loop
 * is found and not suffered.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Diagnostic } from '../../src/diagnostics.ts'
import { buildCompiler } from '../support/isolated.ts'
import { LIBRARY_FOLDER } from './source-seeds.ts'

interface Answer {
  readonly id: number
  readonly seconds: number
  readonly megabytes: number
  readonly ok?: boolean
  readonly diagnostics?: readonly Diagnostic[]
  readonly fault?: string
}

export interface Judgement {
  /** What the compiler did wrong. */
  readonly fault?: string
  readonly accepted: boolean
  /** Of processor time. */
  readonly seconds: number
  readonly megabytes: number
  readonly diagnostics: readonly Diagnostic[]
}

const KILL_SECONDS = 40
const MEGABYTES = 1024
const WORKER = fileURLToPath(new URL('source-worker.js', import.meta.url))

let child: Promise<ChildProcess> | undefined
let lastId = 0

async function start(): Promise<ChildProcess> {
  const started = fork(WORKER, [await buildCompiler(), LIBRARY_FOLDER], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [`--max-old-space-size=${MEGABYTES}`],
  })
  const isReady = await Promise.race([once(started, 'message'), once(started, 'exit').then(() => undefined)])
  if (!isReady) throw new Error('the compiler does not start')
  started.unref()
  started.channel?.unref()
  return started
}

function stop(running: ChildProcess): void {
  child = undefined
  running.kill('SIGKILL')
}

/** Compiles, runs and judges; one text at a time. */
export async function judgeSource(source: string): Promise<Judgement> {
  const running = await (child ??= start())
  const answer = await ask(running, source)
  if (typeof answer === 'string')
    return { fault: answer, accepted: false, seconds: 0, megabytes: 0, diagnostics: [] }
  const { seconds, megabytes, diagnostics = [] } = answer
  // What earlier texts left behind is not this one's; a new process starts small.
  if (megabytes > MEGABYTES / 2) stop(running)
  const fault = answer.fault ?? faultOf(source, answer)
  return { ...(fault ? { fault } : {}), accepted: answer.ok === true, seconds, megabytes, diagnostics }
}

function ask(running: ChildProcess, source: string): Promise<Answer | string> {
  const id = ++lastId
  return new Promise(resolve => {
    const finish = (answer: Answer | string) => {
      clearTimeout(timer)
      running.off('message', onMessage)
      running.off('exit', onExit)
      if (typeof answer === 'string') stop(running)
      resolve(answer)
    }
    const onMessage = (answer: Answer) => {
      if (answer.id === id) finish(answer)
    }
    const onExit = () => finish(`the compiler crashed or needed more than ${MEGABYTES} MB`)
    const timer = setTimeout(finish, KILL_SECONDS * 1000, `no answer after ${KILL_SECONDS} s`)
    running.on('message', onMessage)
    running.on('exit', onExit)
    running.send({ id, source })
  })
}

function faultOf(source: string, { ok, diagnostics = [] }: Answer): string | undefined {
  const errors = diagnostics.filter(d => d.severity === 'error')
  if (ok === errors.length > 0) return ok ? 'accepted with errors' : 'refused without an error'
  for (const { code, message, span, severity } of diagnostics) {
    if (!/^DSP\d{4}$/.test(code)) return `not a code: ${code}`
    if (/internal (error|fault)|undefined is not|not a function|\bNaN\b|\[object/i.test(message))
      return `internal: ${message}`
    if (!span) {
      if (severity === 'error') return `no place: ${code} ${message}`
      continue
    }
    const { start, end, file } = span
    if (start.line < 1 || start.column < 1 || start.offset > end.offset)
      return `wrong place: ${code} ${message}`
    if (file === 'process.dsp' && end.offset > source.length) return `place outside: ${code} ${message}`
  }
  return undefined
}
