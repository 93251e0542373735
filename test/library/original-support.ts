/** The test node of synfx-dsp-jit, and how its tests run a program. */
import type { Core } from '../../src/core/ast.ts'
import { assign, fun } from '../../src/core/build.ts'
import { defineNode } from '../../src/core/node-type.ts'
import { type DSPFunction, DSPNodeContext, getStandardLibrary, JIT } from '../../src/library/index.ts'

/** Of the original's tests: touches all kinds of state. */
const testNode = defineNode({
  name: 'test',
  doc: 'Writes to everything that a node can write to.',
  inputs: { x: {} },
  outputs: { value: {}, a: {}, b: {}, c: {}, d: {}, e: {} },
  state: { l: 0 },
  shared: { x: { length: 1 }, y: { length: 1 } },
  callback(context, x) {
    context.shared.x![0] = 22 * x
    context.shared.y![0] = context.state.l
    for (const [i, value] of [90.4, 91.3, 92.2, 93.1, 94].entries()) context.outputs[i + 1] = value
    return x * 10000 + 1
  },
})

export function library() {
  return getStandardLibrary().add(testNode)
}

export const compileIn = (context: DSPNodeContext, ast: Core): DSPFunction =>
  new JIT(library(), context).compile(fun(ast))

export function start(ast: Core): { f: DSPFunction; context: DSPNodeContext } {
  const context = new DSPNodeContext()
  const f = compileIn(context, ast)
  f.init(44100)
  return { f, context }
}

export const exec = (f: DSPFunction, in1 = 0, in2 = 0) => {
  const signals = [0, 0]
  const value = f.exec(in1, in2, 0, 0, 0, 0, signals)
  return [...signals, value]
}

export const sig1 = (value: Core) => assign('&sig1', value)
export const sig2 = (value: Core) => assign('&sig2', value)
