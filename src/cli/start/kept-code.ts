/**
 * Code that V8 compiled in an earlier run, kept in a file.
 *
 * Comes in: the folder of the program. Goes out: code by the names of its files, or none; never an error, since all goes
 * on without. One that came with the build lies beside the program; what a user's engine makes lies in a folder of
 * the user alone, because it is run.
 */
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'
import { crc32 } from 'node:zlib'

/** Of everything in the program: V8 compares nothing but the length of a text. */
declare const BUILD_ID: string

export interface Code {
  readonly parts: ReadonlyMap<string, Uint8Array>
  /** Of all functions in the process that left it: a process with many more leaves better. */
  readonly bytecode: number
}

const NO_CODE: Code = { parts: new Map(), bytecode: 0 }

/** Length of the head and checksum of all that follows: V8 runs damaged code, and crashes. */
const PREFIX_BYTES = 8

interface Head {
  readonly build: string
  readonly bytecode: number
  readonly sizes: readonly (readonly [name: string, bytes: number])[]
}

/** V8 refuses what another version made, but a file for each spares making it again and again. */
const FILE = `code-${process.version}-${process.arch}`

/** Flags may change what code is made; coverage counts what was compiled anew only. */
const { NODE_COMPILE_CACHE, NODE_DISABLE_COMPILE_CACHE, NODE_OPTIONS, NODE_V8_COVERAGE } = process.env
const mayRead = !NODE_DISABLE_COMPILE_CACHE && !NODE_V8_COVERAGE
export const mayWrite = mayRead && !NODE_OPTIONS && process.execArgv.length === 0

/** Of the user goes first: made when the other lacks something. */
export function readCode(program: string): Code {
  if (!mayRead) return NO_CODE
  return readFile(join(userFolder(), FILE)) ?? readFile(join(program, FILE)) ?? NO_CODE
}

/** Several processes may do this at once: the last one stays. */
export function keepCode(code: Code): void {
  const folder = userFolder()
  if (!isThere(folder)) return
  const fresh = join(folder, `${FILE}-${process.pid}`)
  try {
    writeFileSync(fresh, encode(code), { mode: 0o600 })
    renameSync(fresh, join(folder, FILE))
  } catch {
    removeIfThere(fresh)
  }
}

function removeIfThere(file: string): void {
  try {
    rmSync(file)
  } catch {
    // Nobody reads it.
  }
}

function readFile(file: string): Code | undefined {
  try {
    return decode(readFileSync(file))
  } catch {
    return undefined
  }
}

function decode(bytes: Buffer): Code | undefined {
  let at = PREFIX_BYTES + bytes.readUInt32LE(0)
  if (crc32(bytes.subarray(PREFIX_BYTES)) !== bytes.readUInt32LE(4)) return undefined
  const { build, bytecode, sizes } = JSON.parse(bytes.toString('latin1', PREFIX_BYTES, at)) as Head
  if (build !== BUILD_ID) return undefined
  return { bytecode, parts: new Map(sizes.map(([name, size]) => [name, bytes.subarray(at, (at += size))])) }
}

function encode({ parts, bytecode }: Code): Buffer {
  const sizes = [...parts].map(([name, { length }]) => [name, length] as const)
  const head = Buffer.from(JSON.stringify({ build: BUILD_ID, bytecode, sizes } satisfies Head), 'latin1')
  const contents = Buffer.concat([head, ...parts.values()])
  const prefix = Buffer.alloc(PREFIX_BYTES)
  prefix.writeUInt32LE(head.length, 0)
  prefix.writeUInt32LE(crc32(contents), 4)
  return Buffer.concat([prefix, contents])
}

function userFolder(): string {
  const { env, platform } = process
  if (NODE_COMPILE_CACHE) return join(NODE_COMPILE_CACHE, 'dspc')
  if (platform === 'win32') return join(env.LOCALAPPDATA || homedir(), 'dspc-cache')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'dspc')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'dspc')
}

/** Step by step: where no folder can be made at all, such as in /proc, Node never ends making those on the way. */
function isThere(folder: string, steps = 2): boolean {
  if (existsSync(folder)) return true
  if (steps === 0 || !isThere(dirname(folder), steps - 1)) return false
  try {
    mkdirSync(folder, { mode: 0o700 })
    return true
  } catch {
    return false
  }
}
