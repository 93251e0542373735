/**
 * Reading text: from a file, with a reason where that cannot be, and without reading it again while it is the same.
 *
 * Comes in: paths. Goes out: texts. Apart from load.ts, which knows where to search, because a program that is written
 * while it plays looks at the same files several times a save.
 */
import { type BigIntStats, closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type Diagnostic, makeDiagnostic } from '../diagnostics.ts'
import { didYouMean } from '../suggest.ts'
import { reasonOf } from './failure.ts'

/** A program is text that someone wrote; the largest known ones have some hundred kilobytes. */
export const MAX_SOURCE_BYTES = 4_000_000

export type ReadResult =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly diagnostic: Diagnostic }

/** Reads a text file, or says in a diagnostic why that cannot be. */
export function readText(path: string): ReadResult {
  return readIfThere(path) ?? { ok: false, diagnostic: describeMissing(path) }
}

/** Undefined when there is no such file, which costs less to find out than to explain. */
function readIfThere(path: string): ReadResult | undefined {
  const refuse = (diagnostic: Diagnostic): ReadResult => ({ ok: false, diagnostic })
  let descriptor: number | undefined
  try {
    descriptor = openSync(path, 'r')
    const status = fstatSync(descriptor)
    if (status.isDirectory()) return refuse(makeDiagnostic('fileIsDirectory', undefined, { file: path }))
    const bytes =
      status.size > MAX_SOURCE_BYTES ? undefined : readUpTo(descriptor, status.size, MAX_SOURCE_BYTES + 1)
    if (bytes && bytes.length <= MAX_SOURCE_BYTES) return decodeText(path, bytes)
    const size = Math.max(status.size, bytes?.length ?? 0)
    const args = { file: path, bytes: size, limit: MAX_SOURCE_BYTES }
    return refuse(makeDiagnostic('fileTooLarge', undefined, args))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    if (code === 'EISDIR') return refuse(makeDiagnostic('fileIsDirectory', undefined, { file: path }))
    return refuse(makeDiagnostic('fileUnreadable', undefined, { file: path, reason: reasonOf(error) }))
  } finally {
    if (descriptor !== undefined) closeSync(descriptor)
  }
}

function describeMissing(path: string): Diagnostic {
  return makeDiagnostic('fileNotFound', undefined, { file: path }, [], similarFile(path))
}

/** A file beside the missing one with nearly its name. */
function similarFile(path: string): string | undefined {
  try {
    const folder = dirname(path)
    const files = readdirSync(folder, { withFileTypes: true }).filter(entry => !entry.isDirectory())
    const names = files.map(entry => entry.name)
    return didYouMean(basename(path), names)?.replace(
      /`(.*)`/,
      (_, name: string) => `\`${join(folder, name)}\``,
    )
  } catch {
    return undefined
  }
}

/** For pipes and devices, which do not tell their size. */
const UNKNOWN_SIZE_BYTES = 65_536

/** Never more than asked for. */
function readUpTo(descriptor: number, size: number, limit: number): Uint8Array {
  // With one byte more than there should be, the end is seen without more room.
  let bytes = new Uint8Array(Math.min(size > 0 ? size + 1 : UNKNOWN_SIZE_BYTES, limit))
  let total = 0
  for (;;) {
    const count = readSync(descriptor, bytes, total, bytes.length - total, null)
    total += count
    if (count === 0 || total === limit) return bytes.subarray(0, total)
    if (total === bytes.length) bytes = Buffer.concat([bytes], Math.min(2 * total, limit))
  }
}

/** UTF-8, or Latin-1 as in some old libraries; what holds control characters is no text. */
export function decodeText(file: string, bytes: Uint8Array): ReadResult {
  const binary = () =>
    ({ ok: false, diagnostic: makeDiagnostic('fileIsBinary', undefined, { file }) }) as const
  if (bytes.includes(0)) return binary()
  try {
    return { ok: true, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    const control = bytes.some(
      byte => (byte < 0x20 && !(byte >= 9 && byte <= 13)) || (byte >= 0x7f && byte < 0xa0),
    )
    return control ? binary() : { ok: true, text: Buffer.from(bytes).toString('latin1') }
  }
}

/** When a file was written, and how long it is. */
export function versionOf(path: string): string | undefined {
  try {
    const status = statSync(path, { bigint: true })
    return `${status.mtimeNs} ${status.size} ${status.ino}`
  } catch {
    return undefined
  }
}

interface Remembered {
  readonly version: string
  readonly result: ReadResult
}

const remembered = new Map<string, Remembered>()
const MOST_REMEMBERED = 500
/**
 * What was written so shortly before it was read may be written again with the same time: file systems count in steps of
 * up to two seconds.
 */
const SETTLED_MS = 3000

/** What is there now, read only if it may be another than the last time. Undefined when there is nothing. */
export function readIfChanged(path: string): ReadResult | undefined {
  let status: BigIntStats | undefined
  try {
    status = statSync(path, { bigint: true, throwIfNoEntry: false })
  } catch {
    return readIfThere(path)
  }
  if (!status) return undefined
  return status.isFile() ? readOnce(path, status) : readIfThere(path)
}

function readOnce(path: string, status: BigIntStats): ReadResult | undefined {
  const { mtimeNs, ctimeNs, mtimeMs, ctimeMs, size, ino, dev } = status
  const version = [mtimeNs, ctimeNs, size, ino, dev].join(' ')
  const known = remembered.get(path)
  if (known?.version === version) return known.result
  const result = readIfThere(path)
  remembered.delete(path)
  const isSettled = Date.now() - Math.max(Number(mtimeMs), Number(ctimeMs)) > SETTLED_MS
  if (result && isSettled) {
    if (remembered.size >= MOST_REMEMBERED) remembered.clear()
    remembered.set(path, { version, result })
  }
  return result
}
