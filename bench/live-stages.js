/**
 * Compile time by stage of a program that is edited again and again, the compiler warm.
 *
 * It calls the stages of the built library itself, since the library has no clock. What `processor` says holds on a busy
 * machine too, but counts what garbage collection and optimisation do beside.
 */
import { generateDraft } from '../dist/codegen/draft.js'
import { foldMath } from '../dist/codegen/fold.js'
import { DiagnosticLog } from '../dist/diagnostics.js'
import { lower } from '../dist/lower/lower.js'
import { nodeLoader } from '../dist/node-loader.js'
import { parseEdited } from '../dist/parser/edited.js'
import { SourceFile } from '../dist/source.js'

const WARM_UPS = 12
const OPTIONS = { precision: 'double' }
const atOnce = async () => {}

async function compileOnce(source, filename, { files, memory }, stages) {
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
  memory.evaluation ??= {}
  const { program, definitions } = parseEdited(file, log, memory.evaluation.last?.definitions)
  over('parse')
  const fixed = { ...files, ...OPTIONS, entry: 'process', math: foldMath(), definitions: {} }
  const lowered = lower(
    program,
    file,
    { ...fixed, edited: { memory: memory.evaluation, definitions }, onStage: over },
    log,
  )
  const draft = generateDraft(lowered.core, OPTIONS, memory)
  over('draft')
  put('compile, draft', performance.now() - began)
  const { user, system } = process.cpuUsage(cpu)
  put('compile, processor', (user + system) / 1000)
  await draft.finish(atOnce)
  over('finish')
}

/** Milliseconds of each stage, of each edit. */
export async function compileByStage(source, filename, edited, edits) {
  const known = { files: await nodeLoader(filename, []), memory: {} }
  for (let count = 0; count < WARM_UPS; count++) await compileOnce(edited(source, count), filename, known, {})
  const stages = {}
  for (let count = 0; count < edits; count++)
    await compileOnce(edited(source, count), filename, known, stages)
  return stages
}
