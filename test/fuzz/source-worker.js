/**
 * Our compiler in a process of its own, for fuzzing: compiles, starts and runs what it is given.
 *
 * Arguments: the compiler's bundle and the folder of the library. Comes in: `{ id, source }`. Goes out: what the
 * compiler said, or its fault, with the processor time and the memory that it took.
 * Plain JavaScript, so that Node 20 runs it without a build.
 */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const [, , bundle, library] = process.argv
const { compileSource } = await import(pathToFileURL(bundle).href)

const PAGE_BYTES = 65_536
const BLOCK = 64
const BLOCKS = 3
const SAMPLE_RATE = 44_100
const files = new Map()

function load(file) {
  if (!files.has(file)) files.set(file, read(file))
  return files.get(file)
}

function read(file) {
  if (file !== basename(file) || !file.endsWith('.lib')) return undefined
  try {
    return { name: file, text: readFileSync(join(library, file), 'utf8') }
  } catch {
    return undefined
  }
}

async function run({ wasm, precision, layout, inputs, outputs }) {
  const { instance } = await WebAssembly.instantiate(wasm)
  const { memory, init, compute } = instance.exports
  const Samples = precision === 'double' ? Float64Array : Float32Array
  const buffers = (layout.end + 15) & ~15
  const stride = BLOCK * Samples.BYTES_PER_ELEMENT
  const missing = buffers + (inputs + outputs) * stride - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES))
  init(SAMPLE_RATE)
  const pointers = (at, count) => new Int32Array(memory.buffer, at, count)
  pointers(layout.inputPointers, inputs).forEach((_, i, table) => {
    table[i] = buffers + i * stride
    new Samples(memory.buffer, table[i], BLOCK).fill(0.25)
  })
  pointers(layout.outputPointers, outputs).forEach((_, i, table) => {
    table[i] = buffers + (inputs + i) * stride
  })
  for (let i = 0; i < BLOCKS; i++) compute(BLOCK)
}

async function answer(source) {
  try {
    const { ok, diagnostics, program } = await compileSource(source, { filename: 'process.dsp', load })
    if (ok) await run(program)
    return { ok, diagnostics }
  } catch (error) {
    return { fault: String(error?.stack ?? error).slice(0, 2000) }
  }
}

process.on('message', async ({ id, source }) => {
  const before = process.cpuUsage()
  const said = await answer(source)
  const { user, system } = process.cpuUsage(before)
  const megabytes = process.memoryUsage.rss() / 2 ** 20
  process.send({ id, seconds: (user + system) / 1e6, megabytes, ...said })
})
process.on('disconnect', () => process.exit(0))
process.send('ready')
