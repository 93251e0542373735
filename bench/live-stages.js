/**
 * Compile time by stage of a program that is edited again and again, the compiler warm.
 *
 * It calls the stages of the built library itself, since the library has no clock. What `processor` says holds on a busy
 * machine too, but counts what garbage collection and optimisation do beside.
 */

import { applyPasses, DRAFT_PASSES } from '../dist/codegen/draft-passes.js'
import { encodeWasm } from '../dist/codegen/emit.js'
import { foldMath } from '../dist/codegen/fold.js'
import { addMathFunctions } from '../dist/codegen/generate.js'
import { FINISHING_PASSES, passesLeftOut } from '../dist/codegen/passes.js'
import { toKernel } from '../dist/codegen/to-kernel.js'
import { DiagnosticLog } from '../dist/diagnostics.js'
import { lower } from '../dist/lower/lower.js'
import { nodeLoader } from '../dist/node-loader.js'
import { parseSource } from '../dist/parser/parse.js'
import { SourceFile } from '../dist/source.js'

const WARM_UPS = 12
const LEFT_OUT = passesLeftOut(false)

function compileOnce(source, filename, files, stages) {
  const began = performance.now()
  const cpu = process.cpuUsage()
  let last = began
  const put = (name, value) => {
    stages[name] ??= []
    stages[name].push(value)
  }
  const over = name => {
    const now = performance.now()
    put(name, now - last)
    last = now
  }
  const log = new DiagnosticLog()
  const file = new SourceFile(filename, source)
  const program = parseSource(file, log)
  over('parse')
  const settings = { ...files, precision: 'double', entry: 'process', math: foldMath() }
  const lowered = lower(program, file, { ...settings, definitions: {}, onStage: over }, log)
  const { module } = toKernel(lowered.core, 'double')
  const complete = addMathFunctions(module, 'double')
  over('to kernel')
  const draft = applyPasses(complete, DRAFT_PASSES, LEFT_OUT)
  encodeWasm(draft, { memory: 'own' })
  over('draft')
  put('compile, draft', performance.now() - began)
  const { user, system } = process.cpuUsage(cpu)
  put('compile, processor', (user + system) / 1000)
  const kernel = applyPasses(draft, FINISHING_PASSES, LEFT_OUT)
  over('finish: passes')
  encodeWasm(kernel, { memory: 'own' })
  over('finish: emit')
}

/** Milliseconds of each stage, of each edit. */
export async function compileByStage(source, filename, edited, edits) {
  const files = await nodeLoader(filename, [])
  for (let count = 0; count < WARM_UPS; count++) compileOnce(edited(source, count), filename, files, {})
  const stages = {}
  for (let count = 0; count < edits; count++) compileOnce(edited(source, count), filename, files, stages)
  return stages
}
