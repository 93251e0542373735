/**
 * Runs the built command line as a user does: a process, its streams and its exit code.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
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
