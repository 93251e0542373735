/**
 * Says where two recordings differ.
 *
 * Comes in: what two programs answered to the same stimulus. Goes out: a sentence about the first difference,
 * or nothing. A sentence, because "expected 0.3 to be 0.4" does not say which frame of which output.
 */

import type { Diagnostic } from '../../src/diagnostics.ts'
import { descriptionDifference } from './description.ts'
import { recordOfficial } from './faust.ts'
import { type MachineControl, movingStimulus, type Recording } from './machine.ts'
import { type OurOptions, recordOurs } from './ours.ts'

export interface Tolerance {
  /** Largest difference allowed, times max(1, |expected|). */
  readonly relative: number
  /** A channel is compared up to the first sample that is larger than this or not finite. */
  readonly limit?: number
  /** Controls of which every use cancels out may be left over: h - h + x. */
  readonly spareControls?: boolean
}

export const EXACT_TO_ROUNDING: Tolerance = { relative: 1e-9 }

export function differenceOf(
  actual: Recording,
  expected: Recording,
  tolerance: Tolerance = EXACT_TO_ROUNDING,
): string | undefined {
  return (
    controlDifference(actual.controls, expected.controls, tolerance.spareControls === true) ??
    sampleDifference(actual.outputs, expected.outputs, tolerance) ??
    meterDifference(actual, expected, tolerance)
  )
}

export function sampleDifference(
  actual: readonly ArrayLike<number>[],
  expected: readonly ArrayLike<number>[],
  tolerance: Tolerance,
): string | undefined {
  if (actual.length !== expected.length) return `${actual.length} outputs instead of ${expected.length}`
  for (const [channel, wanted] of expected.entries()) {
    const got = actual[channel]!
    for (let frame = 0; frame < wanted.length; frame++) {
      const value = wanted[frame]!
      if (tolerance.limit !== undefined && !(Math.abs(value) < tolerance.limit)) break
      if (!isClose(got[frame]!, value, tolerance.relative)) {
        return `output ${channel}, frame ${frame}: ${got[frame]} instead of ${value}`
      }
    }
  }
  return undefined
}

export function isClose(actual: number, expected: number, relative: number): boolean {
  if (Object.is(actual, expected) || actual === expected) return true
  return Math.abs(actual - expected) <= relative * Math.max(1, Math.abs(expected))
}

function meterDifference(actual: Recording, expected: Recording, tolerance: Tolerance): string | undefined {
  for (const [address, values] of Object.entries(expected.meters)) {
    const difference = sampleDifference([actual.meters[address] ?? []], [values], tolerance)
    if (difference) return `bargraph ${address}, by block: ${difference}`
  }
  return undefined
}

/** Same controls with the same ranges, in any order. The official JSON prints six digits. */
function controlDifference(
  actual: readonly MachineControl[],
  expected: readonly MachineControl[],
  spare: boolean,
): string | undefined {
  const describe = (c: MachineControl) => `${c.kind} ${c.address}`
  const wanted = expected.map(describe).sort().join(', ')
  const counted = spare ? actual.filter(c => wanted.split(', ').includes(describe(c))) : actual
  const got = counted.map(describe).sort().join(', ')
  if (got !== wanted) return `controls [${got}] instead of [${wanted}]`
  for (const control of expected) {
    if (control.kind === 'soundfile') continue
    const own = actual.find(c => describe(c) === describe(control))!
    for (const field of ['init', 'min', 'max', 'step'] as const) {
      const isOwn =
        isClose(own[field], control[field], 1e-5) || (field !== 'min' && field !== 'max' && isMeterKind(own))
      if (!isOwn) return `${describe(control)}: ${field} ${own[field]} instead of ${control[field]}`
    }
  }
  return undefined
}

function isMeterKind(control: MachineControl): boolean {
  return control.kind.endsWith('bargraph')
}

/** One line a diagnostic, for messages of failed tests. */
export function summary(diagnostics: readonly Diagnostic[]): string {
  return diagnostics.map(d => `${d.code} ${d.message} (line ${d.span?.start.line ?? '?'})`).join('\n')
}

/** Compiles, runs and describes with both compilers; a sentence when they disagree. */
export async function disagreement(source: string, options: OurOptions = {}): Promise<string | undefined> {
  const { files } = options
  const [expected, actual] = await Promise.all([
    recordOfficial(source, movingStimulus, { name: 'process.dsp', ...(files && { files }) }),
    recordOurs(source, movingStimulus, options),
  ])
  if (!expected.ok) return `the official compiler refuses: ${expected.message}`
  if (!actual.ok) return `refused: ${summary(actual.diagnostics)}`
  return differenceOf(actual, expected) ?? descriptionDifference(actual.program, expected.json)
}
