/**
 * Evaluation of a whole program, as one of several versions where somebody edits it.
 *
 * Comes in: the parsed program, and what is remembered of the version before. Goes out: the block that its entry stands for, and
 * the evaluator, which has the tables that were filled on the way. Apart from lower.ts, which knows nothing of versions.
 */
import { standardLibrary } from '../core/nodes/index.ts'
import type { DiagnosticLog } from '../diagnostics.ts'
import type { Program } from '../parser/ast.ts'
import { parseSource } from '../parser/parse.ts'
import { SourceFile, type Span, span } from '../source.ts'
import type { Box } from './box.ts'
import { Budget, MOST_STEPS } from './budget.ts'
import { bindDefinitions, type Environment } from './environment.ts'
import { Evaluator } from './evaluate.ts'
import type { Findings } from './evaluation.ts'
import { adopt, Outdated, type Recalled, recall, remember } from './evaluation-memory.ts'
import type { LowerOptions } from './lower.ts'
import { Modules } from './modules.ts'
import { SignalTable } from './signal.ts'
import { SoundTable } from './soundfiles.ts'

export interface EvaluatedProgram {
  readonly evaluator: Evaluator
  readonly modules: Modules
  readonly box: Box
  /** Where the entry is defined. */
  readonly at: Span
}

interface Job {
  readonly file: SourceFile
  readonly options: LowerOptions
  /** Ends the run. */
  readonly tooLarge: (what: string) => never
  readonly log: DiagnosticLog
}

export function evaluateProgram(program: Program, job: Job): EvaluatedProgram {
  const { file, options } = job
  const { precision, math, nodes, definitions } = options
  // What comes from outside may be another each time.
  const edited = Object.keys(definitions).length === 0 ? options.edited : undefined
  if (!edited) return evaluateVersion(program, job, undefined).evaluated
  const setting = { filename: file.name, precision, math, nodes }
  const recalled = recall(edited, setting)
  const { evaluated, top } = evaluateAgain(program, job, recalled)
  const { evaluator, modules } = evaluated
  const { length } = file.text
  if (!modules.isCircular)
    remember(edited, recalled, { setting, findings: findingsOf(evaluator), top, files: modules.read }, length)
  return evaluated
}

function findingsOf({ boxes, environments, closer, applier }: Evaluator): Findings {
  const { constants, simplified } = applier
  return { boxes: boxes.known, layers: environments.known, closed: closer.closedBoxes, constants, simplified }
}

interface Evaluated {
  readonly evaluated: EvaluatedProgram
  /** Where the definitions of the program are evaluated. */
  readonly top: Environment
}

function evaluateAgain(program: Program, job: Job, recalled: Recalled): Evaluated {
  try {
    return evaluateVersion(program, job, recalled)
  } catch (error) {
    if (!(error instanceof Outdated)) throw error
    return evaluateVersion(program, job, { ...recalled, former: undefined })
  }
}

function evaluateVersion(program: Program, job: Job, recalled: Recalled | undefined): Evaluated {
  const { file, options, tooLarge, log } = job
  const { precision, math, nodes = standardLibrary() } = options
  const former = recalled?.former
  const modules = new Modules(options.load, precision, log, former?.files)
  modules.addMain(file.name, program)
  const evaluator = new Evaluator({
    tooLarge,
    modules,
    signals: new SignalTable(math, tooLarge),
    trialSignals: new SignalTable(math, tooLarge),
    sounds: new SoundTable(options.loadSound, () => soundFolders(modules), log),
    budget: new Budget(MOST_STEPS, () => tooLarge(`more than ${MOST_STEPS} steps of evaluation`)),
    nodes,
    log,
    version: recalled?.version,
    former: former?.findings,
  })
  const own = evaluator.scopes.fileEnvironment(file.name, span(file, 0, 0))
  const known = former ? evaluator.environments.layer(own.parent, adopt(former, own.bindings)) : own
  const top = withDefinitions(evaluator, known, options.definitions, log)
  return { evaluated: { evaluator, modules, ...evaluateEntry(evaluator, top, job) }, top }
}

/** The layer of the program, with some of its definitions replaced from outside. */
function withDefinitions(
  evaluator: Evaluator,
  top: Environment,
  definitions: Readonly<Record<string, string>>,
  log: DiagnosticLog,
): Environment {
  const names = Object.keys(definitions)
  if (names.length === 0) return top
  const text = names.map(name => `${name} = ${definitions[name]};\n`).join('')
  const { statements } = parseSource(new SourceFile('definitions', text), log)
  log.stopIfFailed()
  const own = statements.flatMap(s => (s.kind === 'definition' ? [s] : []))
  return evaluator.environments.layer(top.parent, new Map([...top.bindings, ...bindDefinitions(own, log)]))
}

function evaluateEntry(
  evaluator: Evaluator,
  top: Environment,
  { file, options: { entry }, log }: Job,
): { box: Box; at: Span } {
  const binding = top.bindings.get(entry)
  if (binding?.kind !== 'definition') return log.fail('missingEntry', span(file, 0, 0), { name: entry })
  const at = binding.span
  return { box: evaluator.evaluateClosed({ kind: 'identifier', name: entry, span: at }, top), at }
}

/** `declare soundfiles "folder;folder"` of the program. */
function soundFolders(modules: Modules): string[] {
  const own = modules.declarations.filter(d => d.main && d.statement.key === 'soundfiles')
  return own.flatMap(d => d.statement.value.split(';'))
}
