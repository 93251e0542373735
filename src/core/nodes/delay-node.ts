/**
 * What the nodes with one delay line share: their inputs, the line, and how it is read.
 *
 * Comes in: what a node makes of the line. Goes out: a node type. A module of its own because six nodes differ only in
 * a line or two; see ring.ts for the line itself.
 */
import type { Core } from '../ast.ts'
import type { Operand } from '../build.ts'
import { defineNode, type InputDeclaration, type NodeType } from '../node-type.ts'
import { LONGEST, POSITION, type Ring, readLinear, ring, ringLength, samplesOf } from './ring.ts'
import { type Steps, steps } from './steps.ts'

type Variable = Core & { readonly kind: 'variable' }

/** What a delay is made of. */
export interface DelayParts extends Steps {
  readonly input: Variable
  /** 0 for nodes that declare none. */
  readonly gain: Operand
  /** In samples. */
  readonly distance: Variable
  readonly line: Ring
  /** The line at `distance`, between two samples on a straight line. */
  readonly readLinear: () => Variable
}

export interface DelayDeclaration {
  readonly name: string
  readonly doc: string
  /** The shortest delay in samples: 1 where the output goes back into the line, or where neighbours are read. */
  readonly least: 0 | 1
  /** Seconds. */
  readonly defaultTime: number
  readonly gain?: InputDeclaration
  readonly output: string
  /** Writes the line and gives the output; the line advances afterwards. */
  readonly process: (parts: DelayParts) => Core
}

export function defineDelay(declaration: DelayDeclaration): NodeType {
  const { name, doc, least, defaultTime, gain, output, process } = declaration
  const from = least === 0 ? 'From 0' : 'From one sample'
  const inputs: Record<string, InputDeclaration> = {
    input: { doc: 'The signal.' },
    time: { doc: `${from} to \`max\`.`, unit: 's', range: [0, 60], default: defaultTime },
    ...(gain && { gain }),
    max: LONGEST,
  }
  return defineNode({
    ...{ name, doc, category: 'delays', inputs },
    outputs: { out: { doc: output } },
    state: { position: POSITION },
    buffers: { line: { length: ringLength } },
    process(scope) {
      const all = steps()
      const line = ring(scope.buffers.line, scope.state.position)
      const seconds = samplesOf(scope.inputs.time!, scope.constants.max!, scope.sampleRate, least)
      const distance = all.local('distance', seconds)
      const out = all.local(
        'out',
        process({
          ...{ ...all, line, distance, input: scope.inputs.input!, gain: gain ? scope.inputs.gain! : 0 },
          readLinear: () => all.local('late', readLinear(line, distance, all)),
        }),
      )
      all.step(line.advance())
      return { run: all.run, outputs: [out] }
    },
  })
}
