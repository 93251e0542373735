/**
 * What users of the library hold: a compiled program with things to do with it.
 *
 * Comes in: plain data from a compilation or from a file. Goes out: an object that describes itself and starts
 * instances. Apart from the data, which stays storable and sendable.
 */
import type { CompiledProgram } from '../core/program.ts'
import { compileModule } from './compile-module.ts'
import { type Description, type DescriptionContext, describe } from './description.ts'
import { type Instance, type InstanceOptions, instantiate, type Samples } from './instance.ts'
import { type RenderOptions, render } from './render.ts'

/** All of a {@link CompiledProgram}, and methods. */
export interface Program extends CompiledProgram {
  /** The plain data that this wraps. */
  readonly compiled: CompiledProgram
  /** Description of the user interface in Faust's JSON form; pass the result to `JSON.stringify`. */
  json(context?: DescriptionContext): Description
  /** Starts a copy with state of its own. The module is compiled once for all of them. */
  instantiate(options: InstanceOptions): Promise<Instance>
  /** Renders whole channels, faster than real time. */
  render(options: RenderOptions): Promise<Samples[]>
}

export function createProgram(compiled: CompiledProgram): Program {
  let compiling: Promise<WebAssembly.Module> | undefined
  const module = () => (compiling ??= compileModule(compiled.wasm))
  return {
    ...compiled,
    compiled,
    json: context => describe(compiled, context),
    instantiate: async options => instantiate(compiled, options, await module()),
    render: async options => render(compiled, options, await module()),
  }
}
