/**
 * Speed of compiled programs and of the compiler, against the official compiler in WebAssembly.
 *
 * Comes in: `examples/*.dsp`, `stdlib/*.lib`, `dist/`. Goes out: a table or JSON. Both compilers get the same
 * source. Engines take turns, round by round, forwards and backwards, because the load of a machine changes
 * while one measures: only numbers of one run may be compared.
 */
import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { startEngine } from './engine-process.js'
import { ENGINES } from './engines.js'
import { report } from './report.js'
import { median, signalToError } from './statistics.js'

const SAMPLE_RATE = 44_100
const COMPARED_FRAMES = 16_384
const WARM_UP_FRAMES = 4 * SAMPLE_RATE
const ROOT = new URL('..', import.meta.url)

const USAGE = `npm run bench -- [options]
  --seconds N   audio to render in each measurement (60)
  --rounds N    measurements of each engine (7)
  --block N     frames at a time (256)
  --only TEXT   only examples whose name contains TEXT; may be repeated
  --programs DIR  other programs than examples/
  --no-compile  leave out compile times
  --json        machine-readable output`

const { values: options } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rounds: { type: 'string', default: '7' },
    block: { type: 'string', default: '256' },
    only: { type: 'string', multiple: true, default: [] },
    programs: { type: 'string', default: fileURLToPath(new URL('examples', ROOT)) },
    'no-compile': { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

function readFolder(folder, ending) {
  if (!existsSync(folder)) return {}
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name =>
    name.endsWith(ending),
  )
  return Object.fromEntries(files.sort().map(name => [name, readFileSync(`${folder}/${name}`, 'utf8')]))
}

/** Milliseconds of each measurement, by engine; and how far our samples are from the official ones. */
async function measureSpeed(engines, program) {
  const blockSize = Number(options.block)
  for (const { ask } of engines) {
    await ask({ do: 'compile', ...program })
    await ask({ do: 'open', blockSize })
  }
  const samples = {}
  for (const { engine, ask } of engines) {
    samples[engine] = (await ask({ do: 'sample', frames: COMPARED_FRAMES })).outputs
    await ask({ do: 'run', frames: WARM_UP_FRAMES })
  }
  const frames = Math.round(Number(options.seconds) * SAMPLE_RATE)
  const times = Object.fromEntries(engines.map(({ engine }) => [engine, []]))
  for (let round = 0; round < Number(options.rounds); round++) {
    for (const { engine, ask } of round % 2 === 0 ? engines : engines.toReversed()) {
      times[engine].push((await ask({ do: 'run', frames })).time)
    }
  }
  const nanoseconds = Object.fromEntries(
    Object.entries(times).map(([engine, list]) => [
      engine,
      { median: (median(list) * 1e6) / frames, min: (Math.min(...list) * 1e6) / frames },
    ]),
  )
  return {
    nanoseconds,
    signalToErrorDouble: signalToError(samples['dspc-double'], samples['faust-double']),
    signalToErrorSingle: signalToError(samples['dspc-single'], samples['faust-single']),
  }
}

const COMPILERS = ['dspc-double', 'faust-double']
const COLD_ROUNDS = 3
const WARM_ROUNDS = 5

/** Cold: a new process, until it holds the module. Warm: again in a process that has compiled it before. */
async function measureCompilation(program) {
  const found = Object.fromEntries(COMPILERS.map(engine => [engine, { cold: [], warm: [], bytes: 0 }]))
  for (let round = 0; round < COLD_ROUNDS; round++) {
    for (const engine of round % 2 === 0 ? COMPILERS : COMPILERS.toReversed()) {
      const child = await startEngine(engine)
      const first = await child.ask({ do: 'compile', ...program })
      found[engine].cold.push(first.sinceStart)
      found[engine].bytes = first.bytes
      for (let i = 0; i < WARM_ROUNDS; i++) {
        // Another text, so that no cache of whole programs can answer.
        const edited = { ...program, source: `${program.source}\n// ${round} ${i}\n` }
        found[engine].warm.push((await child.ask({ do: 'compile', ...edited })).time)
      }
      child.stop()
    }
  }
  return Object.fromEntries(
    Object.entries(found).map(([engine, { cold, warm, bytes }]) => [
      engine,
      { cold: median(cold), warm: median(warm), bytes },
    ]),
  )
}

/** Milliseconds of processor time that `dspc --version` takes, and that Node alone takes. */
async function measureStart() {
  const command = fileURLToPath(new URL('bin/dspc.js', ROOT))
  const hook =
    "process.on('exit',()=>{const u=process.cpuUsage();process.stderr.write('\\ncpu '+(u.user+u.system)/1000)})"
  const measure = async args => {
    const times = []
    for (let i = 0; i < 7; i++) {
      const { stderr } = await promisify(execFile)(process.execPath, [
        '--import',
        `data:text/javascript,${encodeURIComponent(hook)}`,
        ...args,
      ])
      times.push(Number(stderr.split('cpu ').at(-1)))
    }
    return median(times)
  }
  return { node: await measure(['-e', '0']), version: await measure([command, '--version']) }
}

async function main() {
  if (options.help) return console.log(USAGE)
  const library = readFolder(fileURLToPath(new URL('stdlib', ROOT)), '.lib')
  const programs = Object.entries(readFolder(options.programs, '.dsp'))
    .map(([file, source]) => ({ name: file.replace(/\.dsp$/, ''), source, library }))
    .filter(({ name }) => options.only.length === 0 || options.only.some(text => name.includes(text)))
  if (programs.length === 0) throw new Error('no programs to measure')
  const engines = []
  for (const engine of ENGINES) engines.push(await startEngine(engine))
  const results = []
  const failures = []
  for (const program of programs) {
    const progress = `${program.name} …`
    if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${progress}`)
    try {
      const speed = await measureSpeed(engines, program)
      const compilation = options['no-compile'] ? undefined : await measureCompilation(program)
      results.push({ name: program.name, ...speed, compilation })
    } catch (error) {
      failures.push({ name: program.name, message: error.message })
    }
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
  for (const engine of engines) engine.stop()
  const start = await measureStart()
  const settings = { ...options, node: process.version, sampleRate: SAMPLE_RATE }
  if (options.json) console.log(JSON.stringify({ settings, results, failures, start }, undefined, 2))
  else console.log(report({ settings, results, failures, start }))
  if (failures.length > 0) process.exitCode = 1
}

await main()
