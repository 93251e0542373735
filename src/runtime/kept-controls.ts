/**
 * Which values of controls go on when one program takes the place of another.
 *
 * Comes in: both programs. Goes out: pairs of controls that are the same for people: of one address, or of one address
 * apart from the name of the file, with which addresses begin. Live playing and offline rendering use the same rule.
 */
import type { CompiledProgram, Control } from '../core/program.ts'
import { commonRoot } from './control-root.ts'
import { isBargraph } from './controls.ts'

export interface KeptControl {
  readonly former: Control
  readonly control: Control
}

export function commonControls(
  from: Pick<CompiledProgram, 'controls'>,
  to: Pick<CompiledProgram, 'controls'>,
): KeptControl[] {
  const [before, after] = [settable(from), settable(to)]
  const exact = new Map(before.map(({ control }) => [control.address, control]))
  const known = new Map(before.map(({ name, control }) => [name, control]))
  return after.flatMap(({ name, control }) => {
    const former = exact.get(control.address) ?? known.get(name)
    return former ? [{ former, control }] : []
  })
}

function settable({ controls }: Pick<CompiledProgram, 'controls'>) {
  const own = controls.filter(c => !isBargraph(c) && c.kind !== 'soundfile')
  const root = commonRoot(own.map(c => c.address)).length
  return own.map(control => ({ name: control.address.slice(root), control }))
}

/**
 * A control that nobody moved has its start value; it does not keep it, but takes the new one: who edits that wants to
 * hear it.
 */
export function isMoved({ former }: KeptControl, value: number): boolean {
  return value !== former.init && value !== Math.fround(former.init)
}
