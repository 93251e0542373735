/**
 * Code of the engine that an earlier run left: whatever has become of it, a command prints what it prints without.
 */
import { spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { crc32 } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { finish, type Ran } from './support.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const FILE = `code-${process.version}-${process.arch}`
const ARGS = ['-e', 'process = *(0.5) : + ~ *(0.25);', '--emit=kernel']

/** dspc as it is installed, without code that came with it. */
const installed = mkdtempSync(join(tmpdir(), 'dspc-code-'))
let plain: Ran

interface Setting {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly flags?: readonly string[]
}

function run(cache: string, { args = ARGS, env = {}, flags = [] }: Setting = {}): Promise<Ran> {
  const { NODE_OPTIONS: _, NODE_V8_COVERAGE: __, ...usual } = process.env
  const all = { ...usual, NODE_COMPILE_CACHE: cache, ...env }
  return finish(spawn(process.execPath, [...flags, join(installed, 'bin', 'dspc.js'), ...args], { env: all }))
}

/** An empty folder for the code, and where it will be. */
function emptyCache() {
  const cache = mkdtempSync(join(installed, 'cache-'))
  return { cache, file: join(cache, 'dspc', FILE) }
}

const whatItSaid = ({ code, stdout, stderr }: Ran) => ({ code, stdout, stderr })

beforeAll(async () => {
  for (const part of ['bin', 'dist', 'package.json'])
    cpSync(join(ROOT, part), join(installed, part), { recursive: true })
  for (const part of ['stdlib', 'node_modules']) symlinkSync(join(ROOT, part), join(installed, part))
  rmSync(join(installed, 'dist', 'program', FILE), { force: true })
  plain = await run(emptyCache().cache, { env: { NODE_DISABLE_COMPILE_CACHE: '1' } })
  expect(plain.code).toBe(0)
  expect(plain.stdout).toContain('loop')
})

afterAll(() => rmSync(installed, { recursive: true, force: true }))

test.each([
  ['print', ARGS],
  ['render', [ARGS[0]!, ARGS[1]!, '-o', '-', '--duration', '10smp']],
])('the second %s finds what the first left, and has nothing to add', async (_, args) => {
  const { cache, file } = emptyCache()
  const { code, bytes } = await run(cache, { args })
  expect(code).toBe(0)
  const { mtimeMs, size } = statSync(file)
  expect(size).toBeGreaterThan(100_000)
  expect((await run(cache, { args })).bytes.equals(bytes)).toBe(true)
  expect(statSync(file).mtimeMs).toBe(mtimeMs)
})

test('what a larger program needs takes the place of what a small one left', async () => {
  const { cache, file } = emptyCache()
  await run(cache, { args: ['-e', 'process = 0;', '-o', '-', '--duration', '10smp'] })
  const small = readFileSync(file)
  const large = { args: [join(ROOT, 'examples', 'vocoder-voice.dsp')] }
  await run(cache, large)
  const after = readFileSync(file)
  expect(after.length).toBeGreaterThan(1.2 * small.length)
  expect(headOf(after).bytecode).toBeGreaterThan(1.15 * headOf(small).bytecode)
  await run(cache, large)
  expect(readFileSync(file).equals(after)).toBe(true)
})

test('what another command loads is added', async () => {
  const { cache, file } = emptyCache()
  await run(cache, { args: ['--version'] })
  const names = () => namesOf(readFileSync(file))
  const few = names()
  await run(cache)
  expect(names()).toEqual(expect.arrayContaining([...few, 'part-compiler.cjs']))
  expect(few).not.toContain('part-compiler.cjs')
})

/** As `src/cli/start/kept-code.ts` writes it: length of the head, checksum, head, code. */
function headOf(bytes: Buffer): { build: string; bytecode: number; sizes: [string, number][] } {
  return JSON.parse(bytes.toString('latin1', 8, 8 + bytes.readUInt32LE(0)))
}

const namesOf = (bytes: Buffer) => headOf(bytes).sizes.map(([name]) => name)

function withChecksum(bytes: Buffer): Buffer {
  bytes.writeUInt32LE(crc32(bytes.subarray(8)), 4)
  return bytes
}

/** The first words of V8's own head: magic number, version. */
function ofAnotherEngine(bytes: Buffer): Buffer {
  let at = 8 + bytes.readUInt32LE(0)
  for (const [, size] of headOf(bytes).sizes) {
    bytes.writeUInt32LE((bytes.readUInt32LE(at + 4) ^ 1) >>> 0, at + 4)
    at += size
  }
  return withChecksum(bytes)
}

function ofAnotherBuild(bytes: Buffer): Buffer {
  const { build } = headOf(bytes)
  bytes.write(build.replace(/./g, '0'), bytes.indexOf(build), 'latin1')
  return withChecksum(bytes)
}

function flipped(bytes: Buffer, part: number): Buffer {
  const at = Math.floor(bytes.length * part)
  bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at)
  return bytes
}

