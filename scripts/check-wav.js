/**
 * Checks a rendered WAV file without using dspc: `node scripts/check-wav.js FILE SECONDS`.
 *
 * It must be 16-bit PCM, complete, of the length asked for, and neither silent nor stuck at one value.
 */
import { readFileSync } from 'node:fs'

const [file, seconds] = process.argv.slice(2)
const bytes = readFileSync(file)
const problems = []

function expect(what, actual, expected) {
  if (actual !== expected) problems.push(`${what} is ${actual}, expected ${expected}`)
}

expect('form', `${bytes.toString('latin1', 0, 4)} ${bytes.toString('latin1', 8, 12)}`, 'RIFF WAVE')
expect('RIFF size', bytes.readUInt32LE(4), bytes.length - 8)
expect('format', bytes.readUInt16LE(20), 1)
expect('bits', bytes.readUInt16LE(34), 16)
expect('data chunk', bytes.toString('latin1', 36, 40), 'data')
const channels = bytes.readUInt16LE(22)
const rate = bytes.readUInt32LE(24)
const frames = bytes.readUInt32LE(40) / (2 * channels)
expect('length in frames', frames, Math.round(Number(seconds) * rate))

let sum = 0
let squares = 0
const count = frames * channels
for (let i = 0; i < count; i++) {
  const sample = bytes.readInt16LE(44 + 2 * i) / 32768
  sum += sample
  squares += sample * sample
}
/** RMS without the mean, so that a constant counts as silence. */
const rms = Math.sqrt(Math.max(0, squares / count - (sum / count) ** 2))
if (!(rms > 0.001)) problems.push(`silent: RMS ${rms}`)

for (const problem of problems) console.error(`${file}: ${problem}`)
if (problems.length === 0)
  console.log(`${file}: ${channels} channels, ${rate} Hz, ${frames} frames, RMS ${rms.toFixed(4)}`)
process.exitCode = problems.length === 0 ? 0 : 1
