/**
 * One number for the samples of all examples and benchmarks: the same on every machine and engine.
 *
 * `node scripts/sample-hash.js` prints a hash for each program and one for all. With paths of other Node executables
 * (`npm install --prefix DIR node@24` brings one) it runs in each of them too, and ends with 1 where one differs.
 * Needs `dist/` (`npm run build`). NaNs count as one, whatever their bits, which engines choose.
 */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile } from '../dist/index.js'

const FOLDERS = ['../examples/', '../bench/patches/']
const BLOCKS = [256, 64, 1, 511, 7]
const FRAMES = 22_050

async function hashOf(name, source, precision) {
  const hash = createHash('sha256')
  const result = await compile(source, { filename: name, precision })
  if (!result.ok) throw new Error(`${name}: ${result.diagnostics[0].message}`)
  const instance = await result.program.instantiate({ sampleRate: 44_100, blockSize: Math.max(...BLOCKS) })
  const buttons = result.program.controls.filter(control => control.kind === 'button')
  for (let first = 0, block = 0; first < FRAMES; first += BLOCKS[block++ % BLOCKS.length]) {
    const frames = BLOCKS[block % BLOCKS.length]
    for (const { address } of buttons) instance.set(address, Math.floor(first / 5000) % 2)
    for (const [i, channel] of instance.inputs.entries()) {
      for (let k = 0; k < frames; k++) channel[k] = noise(first + k + 7919 * i)
    }
    instance.compute(frames)
    for (const channel of instance.outputs) hash.update(bytesOf(channel, frames))
  }
  return hash.digest('hex')
}

function bytesOf(channel, frames) {
  const samples = channel.slice(0, frames)
  for (const [i, x] of samples.entries()) if (Number.isNaN(x)) samples[i] = Number.NaN
  return new Uint8Array(samples.buffer)
}

/** In [-1, 1), from the frame alone; the mixing of MurmurHash3. */
function noise(n) {
  let h = Math.imul(n + 1, 0x9e3779b1)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) / 2 ** 31
}

async function hashes() {
  const all = {}
  for (const folder of FOLDERS.map(path => new URL(path, import.meta.url))) {
    for (const file of readdirSync(folder).filter(name => name.endsWith('.dsp'))) {
      const source = readFileSync(new URL(file, folder), 'utf8')
      for (const precision of ['single', 'double']) {
        all[`${file} ${precision}`] = await hashOf(file, source, precision)
      }
    }
  }
  return all
}

const own = await hashes()
const whole = createHash('sha256').update(JSON.stringify(own)).digest('hex')
if (process.argv[2] === '--json') console.log(JSON.stringify(own))
else {
  for (const [name, hash] of Object.entries(own)) console.log(`${hash.slice(0, 16)}  ${name}`)
  console.log(`\n${process.version}: ${whole}`)
  for (const node of process.argv.slice(2)) {
    const text = execFileSync(node, [fileURLToPath(import.meta.url), '--json'], { encoding: 'utf8' })
    const theirs = JSON.parse(text)
    const different = Object.keys(own).filter(name => own[name] !== theirs[name])
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()
    console.log(`${version}: ${different.length === 0 ? 'the same' : `others for ${different.join(', ')}`}`)
    if (different.length > 0) process.exitCode = 1
  }
}
