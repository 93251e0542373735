/**
 * The contestants, behind one interface.
 *
 * Comes in: an engine's name, then a program's source and the library both compilers read. Goes out: a compiled
 * program (`bytes`, `open`), and from `open` an instance with `inputs`, `outputs`, `buttons` and `compute`.
 * One file, so that what is measured is the same for each.
 */
import { compileOfficial, loadLibrary, loadOfficial } from '../test/support/faust-worker.js'

/** With `-fast`: our compiler with `fastMath`. */
export const ENGINES = ['dspc-double', 'faust-double', 'dspc-single', 'faust-single']

/** Loads the compiler behind `name`; resolves to `compile({ name, source, library })`. */
export async function loadEngine(name) {
  const [compiler, precision, speed] = name.split('-')
  return compiler === 'dspc' ? loadDspc(precision, speed === 'fast') : loadFaust(precision)
}

async function loadDspc(precision, fastMath) {
  const { compile, formatDiagnostics } = await import('../dist/index.js')
  return async ({ name, source, library }) => {
    const load = file =>
      Object.hasOwn(library, file) ? { name: file, text: library[file], standard: true } : undefined
    const result = await compile(source, { filename: `${name}.dsp`, precision, load, fastMath })
    if (!result.ok) throw new Error(formatDiagnostics(result.diagnostics))
    const { program } = result
    return { bytes: program.wasm.length, open: options => openDspc(program, options) }
  }
}

async function openDspc(program, { sampleRate, blockSize }) {
  const instance = await program.instantiate({ sampleRate, blockSize })
  const buttons = program.controls.filter(control => control.kind === 'button')
  return {
    inputs: instance.inputs,
    outputs: instance.outputs,
    compute: frames => instance.compute(frames),
    press: value => {
      for (const button of buttons) instance.set(button.address, value)
    },
  }
}

async function loadFaust(precision) {
  const official = await loadOfficial()
  const { FaustWasmInstantiator } = await loadLibrary()
  return async ({ name, source, library }) => {
    // What its own generator passes: denormals are cut off by a mask.
    const request = { name, source, args: `-${precision} -ftz 2`, files: library }
    const { wasm, json } = compileOfficialOrExplain(official, request)
    const imports = FaustWasmInstantiator.createWasmImport()
    return { bytes: wasm.length, open: options => openFaust(wasm, JSON.parse(json), imports, options) }
  }
}

function compileOfficialOrExplain(official, request) {
  try {
    return compileOfficial(official, request)
  } catch (error) {
    throw new Error(official.getErrorAfterException() || String(error))
  }
}

async function openFaust(wasm, description, imports, { sampleRate, blockSize }) {
  const { instance } = await WebAssembly.instantiate(wasm, imports)
  const { memory, init, compute, setParamValue } = instance.exports
  const Samples = description.compile_options.includes('-double') ? Float64Array : Float32Array
  const channels = description.inputs + description.outputs
  const pointers = (description.size + 15) & ~15
  const buffers = (pointers + channels * 4 + 15) & ~15
  const stride = blockSize * Samples.BYTES_PER_ELEMENT
  const missing = buffers + channels * stride - memory.buffer.byteLength
  if (missing > 0) memory.grow(Math.ceil(missing / 65_536))
  init(0, sampleRate)
  const table = new Int32Array(memory.buffer, pointers, channels)
  for (let i = 0; i < channels; i++) table[i] = buffers + i * stride
  const views = Array.from(table, at => new Samples(memory.buffer, at, blockSize))
  const buttons = description.ui.flatMap(leaves).filter(item => item.type === 'button')
  return {
    inputs: views.slice(0, description.inputs),
    outputs: views.slice(description.inputs),
    compute: frames => compute(0, frames, pointers, pointers + 4 * description.inputs),
    press: value => {
      for (const button of buttons) setParamValue(0, button.index, value)
    },
  }
}

function leaves(item) {
  return item.items ? item.items.flatMap(leaves) : [item]
}
