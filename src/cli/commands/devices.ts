/**
 * `dspc devices [--json]`: what can play here.
 */
import { listDevices } from '../../runtime/outputs/devices.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { ReportFlags } from '../options.ts'
import { say, writeData } from '../terminal.ts'

export async function devicesCommand(flags: ReportFlags): Promise<ExitCode> {
  const devices = await listDevices()
  if (flags.json) await writeData(`${JSON.stringify(devices, undefined, 2)}\n`)
  else if (devices.length === 0) say('no devices found; `dspc doctor` looks for the cause')
  else await writeData(devices.map(d => `${d.backend}  ${d.device}  ${d.description}\n`).join(''))
  return EXIT.ok
}
