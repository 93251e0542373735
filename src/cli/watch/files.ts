/**
 * Notices when something happens to files, whether or not they exist yet.
 *
 * Comes in: paths. Goes out: a call when one of them may have changed; whether it did is for the caller to find out.
 * Watches directories, not files, because many editors put a new file in the place of the old one. And looks at the
 * files now and then all the same, because some file systems and links say nothing.
 */
import { type FSWatcher, realpathSync, statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'
import { versionOf } from '../read-text.ts'

export interface FileWatch {
  /** From now on these are the paths that matter. */
  follow(paths: Iterable<string>): void
  close(): void
}

export interface FileWatchOptions {
  /** Whether to ask the system to tell of changes; otherwise files are only looked at, more often. */
  readonly events?: boolean
}

/** Nothing may happen for so long before it is told: editors write in pieces. */
const SETTLE_MS = 1
/** But not longer than that after the first of it. */
const PATIENCE_MS = 60
/** Between looks at the files, when the system tells of changes, and when it does not. */
const SLOW_POLL_MS = 1000
const FAST_POLL_MS = 150

export function watchFiles(changed: () => void, { events = true }: FileWatchOptions = {}): FileWatch {
  const settle = settling(changed)
  const folders = watchFolders(settle.touch, events)
  let versions = new Map<string, string | undefined>()
  let timer: NodeJS.Timeout | undefined
  let closed = false

  const look = () => {
    let moved = false
    for (const [path, known] of versions) {
      const version = versionOf(path)
      if (version === known) continue
      moved = true
      versions.set(path, version)
    }
    if (moved) settle.touch()
    folders.refresh()
    later()
  }
  const later = () => {
    clearTimeout(timer)
    timer = setTimeout(look, folders.complete() ? SLOW_POLL_MS : FAST_POLL_MS)
  }
  return {
    follow: paths => {
      // What was under way when it was closed must not open it again: the process would never end.
      if (closed) return
      const wanted = [...paths]
      versions = new Map(wanted.map(path => [path, versionOf(path)]))
      folders.follow(wanted)
      later()
    },
    close: () => {
      closed = true
      clearTimeout(timer)
      settle.cancel()
      folders.follow([])
    },
  }
}

/** Calls once when a burst of calls is over. */
function settling(call: () => void) {
  let timer: NodeJS.Timeout | undefined
  let first = 0
  const fire = () => {
    timer = undefined
    call()
  }
  return {
    touch: () => {
      const now = performance.now()
      if (timer === undefined) first = now
      clearTimeout(timer)
      timer = setTimeout(fire, Math.max(0, Math.min(SETTLE_MS, first + PATIENCE_MS - now)))
    },
    cancel: () => clearTimeout(timer),
  }
}

interface Folder {
  readonly watcher: FSWatcher
  /** Tells a directory from another that was put in its place. */
  readonly identity: string | undefined
  /** What in it matters. */
  names: ReadonlySet<string>
}

function watchFolders(touch: () => void, events: boolean) {
  const open = new Map<string, Folder>()
  let wanted = new Map<string, Set<string>>()
  let paths: readonly string[] = []

  const close = (path: string) => {
    open.get(path)?.watcher.close()
    open.delete(path)
  }
  const start = (path: string, names: ReadonlySet<string>) => {
    try {
      const watcher = watch(path, { persistent: true }, (_, name) => {
        if (name === null || folder.names.has(name) || name === basename(path)) touch()
      })
      watcher.on('error', () => close(path))
      const folder: Folder = { watcher, identity: identityOf(path), names }
      open.set(path, folder)
    } catch {
      // No such directory any more, or more of them than the system watches: the files are looked at instead.
    }
  }
  const refresh = () => {
    if (!events) return
    wanted = foldersOf(paths)
    for (const [path, { identity }] of open) {
      if (!wanted.has(path) || identity !== identityOf(path)) close(path)
    }
    for (const [path, names] of wanted) {
      const known = open.get(path)
      if (known) known.names = names
      else start(path, names)
    }
  }
  const follow = (next: readonly string[]) => {
    paths = next
    refresh()
  }
  const complete = () => events && [...wanted.keys()].every(path => open.has(path))
  return { follow, refresh, complete }
}

/** The directories to watch, and the names in them that matter. */
function foldersOf(paths: readonly string[]): Map<string, Set<string>> {
  const folders = new Map<string, Set<string>>()
  const add = (path: string) => {
    const folder = dirname(path)
    folders.set(folder, (folders.get(folder) ?? new Set()).add(basename(path)))
  }
  for (const path of paths) {
    let entry = path
    while (identityOf(dirname(entry)) === undefined && dirname(entry) !== entry) entry = dirname(entry)
    add(entry)
    const target = targetOf(path)
    if (target !== undefined && target !== path) add(target)
  }
  return folders
}

/** Where a link leads to. */
function targetOf(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function identityOf(path: string): string | undefined {
  try {
    const status = statSync(path)
    return status.isDirectory() ? `${status.dev} ${status.ino}` : undefined
  } catch {
    return undefined
  }
}
