/**
 * The user interface: widgets become a sorted tree with addresses.
 *
 * Comes in: the widgets that the program really uses, each with the groups around it. Goes out: controls, the
 * tree, and the address of each widget. A stage of its own because groups merge across the whole program, so
 * no address is known before all widgets are.
 */
import type { Control, GroupKind, UiItem } from '../core/program.ts'
import type { DiagnosticLog } from '../diagnostics.ts'
import { addressPart, followPath, type GroupLabel, type Label, parseLabel } from './labels.ts'
import type { GroupPath, Signal, SignalTable } from './signal.ts'

type Widget = Extract<Signal, { kind: 'widget' | 'bargraph' }>

/** A control whose place in memory is not decided yet. */
export type PlannedControl = Omit<Control, 'offset'>

export interface UserInterface {
  readonly controls: readonly PlannedControl[]
  readonly items: readonly UiItem[]
  readonly addresses: ReadonlyMap<Signal, string>
}

interface Folder {
  readonly group: GroupKind
  readonly raw: string
  readonly label: Label
  readonly folders: Map<string, Folder>
  readonly widgets: { raw: string; label: Label; signal: Widget }[]
}

export function buildUserInterface(
  widgets: readonly Widget[],
  programName: string,
  signals: SignalTable,
  log: DiagnosticLog,
): UserInterface {
  const root = folder('vgroup', programName)
  for (const signal of widgets) insert(root, signal)
  const only = root.widgets.length === 0 && root.folders.size === 1 ? [...root.folders.values()][0]! : root
  const builder = new InterfaceBuilder(signals, log)
  const items = widgets.length === 0 ? [] : [builder.folder(only, '')]
  return { controls: builder.controls, items, addresses: builder.addresses }
}

function folder(group: GroupKind, raw: string): Folder {
  return { group, raw, label: parseLabel(raw), folders: new Map(), widgets: [] }
}

/** Puts a widget into its folder; folders of equal kind and label are one. */
function insert(root: Folder, signal: Widget): void {
  const { groups, rest } = followPath(groupLabels(signal.path), signal.spec.label)
  let at = root
  for (const { group, raw } of groups) {
    const key = `${group} ${raw}`
    let next = at.folders.get(key)
    if (!next) at.folders.set(key, (next = folder(group, raw)))
    at = next
  }
  at.widgets.push({ raw: rest, label: parseLabel(rest), signal })
}

/** The groups around a widget, outermost first; a group's own label may be a path too. */
function groupLabels(path: GroupPath | undefined): GroupLabel[] {
  const inwards: GroupPath[] = []
  for (let p = path; p; p = p.parent) inwards.unshift(p)
  let groups: GroupLabel[] = []
  for (const p of inwards) {
    const followed = followPath(groups, p.label)
    groups = [...followed.groups, { group: p.group, raw: followed.rest }]
  }
  return groups
}

class InterfaceBuilder {
  readonly controls: PlannedControl[] = []
  readonly addresses = new Map<Signal, string>()
  private readonly unnamed = new Map<string, number>()
  private readonly taken = new Map<string, Widget>()
  private readonly signals: SignalTable
  private readonly log: DiagnosticLog

  constructor(signals: SignalTable, log: DiagnosticLog) {
    this.signals = signals
    this.log = log
  }

  folder(at: Folder, prefix: string): UiItem {
    const address = `${prefix}/${addressPart(at.label.text)}`
    const entries = [
      ...at.widgets.map(w => ({ raw: w.raw, make: () => this.widget(w.signal, w.label, address) })),
      ...[...at.folders.values()].map(f => ({ raw: f.raw, make: () => this.folder(f, address) })),
    ]
    entries.sort((a, b) => (a.raw < b.raw ? -1 : a.raw > b.raw ? 1 : 0))
    const items = entries.map(e => e.make())
    return { kind: 'group', group: at.group, label: at.label.text, metadata: at.label.metadata, items }
  }

  private widget(signal: Widget, label: Label, prefix: string): UiItem {
    const address = `${prefix}/${this.nameOf(signal, label)}`
    this.claim(signal, address)
    this.addresses.set(signal, address)
    const { kind, init, min, max, step } = signal.spec
    const control = { kind, address, label: label.text, init, min, max, step, metadata: label.metadata }
    this.controls.push(control)
    return { kind: 'control', control: this.controls.length - 1 }
  }

  /** A bargraph without a name is called by its kind and a number, so that a group may hold several. */
  private nameOf(signal: Widget, label: Label): string {
    const { kind } = signal.spec
    const isMeter = kind === 'hbargraph' || kind === 'vbargraph'
    if (label.text !== '' || !isMeter) return addressPart(label.text)
    const count = this.unnamed.get(kind) ?? 0
    this.unnamed.set(kind, count + 1)
    return `${kind}${count}`
  }

  private claim(signal: Widget, address: string): void {
    const other = this.taken.get(address)
    if (other) {
      const { origins } = this.signals
      const labels = [{ span: origins.get(other)?.span, message: 'the other one' }]
      this.log.report('duplicateAddress', origins.get(signal)?.span, { address }, labels)
    }
    this.taken.set(address, signal)
  }
}
