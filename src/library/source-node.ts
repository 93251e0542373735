/**
 * Language code as a node.
 *
 * Comes in: source text. Goes out: a node type whose inputs are the inputs of the program, then its controls with their
 * start values as defaults, whose outputs are its outputs, and whose state is named by the definitions that made it; or
 * the diagnostics of the text. A module of its own because a whole program, with sections for start, block and sample,
 * becomes an expression here: what runs once there is recomputed each sample here, and the optimiser takes it out of
 * the loop again.
 */
import type { OptimizerOptions } from '../codegen/generate.ts'
import { type CompileOptions, lowerSource } from '../compile.ts'
import type { Core, CoreProgram } from '../core/ast.ts'
import { LibraryError } from '../core/misuse.ts'
import { defineNode, type InputDeclaration, type NodeType } from '../core/node-type.ts'
import { nodesOf, sectionsOf } from '../core/traverse.ts'
import { attempt, type Diagnostic, type DiagnosticLog } from '../diagnostics.ts'
import { SourceBody } from './source-body.ts'
import { sourceBuffers } from './source-buffers.ts'

export interface SourceNodeOptions extends Omit<CompileOptions, 'precision' | keyof OptimizerOptions> {
  /** What programs call it by. Default: the name of the program. */
  readonly name?: string
  readonly doc?: string
  readonly category?: string
}

export type SourceNodeResult =
  | { readonly ok: true; readonly node: NodeType; readonly diagnostics: readonly Diagnostic[] }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] }

type Lowered = ReturnType<typeof lowerSource>
type UiControl = Lowered['ui']['controls'][number]

/** Finds no files but through `options.load`. */
export function nodeFromSourceSync(source: string, options: SourceNodeOptions = {}): SourceNodeResult {
  const { value, diagnostics } = attempt(log => declare(lowerSource(source, options, log), options, log))
  return value ? { ok: true, node: value, diagnostics } : { ok: false, diagnostics }
}

function declare(lowered: Lowered, options: SourceNodeOptions, log: DiagnosticLog): NodeType {
  const { core, ui } = lowered
  refuseForeign(core, log)
  const controls = core.controls.filter(c => c.direction === 'in')
  const described = new Map(ui.controls.map(c => [c.address, c]))
  const names = uniqueNames([
    ...core.inputs.map((_, i) => `in${i + 1}`),
    ...controls.map(c => described.get(c.id)?.label ?? c.id),
  ])
  const inputs: Record<string, InputDeclaration> = {}
  for (const [i, name] of names.entries()) {
    const control = controls[i - core.inputs.length]
    inputs[name] = control ? controlInput(control.initial, described.get(control.id)) : {}
  }
  const inputOf = new Map([...core.inputs, ...controls.map(c => c.name)].map((name, i) => [name, names[i]!]))
  const buffers = sourceBuffers(core)
  const body = new SourceBody(core, inputOf)
  try {
    return defineNode({
      name: options.name ?? lowered.name,
      doc: options.doc ?? `The program \`${lowered.name}\`.`,
      ...(options.category !== undefined && { category: options.category }),
      inputs,
      outputs: Object.fromEntries(core.outputs.map((_, i) => [`out${i + 1}`, {}])),
      state: body.state,
      buffers,
      process: scope => body.build(scope),
    })
  } catch (error) {
    if (!(error instanceof LibraryError)) throw error
    return log.fail('sourceNode', undefined, { fault: error.message })
  }
}

/** A node does not know how long blocks are. */
function refuseForeign(core: CoreProgram, log: DiagnosticLog): void {
  const uses = (node: Core, name: string) => node.kind === 'variable' && node.name === name
  for (const section of sectionsOf(core)) {
    for (const node of nodesOf(section)) {
      if (uses(node, '$frames'))
        log.fail('sourceNode', undefined, { fault: 'it asks for the length of a block' })
    }
  }
  for (const { content } of core.buffers) {
    if (content.kind !== 'generator') continue
    const isLive = sectionsOf(content.program).some(s => [...nodesOf(s)].some(n => uses(n, '$srate')))
    if (isLive) log.fail('sourceNode', undefined, { fault: 'a table of it depends on the sample rate' })
  }
}

function controlInput(initial: number, control: UiControl | undefined): InputDeclaration {
  if (!control) return { default: initial }
  const unit = control.metadata.find(([key]) => key === 'unit')?.[1]
  return {
    default: initial,
    range: [control.min, control.max],
    doc: `The control \`${control.address}\`.`,
    ...(unit !== undefined && { unit }),
  }
}

/** The second of a name gets a 2, and so on. */
function uniqueNames(names: readonly string[]): string[] {
  const used = new Set<string>()
  return names.map(name => {
    let candidate = name
    for (let i = 2; used.has(candidate); i++) candidate = `${name}${i}`
    used.add(candidate)
    return candidate
  })
}
