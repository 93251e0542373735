/**
 * Writing files so that each is complete or absent.
 *
 * Comes in: a path and bytes. Goes out: a file. Bytes go to a temporary file beside the target, which takes the
 * target's name at the end. What is no regular file (a device, a pipe) is written directly.
 */
import {
  accessSync,
  closeSync,
  constants,
  fstatSync,
  openSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { EXIT } from './exit-codes.ts'
import { fail, reasonOf } from './failure.ts'

export interface OutputFile {
  /** Whether earlier bytes can be written again. */
  readonly seekable: boolean
  /** Appends, or writes at an offset. */
  write(bytes: Uint8Array, at?: number): void
  /** Gives the file its name. */
  finish(): void
  /** Removes what was written; after `finish` does nothing. */
  discard(): void
}

export function createFile(path: string): OutputFile {
  const guard = <T>(action: () => T): T => {
    try {
      return action()
    } catch (error) {
      return fail(EXIT.file, 'fileUnwritable', { file: path, reason: reasonOf(error) })
    }
  }
  const target = resolveLink(path)
  const status = guard(() => statSync(target, { throwIfNoEntry: false }))
  if (status?.isDirectory() || target.endsWith('/')) {
    fail(EXIT.file, 'fileIsDirectory', { file: path }, 'name a file in it')
  }
  // Renaming would replace a write-protected file, and a device, without a word.
  if (status) guard(() => accessSync(target, constants.W_OK))
  const direct = status !== undefined && !status.isFile()
  const temporary = direct ? target : join(dirname(target), `.${basename(target)}.${process.pid}.part`)
  const descriptor = guard(() => openSync(temporary, 'w', status?.mode ?? 0o666))
  let open = true
  return {
    seekable: fstatSync(descriptor).isFile(),
    write: (bytes, at) => guard(() => writeAll(descriptor, bytes, at ?? null)),
    finish: () =>
      guard(() => {
        open = false
        closeSync(descriptor)
        if (!direct) renameOrRemove(temporary, target)
      }),
    discard: () => {
      if (!open) return
      open = false
      closeSync(descriptor)
      if (!direct) unlinkSync(temporary)
    },
  }
}

function renameOrRemove(temporary: string, target: string): void {
  try {
    renameSync(temporary, target)
  } catch (error) {
    unlinkSync(temporary)
    throw error
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, at: number | null): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, at === null ? null : at + done)
  }
}

/** A link stays a link: what it points to is replaced. */
function resolveLink(path: string): string {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}

export function writeWholeFile(path: string, content: string | Uint8Array): void {
  const file = createFile(path)
  try {
    file.write(typeof content === 'string' ? new TextEncoder().encode(content) : content)
  } catch (error) {
    file.discard()
    throw error
  }
  file.finish()
}
