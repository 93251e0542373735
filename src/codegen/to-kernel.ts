/**
 * Translates a Core program into a kernel module.
 *
 * Comes in: a program that `verifyCore` accepts. Goes out: the exported functions `init` and `compute`, the
 * fixed tables as data segments, and the layout of memory. Calls of codegen/math functions are left open, for
 * `generate` to supply.
 */
import type { CoreProgram } from '../core/ast.ts'
import type { BufferPlace, MemoryPlan, SavedValue } from '../core/layout.ts'
import type { Layout, Precision } from '../core/program.ts'
import type { DataSegment, KernelModule } from './kernel.ts'
import { type TranslateOptions, translateCompute } from './to-kernel-compute.ts'
import { hostFunction } from './to-kernel-expression.ts'
import { translateInit } from './to-kernel-init.ts'
import { quietFunctions } from './to-kernel-quiet.ts'

export function toKernel(
  program: CoreProgram,
  options: TranslateOptions,
): { module: KernelModule; layout: Layout; saved: readonly SavedValue[] } {
  const { precision, placement } = options
  const { functions, saved, plan } = translateInit(program, options)
  const compute = translateCompute(program, plan, saved, options)
  const quiet = quietFunctions(plan.buffers.get(program)!.values(), precision)
  const imports = (program.callbacks ?? []).map(call => ({
    name: hostFunction(call.id),
    module: 'host',
    field: call.id,
    parameters: Array.from({ length: call.arguments }, () => 'f64' as const),
    result: undefined,
  }))
  const module = {
    ...(imports.length > 0 && { imports }),
    functions: [...quiet, ...functions, compute],
    memoryBytes: plan.layout.end,
    data: placement ? [] : dataSegments(plan, precision),
  }
  return { module, layout: plan.layout, saved }
}

/** The values of a table that is written lie where `init` copies them from. */
function dataSegments(plan: MemoryPlan, precision: Precision): DataSegment[] {
  const segments: DataSegment[] = []
  for (const places of plan.buffers.values()) {
    for (const place of places.values()) {
      const { content } = place.declaration
      if (content.kind !== 'values') continue
      const bytes = encode(place, content.values, precision)
      segments.push({ offset: place.original ?? place.offset, bytes })
    }
  }
  return segments
}

function encode(
  { bytes, declaration }: BufferPlace,
  values: readonly number[],
  precision: Precision,
): Uint8Array {
  const view = new DataView(new ArrayBuffer(bytes))
  values.forEach((value, i) => {
    if (declaration.type === 'int') view.setInt32(4 * i, value, true)
    else if (precision === 'single' || declaration.single) view.setFloat32(4 * i, value, true)
    else view.setFloat64(8 * i, value, true)
  })
  return new Uint8Array(view.buffer)
}
