/**
 * Compile time by stage, for synthetic programs of growing size.
 *
 * Run as a process of its own: reads sizes as arguments, prints JSON `[{ signals, stages: { name: milliseconds } }]`.
 * It calls the stages of the built library itself, since the library has no clock.
 */

import { encodeWasm } from '../dist/codegen/emit.js'
import { foldMath } from '../dist/codegen/fold.js'
import { addMathFunctions } from '../dist/codegen/generate.js'
import { runPasses } from '../dist/codegen/passes.js'
import { toKernel } from '../dist/codegen/to-kernel.js'
import { DiagnosticLog } from '../dist/diagnostics.js'
import { reachable } from '../dist/lower/graph.js'
import { lower } from '../dist/lower/lower.js'
import { parseSource } from '../dist/parser/parse.js'
import { SourceFile } from '../dist/source.js'
import { syntheticProgram } from './compile-programs.js'
import { median } from './statistics.js'

const PRECISION = 'double'
const WARM_UP_SIGNALS = 2000
const WARM_UPS = 6
/** Small programs are measured more often. */
const LONGEST_MILLISECONDS = 1500
const MOST_ROUNDS = 15

const loweringOptions = {
  load: () => undefined,
  loadSound: () => undefined,
  precision: PRECISION,
  entry: 'process',
  math: foldMath(),
  definitions: {},
}

/** Milliseconds of each stage. */
function compileOnce(source) {
  const stages = {}
  let last = performance.now()
  const over = name => {
    const now = performance.now()
    stages[name] = now - last
    last = now
  }
  const log = new DiagnosticLog()
  const file = new SourceFile('process.dsp', source)
  const program = parseSource(file, log)
  over('parse')
  const lowered = lower(program, file, { ...loweringOptions, onStage: over }, log)
  const { module } = toKernel(lowered.core, { precision: PRECISION })
  const complete = addMathFunctions(module, PRECISION)
  over('kernel')
  const kernel = runPasses(complete, () => {})
  over('passes')
  const wasm = encodeWasm(kernel, { memory: 'own' })
  over('emit')
  return { stages, signals: reachable(lowered.lean).length, bytes: wasm.length }
}

function measure(signals) {
  const source = syntheticProgram(signals)
  const runs = []
  const start = performance.now()
  do runs.push(compileOnce(`${source}\n// ${runs.length}\n`))
  while (runs.length < MOST_ROUNDS && performance.now() - start < LONGEST_MILLISECONDS)
  const names = Object.keys(runs[0].stages)
  const stages = Object.fromEntries(names.map(name => [name, median(runs.map(run => run.stages[name]))]))
  return { signals: runs[0].signals, bytes: runs[0].bytes, stages }
}

for (let i = 0; i < WARM_UPS; i++) compileOnce(syntheticProgram(WARM_UP_SIGNALS))
const results = process.argv.slice(2).map(size => measure(Number(size)))
process.stdout.write(JSON.stringify(results))
