/**
 * Many voices of a program that was written for one.
 *
 * Comes in: a lowered program. Goes out: one in which every voice has its own frequency, gain and gate, and what
 * is computed from them; other controls are shared. In the interface, shared controls stay where they were, and
 * below the root stands a group for each voice. Beside core/polyphony.ts, which does the same to the program
 * and knows nothing of labels.
 */
import { polyphonic, voiceId } from '../core/polyphony.ts'
import type { UiItem } from '../core/program.ts'
import type { DiagnosticLog } from '../diagnostics.ts'
import type { Lowered } from './lower.ts'
import type { PlannedControl, UserInterface } from './ui.ts'

/** Last parts of the addresses of controls that a note sets. */
export const VOICE_CONTROLS: ReadonlySet<string> = new Set([
  ...['freq', 'key', 'gain', 'vel', 'velocity', 'gate'],
])

export function inVoices(lowered: Lowered, voices: number, log: DiagnosticLog): Lowered {
  const isVoice = ({ id }: { id: string }) => VOICE_CONTROLS.has(id.slice(id.lastIndexOf('/') + 1))
  if (!lowered.core.controls.some(isVoice)) log.report('voicesAlike', undefined, {})
  const { program, perVoice } = polyphonic(lowered.core, { voices, perVoice: isVoice })
  return { ...lowered, core: program, ui: polyphonicInterface(lowered.ui, perVoice, voices) }
}

type Group = Extract<UiItem, { kind: 'group' }>

function polyphonicInterface(
  ui: UserInterface,
  perVoice: ReadonlySet<string>,
  voices: number,
): UserInterface {
  const controls: PlannedControl[] = []
  const add = (control: PlannedControl): UiItem => {
    controls.push(control)
    return { kind: 'control', control: controls.length - 1 }
  }
  const shared = keep(ui.items, i => {
    const control = ui.controls[i]!
    return perVoice.has(control.address) ? undefined : add(control)
  })
  const groups = Array.from({ length: voices }, (_, voice): Group => {
    const items = keep(ui.items, i => {
      const control = ui.controls[i]!
      return perVoice.has(control.address)
        ? add({ ...control, address: voiceId(control.address, voice) })
        : undefined
    })
    const [root] = items
    const inner = items.length === 1 && root?.kind === 'group' ? root.items : items
    return { kind: 'group', group: 'vgroup', label: `voice${voice + 1}`, metadata: [], items: inner }
  }).filter(group => group.items.length > 0)
  return { ...ui, controls, items: withGroups(ui.items, shared, groups) }
}

/** The tree with other controls; groups without any are left out. */
function keep(items: readonly UiItem[], take: (control: number) => UiItem | undefined): UiItem[] {
  return items.flatMap((item): UiItem[] => {
    if (item.kind === 'control') {
      const kept = take(item.control)
      return kept ? [kept] : []
    }
    const inner = keep(item.items, take)
    return inner.length > 0 ? [{ ...item, items: inner }] : []
  })
}

/** The voices' groups come last in the root, which is there even if nothing is shared. */
function withGroups(
  before: readonly UiItem[],
  shared: readonly UiItem[],
  groups: readonly Group[],
): UiItem[] {
  const [root] = before
  if (root?.kind !== 'group' || before.length !== 1) return [...shared, ...groups]
  const [kept] = shared
  const items = kept?.kind === 'group' ? kept.items : []
  return [{ ...root, items: [...items, ...groups] }]
}
