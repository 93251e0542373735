/**
 * The official compiler's C++, compiled natively: what a user of Faust gets who exports a program.
 *
 * Comes in: a program, a precision. Goes out: engines as engine-process.js starts them, one for each way to compile
 * (`VARIANTS`), the first of which is the one that is usual. Needs the commands `faust` and `clang++` or `g++`.
 * Programs that `faust` or the C++ compiler does not take have no engines.
 */
import { execFile, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const ARCHITECTURE = fileURLToPath(new URL('native.cpp', import.meta.url))
const STDLIB = fileURLToPath(new URL('../stdlib/', import.meta.url))
const OPTIMISED = ['-O3', '-ffast-math', '-march=native']

const isThere = command => {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

const COMPILERS = ['clang++', 'g++'].filter(isThere)
const SHAPES = [[], ['-vec', '-vs', '32', '-lv', '0'], ['-vec', '-vs', '32', '-lv', '1']]
export const VARIANTS = isThere('faust')
  ? COMPILERS.flatMap(compiler => SHAPES.map(shape => ({ compiler, shape })))
  : []

/** Builds a program in all ways; the engines of those that could be built. */
export async function startNative(precision, { name, source }) {
  const folder = mkdtempSync(join(tmpdir(), 'dspc-bench-'))
  const patch = join(folder, `${name}.dsp`)
  writeFileSync(patch, source)
  const engines = []
  for (const [i, { compiler, shape }] of VARIANTS.entries()) {
    const [code, binary] = [join(folder, `${i}.cpp`), join(folder, `${i}`)]
    const float = `-DFAUSTFLOAT=${precision === 'double' ? 'double' : 'float'}`
    try {
      await run('faust', [
        '-lang',
        'cpp',
        `-${precision}`,
        ...shape,
        '-I',
        STDLIB,
        '-a',
        ARCHITECTURE,
        patch,
        '-o',
        code,
      ])
      await run(compiler, [...OPTIMISED, float, code, '-o', binary])
    } catch {
      continue
    }
    engines.push(startBinary(binary))
  }
  const stop = () => {
    for (const engine of engines) engine.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { engines, stop }
}

function startBinary(binary) {
  const child = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] })
  let block = 256
  const ask = request => {
    if (request.do === 'open') {
      block = request.blockSize
      return Promise.resolve({})
    }
    return new Promise((resolve, reject) => {
      const onExit = () => reject(new Error('a native program stopped'))
      child.once('exit', onExit)
      child.stdout.once('data', text => {
        child.off('exit', onExit)
        resolve({ time: Number(text) / 1e6 })
      })
      child.stdin.write(`run ${block} ${request.frames}\n`)
    })
  }
  return { ask, stop: () => child.kill() }
}