describe('is made again when it is', () => {
  test.each<[string, (bytes: Buffer) => Buffer]>([
    ['empty', () => Buffer.alloc(0)],
    ['another file', () => Buffer.from('{}\n')],
    ['cut off', bytes => bytes.subarray(0, bytes.length >> 1)],
    ['cut off in its head', bytes => bytes.subarray(0, 12)],
    ['damaged at the beginning', bytes => flipped(bytes, 0)],
    ['damaged in the middle', bytes => flipped(bytes, 0.5)],
    ['damaged at the end', bytes => flipped(bytes, 0.999)],
    ['zero from somewhere on', bytes => bytes.fill(0, bytes.length >> 1)],
    ['of another version of the engine', ofAnotherEngine],
    ['of another build of dspc', ofAnotherBuild],
  ])('%s', async (_, change) => {
    const { cache, file } = emptyCache()
    await run(cache)
    const good = namesOf(readFileSync(file))
    const changed = change(readFileSync(file))
    writeFileSync(file, changed)
    expect(whatItSaid(await run(cache))).toEqual(whatItSaid(plain))
    const after = readFileSync(file)
    expect(after.equals(changed)).toBe(false)
    expect(namesOf(after)).toEqual(good)
  })
})

describe('nothing is said where it', () => {
  test.each<[string, (folder: string, text: string) => void]>([
    ['has a file for a folder', writeFileSync],
    ['has a folder for a file', folder => mkdirSync(join(folder, FILE), { recursive: true })],
  ])('%s', async (_, prepare) => {
    const { cache } = emptyCache()
    prepare(join(cache, 'dspc'), '')
    expect(whatItSaid(await run(cache))).toEqual(whatItSaid(plain))
  })

  test('cannot be written', async () => {
    expect(whatItSaid(await run('/proc/no/such/folder'))).toEqual(whatItSaid(plain))
  })
})

describe('is not kept', () => {
  test.each<[string, Setting]>([
    ['by wish of the user', { env: { NODE_DISABLE_COMPILE_CACHE: '1' } }],
    ['where flags change what the engine makes', { flags: ['--no-opt'] }],
    ['where flags come from the environment', { env: { NODE_OPTIONS: '--max-old-space-size=500' } }],
  ])('%s', async (_, setting) => {
    const { cache } = emptyCache()
    expect(whatItSaid(await run(cache, setting))).toEqual(whatItSaid(plain))
    expect(readdirSync(cache)).toEqual([])
  })
})

test('is kept while a program plays and a worker compiles', async () => {
  const { cache, file } = emptyCache()
  const patch = join(cache, 'patch.dsp')
  writeFileSync(patch, 'process = 0.1;\n')
  // Longer than until the worker has started and the code is kept.
  const args = [patch, '--play', '--watch', '--backend', 'null', '--duration', '6s']
  const ran = await run(cache, { args })
  expect(ran.code).toBe(0)
  const made = readFileSync(file)
  expect(namesOf(made)).toContain('part-play.cjs')
  await run(cache, { args: [patch, '--play', '--backend', 'null', '--duration', '0.1s'] })
  expect(readFileSync(file).equals(made)).toBe(true)
})

test('several processes at once leave one whole file', async () => {
  const { cache, file } = emptyCache()
  const ran = await Promise.all(Array.from({ length: 6 }, () => run(cache)))
  for (const one of ran) expect(whatItSaid(one)).toEqual(whatItSaid(plain))
  expect(readdirSync(join(cache, 'dspc'))).toEqual([FILE])
  const bytes = readFileSync(file)
  expect(bytes.readUInt32LE(4)).toBe(crc32(bytes.subarray(8)))
})
