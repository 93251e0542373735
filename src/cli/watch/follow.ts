/**
 * Does something with a program again whenever its text, or that of a library it uses, is another.
 *
 * Comes in: a file, flags, and what to do. Goes out: calls, one at a time, the next one always with what the files hold
 * then. A stage of its own because it knows the habits of editors: a file that is empty or gone for a moment is being
 * saved, and what is saved while something is under way is done afterwards, once.
 */
import { relative, resolve } from 'node:path'
import { type Job, prepare } from '../compile-program.ts'
import { Failure } from '../failure.ts'
import { type Finding, findAgain, isSameFinding } from '../load.ts'
import type { CompileFlags } from '../options-compile.ts'
import { type FileWatchOptions, watchFiles } from './files.ts'

export interface FollowOptions extends FileWatchOptions {
  readonly file: string
  readonly flags: CompileFlags
  /** What was done already. */
  readonly first: Job
  /** `changed`: files, the program among them or not. */
  readonly edited: (job: Job, changed: readonly string[]) => Promise<void>
  /** The program cannot be read. */
  readonly unreadable: (failure: Failure) => void
  /** Something failed that is no fault of the program; nothing is followed any more. */
  readonly broken: (error: unknown) => void
}

export interface Following {
  /** Resolves when what is under way is done. */
  close(): Promise<void>
}

/** So long a file may be empty or gone before that is taken for what is meant. */
const SAVING_MS = 150

export function follow(options: FollowOptions): Following {
  const { file, flags, first, edited, unreadable } = options
  const program = resolve(file)
  let known = findingsOf(first, program)
  let work: Promise<void> | undefined
  let again = false
  let closed = false
  let blankSince: number | undefined
  let timer: NodeJS.Timeout | undefined

  /** An empty or missing file is given time to be written. */
  const isBeingSaved = () => {
    const { text } = findAgain(program, 'text') as Finding & { kind: 'text' }
    const now = performance.now()
    blankSince = text === undefined || text.trim() === '' ? (blankSince ?? now) : undefined
    const left = blankSince === undefined ? 0 : blankSince + SAVING_MS - now
    clearTimeout(timer)
    if (left > 0 && !closed) timer = setTimeout(look, left)
    return left > 0
  }
  const runOnce = async () => {
    const changed = closed ? [] : changesSince(known)
    if (changed.length === 0 || isBeingSaved()) return
    try {
      const job = await prepare(file, flags)
      await edited(job, changed)
      known = findingsOf(job, program)
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      known.set(program, findAgain(program, 'text'))
      unreadable(error)
    }
    files.follow(known.keys())
    again = true
  }
  const run = async () => {
    do {
      again = false
      await runOnce()
    } while (again && !closed)
  }
  const look = () => {
    again = true
    work ??= run()
      .catch(options.broken)
      .finally(() => {
        work = undefined
      })
  }
  const files = watchFiles(look, options)
  files.follow(known.keys())
  look()
  return {
    close: async () => {
      closed = true
      clearTimeout(timer)
      files.close()
      await work
    },
  }
}

function findingsOf({ source, loader }: Job, program: string): Map<string, Finding> {
  return new Map(loader.lookups).set(program, { kind: 'text', text: source.text })
}

/** Whether the files a job was made of are others by now. */
export function isStale(job: Job): boolean {
  return changesSince(findingsOf(job, resolve(job.source.name))).length > 0
}

/** Files that are not what they were. */
function changesSince(known: ReadonlyMap<string, Finding>): string[] {
  const changed = [...known].filter(
    ([path, finding]) => !isSameFinding(finding, findAgain(path, finding.kind)),
  )
  return changed.map(([path]) => relative(process.cwd(), path))
}
