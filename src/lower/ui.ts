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
  /** Identity of each widget: its address, and a number when a later bargraph has the same. */
  readonly ids: ReadonlyMap<Signal, string>
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
  const root = folder('vgroup', programName, { text: programName, metadata: [] })
  for (const signal of inOfficialOrder(widgets)) insert(root, signal)
  const builder = new InterfaceBuilder(signals, log)
  const items = [builder.folder(rootOf(root), '')]
  return { controls: builder.controls, items, ids: identify(widgets, builder.addresses) }
}

/** Of bargraphs that share an address hosts read the last. */
function identify(widgets: readonly Widget[], addresses: ReadonlyMap<Signal, string>): Map<Signal, string> {
  const last = new Map(widgets.map(signal => [addresses.get(signal)!, signal]))
  const idOf = (signal: Widget, index: number) => {
    const address = addresses.get(signal)!
    return last.get(address) === signal ? address : `${address}#${index}`
  }
  return new Map(widgets.map((signal, i) => [signal, idOf(signal, i)]))
}

/** Decides among equal labels, which only bargraphs and groups can have: later bargraphs come first. */
function inOfficialOrder(widgets: readonly Widget[]): Widget[] {
  return [...widgets.filter(s => !isMeter(s)), ...widgets.filter(isMeter).reverse()]
}

/** A single group is the root itself; without a name it is called as the program. */
function rootOf(root: Folder): Folder {
  if (root.widgets.length > 0 || root.folders.size !== 1) return root
  const [only] = root.folders.values()
  const { label } = only!
  return label.text === '' ? { ...only!, label: { ...label, text: root.label.text } } : only!
}

function folder(group: GroupKind, raw: string, label: Label = parseLabel(raw)): Folder {
  return { group, raw: plainBlanks(raw), label, folders: new Map(), widgets: [] }
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
  at.widgets.push({ raw: plainBlanks(rest), label: parseLabel(rest), signal })
}

/** The groups around a widget, outermost first. Paths are for widgets; in the label of a group they are text. */
function groupLabels(path: GroupPath | undefined): GroupLabel[] {
  const groups: GroupLabel[] = []
  for (let p = path; p; p = p.parent) groups.unshift({ group: p.group, raw: p.label })
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

  private widget(signal: Widget, { text, metadata }: Label, prefix: string): UiItem {
    const label = this.nameOf(signal, text)
    const address = `${prefix}/${addressPart(label)}`
    this.claim(signal, address)
    const { kind, init, min, max, step } = signal.spec
    this.controls.push({ kind, address, label, init, min, max, step, metadata })
    return { kind: 'control', control: this.controls.length - 1 }
  }

  /** A bargraph without a name is called by its kind and a number, so that a group may hold several. */
  private nameOf(signal: Widget, text: string): string {
    const { kind } = signal.spec
    if (text !== '' || !isMeter(signal)) return text
    const count = this.unnamed.get(kind) ?? 0
    this.unnamed.set(kind, count + 1)
    return `${kind}${count}`
  }

  /** Only bargraphs share an address: a host must know which control it sets. */
  private claim(signal: Widget, address: string): void {
    const other = this.taken.get(address)
    if (other && !(isMeter(other) && isMeter(signal))) {
      const { origins } = this.signals
      const labels = [{ span: origins.get(other)?.span, message: 'the other one' }]
      this.log.report('duplicateAddress', origins.get(signal)?.span, { address }, labels)
    }
    this.taken.set(address, signal)
    this.addresses.set(signal, address)
  }
}

const isMeter = (s: Widget) => s.kind === 'bargraph'

const plainBlanks = (text: string) => text.replace(/[\t\n\r]/g, ' ')
