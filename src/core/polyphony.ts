/**
 * Polyphony: one voice becomes N that sound together.
 *
 * Comes in: a program and which of its controls each voice has for itself. Goes out: a program with a copy of
 * these for every voice, and the sum of the voices at its outputs, in the order 0 + 1 + 2 …. Its samples are
 * those of N instances of the program whose outputs are added, bit for bit.
 *
 * What does not depend on a control of one voice is the same in all of them, its state too, because all voices
 * start together and always run; it is computed once. The rest is copied statement by statement, so that equal
 * work of the voices stands side by side where the optimiser finds lanes. A stage of its own because it needs
 * nothing but Core, and so serves programs built by hand as well.
 */
import type { BufferDeclaration, Core, CoreControl, CoreProgram, KeptVariable, StateOrigin } from './ast.ts'
import { rewriteCore } from './rewrite.ts'
import { buffersOf, nodesOf, sectionsOf } from './traverse.ts'

export interface PolyphonyOptions {
  /** ≥ 1. */
  readonly voices: number
  /** Does each voice have this input control for itself? Bargraphs are decided by what they show. */
  readonly perVoice: (control: CoreControl) => boolean
}

export interface Polyphonic {
  readonly program: CoreProgram
  /** Ids of the controls that each voice has for itself; that of voice v (from 0) is `voiceId(id, v)`. */
  readonly perVoice: ReadonlySet<string>
}

/**
 * Identity of a piece of state or control of a voice, voices counted from 0 here and from 1 in the name. An
 * address gets a group below the root, `/synth/freq` becomes `/synth/voice1/freq`; a path of definitions one
 * in front.
 */
export function voiceId(id: string, voice: number): string {
  const group = `voice${voice + 1}`
  return id.startsWith('/') ? id.replace(/^(\/[^/]*)?\//, `$1/${group}/`) : `${group}/${id}`
}

export function polyphonic(program: CoreProgram, { voices, perVoice }: PolyphonyOptions): Polyphonic {
  const chosen = program.controls.filter(c => c.direction === 'in' && perVoice(c))
  const own = dependents(program, new Set(chosen.map(c => c.name)))
  const numbers = Array.from({ length: voices }, (_, voice) => voice)
  const copies = <T>(items: readonly T[], nameOf: (item: T) => string, copy: (item: T, v: number) => T) =>
    items.flatMap(item => (own.has(nameOf(item)) ? numbers.map(v => copy(item, v)) : [item]))

  const section = (root: Core): Core => ({
    kind: 'statements',
    list: statementsOf(root).flatMap(statement =>
      mentions(statement, own) ? numbers.map(v => forVoice(statement, own, v)) : [statement],
    ),
  })
  const renamed = (name: string, v: number) => voiceName(name, v)
  const result: CoreProgram = {
    ...program,
    controls: copies(program.controls, nameOf, (c: CoreControl, v) => ({
      ...c,
      name: renamed(c.name, v),
      id: voiceId(c.id, v),
    })),
    kept: copies(program.kept, nameOf, (k: KeptVariable, v) => ({
      ...k,
      name: renamed(k.name, v),
      id: voiceId(k.id, v),
      ...ofVoice(k.origins, v),
    })),
    buffers: copies(buffersOf(program), nameOf, (b: BufferDeclaration, v) => ({
      ...b,
      name: renamed(b.name, v),
      id: voiceId(b.id, v),
      ...ofVoice(b.origins, v),
    })),
    init: section(program.init),
    control: section(program.control),
    sample: withSums(program, section(program.sample), own, voices),
  }
  const ids = program.controls.filter(c => own.has(c.name)).map(c => c.id)
  return { program: result, perVoice: new Set(ids) }
}

/** State of one voice goes on in the same voice of another version. */
function ofVoice(origins: readonly StateOrigin[] | undefined, voice: number): Pick<KeptVariable, 'origins'> {
  if (!origins) return {}
  return { origins: origins.map(origin => originOf(origin, voice)) }
}

function originOf(origin: StateOrigin, voice: number): StateOrigin {
  const owner = voiceId(origin.owner, voice)
  return { ...origin, owner, path: `voice${voice + 1}/${origin.path}`, exact: origin.exact + voice }
}

const nameOf = ({ name }: { readonly name: string }) => name

/**
 * Names of variables and buffers whose values may differ between voices: least set that holds `roots` and all
 * that a statement assigns or writes which mentions one of them.
 */
function dependents(program: CoreProgram, roots: ReadonlySet<string>): Set<string> {
  const own = new Set(roots)
  const statements = sectionsOf(program).flatMap(statementsOf).map(namesOf)
  for (let before = -1; before !== own.size; ) {
    before = own.size
    for (const { touched, changed } of statements) {
      if (touched.some(name => own.has(name))) for (const name of changed) own.add(name)
    }
  }
  return own
}

/** All names that a statement reads or changes, and those that it changes. */
function namesOf(statement: Core): { touched: string[]; changed: string[] } {
  const touched = new Set<string>()
  const changed = new Set<string>()
  for (const node of nodesOf(statement)) {
    switch (node.kind) {
      case 'variable':
        touched.add(node.name)
        break
      case 'assign':
        changed.add(node.name)
        break
      case 'bufferOp':
        if (node.op === 'write' || node.op === 'delayWrite') changed.add(node.buffer)
        else touched.add(node.buffer)
        break
      case 'length':
      case 'bufferDeclare':
        touched.add(node.buffer)
        break
      default:
    }
  }
  return { touched: [...touched, ...changed], changed: [...changed] }
}

const mentions = (statement: Core, own: ReadonlySet<string>) =>
  namesOf(statement).touched.some(name => own.has(name))

/** Statements of a section, nested lists flattened. */
function statementsOf(root: Core): Core[] {
  const flat: Core[] = []
  const pending = [root]
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.kind === 'statements') for (const inner of node.list.toReversed()) pending.push(inner)
    else flat.push(node)
  }
  return flat
}

/** No name of a program ends so: `#` cannot stand in names of the language or of the builder API. */
const voiceName = (name: string, voice: number) => `${name}#voice${voice + 1}`

function forVoice(statement: Core, own: ReadonlySet<string>, voice: number): Core {
  return rewriteCore(statement, node => {
    switch (node.kind) {
      case 'variable':
      case 'assign':
        return own.has(node.name) ? { ...node, name: voiceName(node.name, voice) } : node
      case 'bufferOp':
      case 'length':
      case 'bufferDeclare':
        return own.has(node.buffer) ? { ...node, buffer: voiceName(node.buffer, voice) } : node
      case 'call':
        return {
          ...node,
          id: voiceId(node.id, voice),
          ...(node.origin && { origin: originOf(node.origin, voice) }),
        }
      default:
        return node
    }
  })
}

/** Adds the voices up. An output on which no voice has an influence is as loud as it would be in N voices. */
function withSums(program: CoreProgram, sample: Core, own: ReadonlySet<string>, voices: number): Core {
  const sums = program.outputs.map((output): Core => {
    const voice = (v: number): Core => ({
      kind: 'variable',
      name: own.has(output) ? voiceName(output, v) : output,
    })
    let sum = voice(0)
    for (let v = 1; v < voices; v++) sum = { kind: 'operator', op: 'add', args: [sum, voice(v)] }
    return { kind: 'assign', name: output, value: sum }
  })
  return { kind: 'statements', list: [...(sample.kind === 'statements' ? sample.list : [sample]), ...sums] }
}
