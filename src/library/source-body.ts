/**
 * A whole program as the process of a node.
 *
 * Comes in: a Core program. Goes out: one expression in the names of the node. Apart from source-node.ts because this is
 * the translation: start and control sections run in every sample (what does not change there leaves the loop again),
 * state that the start section sets is set in the first sample, and delay lines become tables with a position.
 */
import type { BufferOperation, Core, CoreProgram } from '../core/ast.ts'
import { assign, bufReadInside, bufWriteInside, integer, prim, stmts, variable } from '../core/build.ts'
import { powerOfTwo } from '../core/layout.ts'
import type { ProcessResult, ProcessScope, StateDeclaration } from '../core/node-type.ts'
import { rewriteCore } from '../core/rewrite.ts'
import { namesIn } from '../core/traverse.ts'
import { plainName } from './source-buffers.ts'

const STARTED = 'started'
const POSITION = 'position'

export class SourceBody {
  readonly state: Readonly<Record<string, StateDeclaration>>
  private readonly core: CoreProgram
  private readonly inputOf: ReadonlyMap<string, string>
  /** Names of the node's state by those of the program's kept variables. */
  private readonly kept: ReadonlyMap<string, string>
  private readonly masks: ReadonlyMap<string, number>
  private readonly startsState: boolean

  constructor(core: CoreProgram, inputOf: ReadonlyMap<string, string>) {
    this.core = core
    this.inputOf = inputOf
    this.kept = new Map(core.kept.map(v => [v.name, plainName(v.id)]))
    const lines = core.buffers.filter(b => b.shape === 'delay')
    this.masks = new Map(lines.map(b => [b.name, powerOfTwo(b.length) - 1]))
    const { assigned } = namesIn([core.init])
    this.startsState = core.kept.some(v => assigned.has(v.name))
    this.state = {
      ...Object.fromEntries(
        core.kept.map(v => [this.kept.get(v.name)!, { type: v.type, initial: v.initial }]),
      ),
      ...(this.startsState && { [STARTED]: { type: 'int', initial: 0 } }),
      ...(lines.length > 0 && { [POSITION]: { type: 'int', initial: 0 } }),
    }
  }

  build(scope: ProcessScope): ProcessResult {
    const { init, control, sample, outputs } = this.core
    const started = this.startsState ? scope.state[STARTED]! : undefined
    const position = this.masks.size > 0 ? scope.state[POSITION]! : undefined
    const start: Core[] = started
      ? [
          {
            kind: 'if',
            condition: prim.eq(started, integer(0)),
            whenTrue: stmts([this.translate(init, scope, true), assign(started, integer(1))]),
          },
        ]
      : []
    const zeros = outputs.map(name => assign(name, 0))
    return {
      run: [
        ...start,
        this.translate(init, scope, false),
        ...zeros,
        this.translate(control, scope, true),
        this.translate(sample, scope, true),
        ...(position ? [assign(position, prim.add(position, integer(1)))] : []),
      ],
      outputs: outputs.map(name => prim.float(variable(name))),
    }
  }

  /** Without `withState`, assignments to kept variables are only computed. */
  private translate(section: Core, scope: ProcessScope, withState: boolean): Core {
    return rewriteCore(section, node => {
      switch (node.kind) {
        case 'variable':
          return this.read(node.name, scope)
        case 'assign':
          return this.assign(node.name, node.value, scope, withState)
        case 'length':
          return { ...node, buffer: scope.buffers[plainName(node.buffer)]!.buffer }
        case 'bufferOp':
          return this.bufferOp(node, scope)
        default:
          return node
      }
    })
  }

  private read(name: string, scope: ProcessScope): Core {
    const input = this.inputOf.get(name)
    if (input !== undefined) return scope.inputs[input]!
    const state = this.kept.get(name)
    return state === undefined ? variable(name) : scope.state[state]!
  }

  private assign(name: string, value: Core, scope: ProcessScope, withState: boolean): Core {
    const state = this.kept.get(name)
    if (state !== undefined) return withState ? assign(scope.state[state]!, value) : value
    // The node knows the sample period already.
    return name === '$israte' ? value : assign(name, value)
  }

  private bufferOp(node: BufferOperation, scope: ProcessScope): Core {
    const buffer = scope.buffers[plainName(node.buffer)]!
    const mask = this.masks.get(node.buffer)
    if (mask === undefined) return { ...node, buffer: buffer.buffer }
    const position = scope.state[POSITION]!
    if (node.value) return bufWriteInside(buffer, prim.and(position, integer(mask)), node.value)
    return bufReadInside(buffer, prim.and(prim.sub(position, prim.int(node.index)), integer(mask)))
  }
}
