/**
 * Where output goes: data to stdout, talk to stderr, colours only where someone looks.
 *
 * Comes in: text and bytes. Goes out: the same, on the right stream. Apart from the commands so that pipes that
 * close early, colours and widths are dealt with once.
 */
import type { FormatOptions } from '../diagnostics-print.ts'
import { EXIT } from './exit-codes.ts'

/** A reader that goes away (`dspc … | head`) ends the run quietly. */
export function endQuietlyOnClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED')
        process.exit(process.exitCode ?? EXIT.ok)
      throw error
    })
  }
}

/** Writes data; resolves when the reader can take more. */
export function writeData(data: string | Uint8Array): Promise<void> {
  return new Promise(resolve => {
    process.stdout.write(data, () => resolve())
  })
}

/** Writes a line of talk. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

/** https://no-color.org and FORCE_COLOR as Node reads it; otherwise colours on terminals. */
export function wantsColor(
  stream: NodeJS.WriteStream,
  environment: NodeJS.ProcessEnv = process.env,
): boolean {
  const forced = environment.FORCE_COLOR
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  if (environment.NO_COLOR) return false
  return stream.isTTY === true && environment.TERM !== 'dumb'
}

export function formatOptions(
  stream: NodeJS.WriteStream,
  source: (file: string) => string | undefined,
): FormatOptions {
  const columns = stream.isTTY ? stream.columns : undefined
  return { source, color: wantsColor(stream), width: Math.min(120, columns || 100) }
}
