/**
 * How long the command takes from the start of its process to the first block of samples, and its memory.
 *
 * Comes in: how often, which programs. Goes out: medians in milliseconds, beside a process of Node that does nothing, in
 * turns; megabytes.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { median } from './statistics.js'

const path = name => fileURLToPath(new URL(name, import.meta.url))
const COMMAND = path('../bin/dspc.js')
const PEAK = path('peak-memory.cjs')
/** Small, middling and large. */
export const STARTED = ['01_oscillator', '07_zita', '13_vocoder']
const BLOCK = ['--block', '64', '--duration', '64smp', '-o', '-']
const WAV_HEADER_BYTES = 44

/** `isThere`: whether these bytes of stdout end the measurement; without it the end of the process does. */
function run(args, isThere) {
  const started = performance.now()
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let [bytes, said, first] = [0, '', undefined]
  child.stdout.on('data', chunk => {
    bytes += chunk.length
    if (isThere?.(bytes)) first ??= performance.now()
  })
  child.stderr.setEncoding('utf8').on('data', text => {
    said += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      if (code !== 0 || (isThere && first === undefined)) reject(new Error(`ended with ${code}: ${said}`))
      else resolve({ time: (first ?? performance.now()) - started, said })
    })
  })
}

const command = name => [COMMAND, path(`patches/${name}.dsp`), ...BLOCK]

export async function measureStarts(rounds, names = STARTED) {
  const times = { node: [] }
  // The first run leaves code for the others, and says nothing of them.
  for (const name of names) await run(command(name))
  for (let round = 0; round < rounds; round++) {
    times.node.push((await run(['-e', '0'])).time)
    for (const name of names) {
      times[name] ??= []
      times[name].push((await run(command(name), bytes => bytes > WAV_HEADER_BYTES)).time)
    }
  }
  const results = []
  for (const name of names) {
    const { said } = await run(['--require', PEAK, ...command(name)])
    const peak = Number(said.split('\n').at(-1)) / 1024
    results.push({ name, time: median(times[name]), least: Math.min(...times[name]), peak })
  }
  return { node: { time: median(times.node), least: Math.min(...times.node) }, programs: results }
}
