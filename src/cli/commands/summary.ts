/**
 * `dspc FILE`: compiles and says what came out.
 */
import type { CompiledProgram, Control } from '../../core/program.ts'
import { isBargraph } from '../../runtime/controls.ts'
import { compileJob, type Job } from '../compile-program.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { writeData } from '../terminal.ts'

export async function summaryCommand(job: Job): Promise<ExitCode> {
  const { program, milliseconds } = await compileJob(job)
  await writeData(summarise(job.source.name, program, milliseconds))
  return EXIT.ok
}

export function summarise(file: string, program: CompiledProgram, milliseconds: number): string {
  const { name, inputs, outputs, precision, controls, layout, wasm } = program
  const state = layout.cells.reduce((sum, cell) => sum + cell.bytes, 0)
  const rows: [string, string][] = [
    ['program', `${name} (${file})`],
    ['inputs', String(inputs)],
    ['outputs', String(outputs)],
    ['precision', precision],
    ['state', `${state} bytes`],
    ['module', `${wasm.length} bytes`],
    ['compiled in', `${milliseconds.toFixed(0)} ms`],
    ['controls', controls.length === 0 ? 'none' : String(controls.length)],
  ]
  const facts = rows.map(([key, value]) => `${key.padEnd(11)}  ${value}\n`).join('')
  return facts + listControls(controls)
}

function listControls(controls: readonly Control[]): string {
  const rows = controls.map(control => [control.address, control.kind, describeRange(control)])
  const width = (column: number) => Math.max(0, ...rows.map(row => row[column]!.length))
  return rows.map(([a, k, r]) => `  ${a!.padEnd(width(0))}  ${k!.padEnd(width(1))}  ${r}\n`).join('')
}

function describeRange(control: Control): string {
  const { kind, init, min, max, step, metadata } = control
  const unit = metadata.find(([key]) => key === 'unit')?.[1]
  const range = `${min} … ${max}${unit ? ` ${unit}` : ''}`
  if (kind === 'button' || kind === 'checkbox') return '0 or 1'
  return isBargraph(control) ? range : `${init}  (${range}, step ${step})`
}
