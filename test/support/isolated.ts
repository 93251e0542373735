/**
 * Our compiler behind limits of time and memory.
 *
 * Comes in: any text. Goes out: the result, or what went wrong with the compiler itself: an exception, too much
 * time, too much memory. A process of its own, so that one bad answer fails one test and not the whole run.
 */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import type { CompileOptions, CompileResult } from '../../src/compile.ts'

export interface IsolatedOptions extends Omit<CompileOptions, 'load'> {
  readonly files?: Readonly<Record<string, string>>
}

export type IsolatedResult = { readonly result: CompileResult } | { readonly fault: string }

const SECONDS = 25
const MEGABYTES = 2048
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const CACHE = path('../../node_modules/.cache')

let bundle: Promise<string> | undefined
let child: Promise<ChildProcess> | undefined
let lastId = 0

/** Compiles and starts the module. Requests are answered one after another. */
export async function compileIsolated(
  source: string,
  { files = {}, ...options }: IsolatedOptions,
): Promise<IsolatedResult> {
  const current = await (child ??= start())
  const id = ++lastId
  return new Promise(resolve => {
    const finish = (answer: IsolatedResult) => {
      clearTimeout(timer)
      current.off('message', onMessage)
      current.off('exit', onExit)
      resolve(answer)
    }
    const giveUp = (fault: string) => {
      child = undefined
      finish({ fault })
      current.kill('SIGKILL')
    }
    const onMessage = (answer: IsolatedResult & { id: number }) => {
      if (answer.id === id) finish(answer)
    }
    const onExit = () => giveUp(`the compiler crashed or needed more than ${MEGABYTES} MB`)
    const timer = setTimeout(giveUp, SECONDS * 1000, `no answer after ${SECONDS} s`)
    current.on('message', onMessage)
    current.on('exit', onExit)
    current.send({ id, source, files, options })
  })
}

async function start(): Promise<ChildProcess> {
  const started = fork(path('isolated-worker.js'), [await buildCompiler()], {
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [`--max-old-space-size=${MEGABYTES}`],
  })
  await once(started, 'message')
  started.unref()
  started.channel?.unref()
  return started
}

/** The path of the compiler as one file of JavaScript, made once a process. */
export function buildCompiler(): Promise<string> {
  bundle ??= build()
  return bundle
}

async function build(): Promise<string> {
  const made = await rolldown({
    input: path('../../src/compile.ts'),
    external: /^[^./]/,
    platform: 'node',
    logLevel: 'silent',
  })
  const folder = `${CACHE}/isolated-${process.pid}`
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const { output } = await made.write({ dir: folder, format: 'esm', entryFileNames: 'compile.mjs' })
  await made.close()
  return `${folder}/${output[0].fileName}`
}
