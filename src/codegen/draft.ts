/**
 * Code that is there soon, for people who wait for its sound.
 *
 * Comes in: a program that `verifyCore` accepts, and what is known of the draft before. Goes out: a module with few
 * optimisations, and what makes it fast. A stage of its own because its code does not depend on the numbers of the program:
 * where nothing else was edited, the code of the draft before is taken, which engines have translated already
 * (decision 0021).
 */
import type { CoreProgram } from '../core/ast.ts'
import { planMemory, type SavedValue } from '../core/layout.ts'
import { literalChanges } from '../core/literal-changes.ts'
import { changeLiterals } from './constant-pool.ts'
import { applyPasses, applyPassesInTurns, DRAFT_PASSES, type Turn } from './draft-passes.ts'
import { emitWasm, encodeWasm } from './emit.ts'
import { type Generated, type GenerateOptions, grown, loadPasses, translate } from './generate.ts'
import type { DataSegment } from './kernel.ts'
import { encodeData } from './wasm/module.ts'

type DraftOptions = Omit<GenerateOptions, 'fastMath'>

/** Samples and state are those of the finished code. */
export interface DraftCode extends Generated {
  /** `turn` is taken now and then. */
  finish(turn: Turn): Promise<Generated>
}

interface Remembered extends Generated {
  readonly program: CoreProgram
  readonly key: string
  readonly saved: readonly SavedValue[]
}

/** The last draft of those that were made with it. */
export interface DraftMemory {
  last?: Remembered | undefined
}

/** `memory` spares the work where only numbers differ from the draft before; it is told of this one. */
export function generateDraft(program: CoreProgram, options: DraftOptions, memory?: DraftMemory): DraftCode {
  // Others know where their state lies.
  const isUsual = options.placement === undefined && options.memory === undefined
  const key = [options.precision, ...(options.disabledPasses ?? [])].join(' ')
  const again = isUsual ? recall(program, options, key, memory?.last) : undefined
  const draft = again ?? { ...draftAnew(program, options), program, key }
  if (memory) memory.last = isUsual ? draft : undefined
  const { wasm, layout, kernel } = draft
  return { wasm, layout, kernel, finish: turn => finishDraft(program, options, turn) }
}

function draftAnew(program: CoreProgram, options: DraftOptions): Omit<Remembered, 'program' | 'key'> {
  const { module, layout, saved, disabled } = translate(program, { ...options, isOpen: true })
  const kernel = applyPasses(module, DRAFT_PASSES, disabled)
  const wasm = encodeWasm(kernel, { memory: options.memory ?? 'own', marksIndependent: true })
  return { wasm, layout: grown(layout, kernel), kernel, saved }
}

/** The code of the draft before, where it is that of this program. */
function recall(
  program: CoreProgram,
  { precision }: DraftOptions,
  key: string,
  last: Remembered | undefined,
): Remembered | undefined {
  if (last?.key !== key) return undefined
  const changes = literalChanges(last.program, program, precision)
  const kernel = changes && changeLiterals(last.kernel, changes)
  if (!kernel) return undefined
  const layout = grown(planMemory(program, precision, last.saved).layout, kernel)
  return { ...last, program, kernel, layout, wasm: withData(last.wasm, kernel.data) }
}

/** The data come last in a module without names. */
function withData(wasm: Uint8Array, data: readonly DataSegment[]): Uint8Array {
  const section = encodeData(data)
  const changed = wasm.slice()
  changed.set(section, wasm.length - section.length)
  return changed
}

/** From the start: what a draft lacks goes by the numbers as well. */
async function finishDraft(program: CoreProgram, options: DraftOptions, turn: Turn): Promise<Generated> {
  const { PASSES, passesLeftOut } = await loadPasses()
  const { module, layout, disabled } = translate(program, options)
  const leftOut = new Set([...passesLeftOut(false), ...disabled])
  const kernel = await applyPassesInTurns(module, PASSES, leftOut, turn)
  const { memory = 'own', optimize = false } = options
  const { wasm } = await emitWasm(kernel, { memory, optimize })
  return { wasm, layout: grown(layout, kernel), kernel }
}
