/**
 * `dspc explain [CODE]`: what a message means and what to do about it.
 */
import { MESSAGES, type Message } from '../../diagnostic-codes.ts'
import { didYouMean } from '../../suggest.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failUsage } from '../failure.ts'
import { writeData } from '../terminal.ts'

const ENTRIES = Object.entries(MESSAGES as Readonly<Record<string, Message<never>>>)
  .map(([name, message]) => ({ name, ...message }))
  .sort((a, b) => a.code.localeCompare(b.code))

type Entry = (typeof ENTRIES)[number]

export async function explainCommand(code: string | undefined): Promise<ExitCode> {
  if (code === undefined) {
    await writeData(
      ENTRIES.map(entry => `${entry.code}  ${entry.severity.padEnd(7)}  ${title(entry)}\n`).join(''),
    )
    return EXIT.ok
  }
  const wanted = normalise(code)
  const entry = ENTRIES.find(e => e.code === wanted || e.name.toLowerCase() === code.toLowerCase())
  if (!entry)
    return failUsage(
      'unknownCode',
      { code },
      didYouMean(
        wanted,
        ENTRIES.map(e => e.code),
      ),
    )
  await writeData(explanation(entry))
  return EXIT.ok
}

/** `dsp401`, `0401` and `401` are DSP0401. */
function normalise(code: string): string {
  const digits = /^(?:DSP)?(\d{1,4})$/i.exec(code)?.[1]
  return digits === undefined ? code.toUpperCase() : `DSP${digits.padStart(4, '0')}`
}

/** The name of a message in words: `seqMismatch` is "seq mismatch". */
function title({ name }: Entry): string {
  return name.replace(/([A-Z])/g, letter => ` ${letter.toLowerCase()}`)
}

function explanation(entry: Entry): string {
  const parts = [
    `${entry.code} (${entry.severity}): ${title(entry)}`,
    entry.explain,
    entry.help && `What to do: ${entry.help}`,
  ]
  return `${parts.filter(part => part).join('\n\n')}\n`
}
