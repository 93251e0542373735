/**
 * Runs the built command line as a user does: a process, its streams and its exit code.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { vi } from 'vitest'
import { run } from '../../src/cli/run.ts'
import { decodeWav } from '../../src/runtime/wav-read.ts'

const STARTER = fileURLToPath(new URL('../../bin/dspc.js', import.meta.url))

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
  readonly bytes: Buffer
}

export interface RunOptions {
  readonly cwd?: string
  readonly input?: string | Uint8Array
  readonly env?: Readonly<Record<string, string>>
}

/** Variables that would change what is printed. */
const CLEARED = { NO_COLOR: undefined, FORCE_COLOR: undefined, DSPC_PATH: undefined, DSPC_DEBUG: undefined }

export function start(args: readonly string[], options: RunOptions = {}): ChildProcess {
  const env: NodeJS.ProcessEnv = { ...process.env, ...CLEARED, ...options.env }
  return spawn(process.execPath, [STARTER, ...args], { cwd: options.cwd ?? tmpdir(), env })
}

/** Waits for the end of a process and collects what it printed. */
export function finish(child: ChildProcess): Promise<Ran> {
  const out: Buffer[] = []
  const err: Buffer[] = []
  child.stdout!.on('data', chunk => out.push(chunk))
  child.stderr!.on('data', chunk => err.push(chunk))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', code => {
      const bytes = Buffer.concat(out)
      resolve({ code, stdout: bytes.toString(), stderr: Buffer.concat(err).toString(), bytes })
    })
  })
}

export function dspc(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const child = start(args, options)
  child.stdin!.on('error', () => {})
  child.stdin!.end(options.input ?? '')
  return finish(child)
}

/**
 * Runs the sources in this process: for the many cases that are about what is compiled and written, since a new
 * process spends most of its time on loading binaryen.
 */
export async function dspcHere(
  args: readonly string[],
  { cwd = tmpdir(), env = {} }: RunOptions = {},
): Promise<Ran> {
  const before = { cwd: process.cwd(), env: process.env }
  const out = capture(process.stdout)
  const err = capture(process.stderr)
  process.env = { ...process.env, ...env }
  for (const name of Object.keys(CLEARED)) if (!(name in env)) delete process.env[name]
  process.chdir(cwd)
  try {
    const code = await run(args)
    const bytes = out.bytes()
    return { code, stdout: bytes.toString(), stderr: err.bytes().toString(), bytes }
  } finally {
    process.chdir(before.cwd)
    process.env = before.env
    out.release()
    err.release()
  }
}

/** Takes what is written to a stream of this process. */
function capture(stream: NodeJS.WriteStream) {
  const chunks: Buffer[] = []
  const spy = vi.spyOn(stream, 'write').mockImplementation((chunk: Uint8Array | string, done: unknown) => {
    chunks.push(Buffer.from(chunk as string))
    if (typeof done === 'function') done()
    return true
  })
  return { bytes: () => Buffer.concat(chunks), release: () => spy.mockRestore() }
}

/** A directory of its own for a test, with files in it; gone afterwards. */
export async function inFolder<T>(
  files: Readonly<Record<string, string | Uint8Array>>,
  run: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'dspc-test-'))
  try {
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
    return await run(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

export function readWav(path: string) {
  const result = decodeWav(readFileSync(path))
  if (!result.ok) throw new Error(result.reason)
  return result
}
