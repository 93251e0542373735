/**
 * What an evaluator is given, and what it hands on to that of the next version of the program. Types only.
 */
import type { NodeLibrary } from '../core/node-library.ts'
import type { DiagnosticLog } from '../diagnostics.ts'
import type { Applier } from './apply.ts'
import type { Budget } from './budget.ts'
import type { Closer } from './close.ts'
import type { KnownLayers } from './environment.ts'
import type { KnownBoxes } from './known-boxes.ts'
import type { Modules } from './modules.ts'
import type { SignalTable } from './signal.ts'
import type { SoundTable } from './soundfiles.ts'

export interface Evaluation {
  /** Ends the run. */
  readonly tooLarge: (what: string) => never
  readonly modules: Modules
  readonly signals: SignalTable
  /** Of constants that are known beforehand: those of the program do not depend on what is known already. */
  readonly trialSignals: SignalTable
  readonly sounds: SoundTable
  readonly budget: Budget
  /** What `node("name")` finds. */
  readonly nodes: NodeLibrary
  readonly log: DiagnosticLog
  /** Of the version of the program that is evaluated, where there are several. */
  readonly version?: number | undefined
  /** Of the version before. */
  readonly former?: Findings | undefined
}

/** What evaluation found out that holds for other versions of the program too. */
export interface Findings {
  readonly boxes: KnownBoxes
  readonly layers: KnownLayers
  readonly closed: Closer['closedBoxes']
  readonly constants: Applier['constants']
  readonly simplified: Applier['simplified']
}
