/**
 * `dspc doctor [--json]`: looks at everything that is needed to play.
 */
import { diagnoseSound, type Finding } from '../../runtime/doctor.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import type { ReportFlags } from '../options.ts'
import { writeData } from '../terminal.ts'

export async function doctorCommand(flags: ReportFlags): Promise<ExitCode> {
  const findings = await diagnoseSound()
  const ok = findings.some(finding => finding.state === 'works' && finding.device)
  if (flags.json) await writeData(`${JSON.stringify({ ok, findings }, undefined, 2)}\n`)
  else await writeData(findings.map(describe).join('') + summary(ok))
  return ok ? EXIT.ok : EXIT.audio
}

const MARKS: Readonly<Record<Finding['state'], string>> = { works: 'ok', missing: '--', fails: 'NO' }

function describe({ state, what, detail, help }: Finding): string {
  const line = `${MARKS[state]}  ${what.padEnd(14)}  ${detail}\n`
  return help === undefined ? line : `${line}${' '.repeat(20)}${help}\n`
}

function summary(ok: boolean): string {
  return ok
    ? '\n`dspc FILE --play` plays here.\n'
    : '\nNothing can play here. `--backend null` plays without sound, `-o FILE.wav` renders.\n'
}
