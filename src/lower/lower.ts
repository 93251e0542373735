/**
 * The front half of the compiler as one value: text to a checked signal graph and Core.
 *
 * Comes in: the parsed program and a loader. Goes out: every representation on the way, so that compilation takes
 * the last and `--emit` any of them.
 */
import type { CoreProgram } from '../core/ast.ts'
import { expandProgram, HIGHEST_SAMPLE_RATE } from '../core/expand.ts'
import { MAX_CHANNELS } from '../core/layout.ts'
import type { NodeLibrary } from '../core/node-library.ts'
import type { MathFunctions } from '../core/primitives.ts'
import type { Precision } from '../core/program.ts'
import type { DiagnosticLog } from '../diagnostics.ts'
import type { Program } from '../parser/ast.ts'
import { type SourceFile, type Span, span } from '../source.ts'
import type { Box, BoxNames } from './box.ts'
import { checkSignals } from './checks.ts'
import { evaluateProgram } from './evaluate-program.ts'
import type { Edited } from './evaluation-memory.ts'
import { type Facts, inferFacts } from './facts.ts'
import { programMetadata } from './metadata.ts'
import type { Load } from './modules.ts'
import { propagate } from './propagate.ts'
import { KnotTier } from './recursion.ts'
import { usedWidgets } from './schedule.ts'
import type { Signal } from './signal.ts'
import { simplify } from './simplify.ts'
import type { LoadSound } from './soundfiles.ts'
import { toCore } from './to-core.ts'
import { buildUserInterface, type UserInterface } from './ui.ts'
import { variableLabels } from './variable-labels.ts'

export interface LowerOptions {
  readonly load: Load
  readonly precision: Precision
  readonly entry: string
  readonly math: MathFunctions
  readonly loadSound: LoadSound
  /** What `node("name")` finds. Default: all of docs/NODES.md. */
  readonly nodes?: NodeLibrary | undefined
  /** Definitions that replace those of the program: names and expressions. */
  readonly definitions: Readonly<Record<string, string>>
  /** That this is one version of several. */
  readonly edited?: Edited | undefined
  /** Told the name of each stage when it is over, for those who measure. */
  readonly onStage?: (stage: string) => void
}

export interface Lowered {
  readonly box: Box
  /** Of boxes that a definition stands for. */
  readonly names: BoxNames
  /** As propagated, before simplification. */
  readonly signals: readonly Signal[]
  readonly lean: readonly Signal[]
  readonly facts: Facts
  readonly core: CoreProgram
  /** What the user calls the places where variables of Core are computed; found out when asked. */
  readonly labels: () => ReadonlyMap<string, string>
  readonly ui: UserInterface
  readonly name: string
  readonly metadata: readonly (readonly [string, string])[]
  /** Where the entry is defined. */
  readonly at: Span
}

export function lower(
  program: Program,
  file: SourceFile,
  options: LowerOptions,
  log: DiagnosticLog,
): Lowered {
  const { onStage = () => {} } = options
  const tooLarge = (what: string) => log.fail('programTooLarge', span(file, 0, 0), { what })
  const { evaluator, modules, box, at } = evaluateProgram(program, { file, options, tooLarge, log })
  const { signals } = evaluator
  onStage('evaluate')
  const channels = box.arity!.inputs + box.arity!.outputs
  if (channels > MAX_CHANNELS) tooLarge(`${channels} inputs and outputs`)
  const inputs = Array.from({ length: box.arity!.inputs }, (_, i) => signals.input(i))
  const scope = { name: options.entry, file, parent: undefined }
  const propagated = evaluator.run(propagate(evaluator.propagation, box, inputs, scope))
  const tier = new KnotTier(signals)
  const tied = propagated.map(s => tier.tie(s))
  log.stopIfFailed()
  onStage('propagate')

  const tiedFacts = inferFacts(tied)
  const lean = simplify(tied, tiedFacts, signals)
  const facts = inferFacts(lean, tiedFacts)
  checkSignals(lean, facts, signals, log)
  onStage('simplify')
  const metadata = programMetadata(modules.inTextOrder(), evaluator.declared)
  const name = metadata.find(([key]) => key === 'name')?.[1] ?? baseName(file.name)
  const ui = buildUserInterface(usedWidgets(lean), name, signals, log)
  log.stopIfFailed()
  const context = { signals, ids: ui.ids, main: file }
  const calling = toCore(name, inputs.length, lean, facts, context)
  const { program: core } = expandProgram(calling, {
    find: node => evaluator.nodes.get(node),
    sampleRate: HIGHEST_SAMPLE_RATE,
  })
  onStage('to core')
  const labels = () => variableLabels(name, inputs.length, lean, facts, context)
  const { names } = evaluator.boxes
  return { box, names, signals: tied, lean, facts, core, labels, ui, name, metadata, at }
}

function baseName(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.dsp$/, '') || 'process'
}
