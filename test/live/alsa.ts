/**
 * ALSA without a sound card: what its default device gets goes through a pipe to a reader that takes it in real time.
 *
 * Comes in: a directory. Goes out: the environment for a player, and what was played. The player goes the whole way
 * through the package `speaker` and libasound.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Reads at most so many bytes a second from standard input, and appends them to a file. Ends when `FILE.stop` exists. */
const READER = `
const fs = require('fs')
const [, , file, bytesPerSecond] = process.argv
const out = fs.openSync(file, 'a')
const piece = Buffer.alloc(1 << 16)
let start
let taken = 0
function take() {
  if (fs.existsSync(file + '.stop')) process.exit(1)
  start ??= performance.now()
  const allowed = Math.floor((performance.now() - start) / 1000 * bytesPerSecond) - taken
  if (allowed > 0) {
    let count
    try { count = fs.readSync(0, piece, 0, Math.min(allowed, piece.length), null) }
    catch (error) { if (error.code === 'EAGAIN') return setTimeout(take, 10); throw error }
    if (count === 0) {
      if (taken > 0) fs.writeFileSync(file + '.time', String((performance.now() - start) / 1000))
      process.exit(0)
    }
    fs.writeSync(out, piece, 0, count)
    taken += count
  }
  setTimeout(take, 10)
}
take()
`

export interface FakeCard {
  readonly environment: Readonly<Record<string, string>>
  /** Interleaved 32-bit floats. */
  played(): Float32Array
  /** From the first sample to the last, in seconds. */
  seconds(): number
  /** The device goes away. */
  unplug(): void
}

export function fakeCard(folder: string, bytesPerSecond: number): FakeCard {
  const [reader, file, config] = ['reader.cjs', 'played.raw', 'alsa.conf'].map(name => join(folder, name))
  writeFileSync(reader!, READER)
  const command = `${process.execPath} ${reader} ${file} ${bytesPerSecond}`
  writeFileSync(
    config!,
    `pcm.!default { type file  file "| ${command}"  format "raw"  slave.pcm { type null } }\n`,
  )
  return {
    environment: { ALSA_CONFIG_PATH: config! },
    played: () => {
      const bytes = readFileSync(file!)
      return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
    },
    seconds: () => Number(readFileSync(`${file}.time`, 'utf8')),
    unplug: () => writeFileSync(`${file}.stop`, ''),
  }
}

/** The environment of a machine without any sound device. */
export function noCard(folder: string): Readonly<Record<string, string>> {
  const config = join(folder, 'none.conf')
  writeFileSync(config, '# no devices\n')
  return { ALSA_CONFIG_PATH: config, PATH: dirname(process.execPath) }
}

/** Without loading it. */
export function speakerIsBuilt(): boolean {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('speaker/package.json'))
    return existsSync(join(folder, 'build', 'Release', 'binding.node'))
  } catch {
    return false
  }
}
