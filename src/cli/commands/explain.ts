/**
 * `dspc explain [CODE]`: what a message means and what to do about it.
 */
import { MESSAGES, type Message } from '../../diagnostic-codes.ts'
import { didYouMean } from '../../suggest.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { failUsage } from '../failure.ts'
import { writeData } from '../terminal.ts'

export const ENTRIES = Object.entries(MESSAGES as Readonly<Record<string, Message<never>>>)
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
  if (!entry) return failUsage('unknownCode', { code }, similarCode(wanted))
  await writeData(explanation(entry))
  return EXIT.ok
}

/** All well-formed codes look alike, so only slips of the pen are corrected. */
function similarCode(wanted: string): string | undefined {
  if (/^DSP\d{4}$/.test(wanted)) return undefined
  const codes = ENTRIES.map(e => e.code)
  return didYouMean(wanted, codes)
}

/** `dsp401`, `0401` and `401` are DSP0401. */
function normalise(code: string): string {
  const digits = /^(?:DSP)?(\d{1,4})$/i.exec(code)?.[1]
  return digits === undefined ? code.toUpperCase() : `DSP${digits.padStart(4, '0')}`
}

/** Stands for every argument of a message: whatever is done with it, it prints as three dots. */
const ANYTHING: unknown = new Proxy(() => '…', {
  get: (_, key) => (key === Symbol.toPrimitive ? () => '…' : key === Symbol.iterator ? undefined : ANYTHING),
  apply: () => '…',
})

/** The text of a message with dots for its arguments. */
export function title({ name, text }: Entry): string {
  try {
    return text(ANYTHING as never).replaceAll('NaN', '…')
  } catch {
    // A text that computes with its arguments: the name of the message in words.
    return name.replace(/([A-Z])/g, letter => ` ${letter.toLowerCase()}`)
  }
}

function explanation(entry: Entry): string {
  const parts = [
    `${entry.code} (${entry.severity}): ${title(entry)}`,
    entry.explain,
    entry.help && `What to do: ${entry.help}`,
  ]
  return `${parts.filter(part => part).join('\n\n')}\n`
}
