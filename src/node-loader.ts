/**
 * Finds imported files when the library runs on Node.js and the caller gives no loader of their own.
 *
 * Comes in: import paths. Goes out: a loader, or nothing where there are no files, as in a browser. A module of its
 * own, imported only when needed, because the compiler itself does no IO.
 */
import type { Load } from './compile.ts'

/**
 * Searches the current directory, `importPaths` from the last to the first, the directory of `filename`, the
 * directories in DSPC_PATH, and the standard library.
 */
export async function nodeLoader(
  filename: string | undefined,
  importPaths: readonly string[],
): Promise<Load | undefined> {
  if (typeof process === 'undefined' || !process.versions?.node) return undefined
  const { readFileSync } = await import('node:fs')
  const { delimiter, dirname, resolve } = await import('node:path')
  const { fileURLToPath } = await import('node:url')
  const beside = filename === undefined ? [] : [dirname(resolve(filename))]
  const named = (process.env.DSPC_PATH ?? '').split(delimiter).filter(path => path !== '')
  const library = fileURLToPath(new URL('../stdlib', import.meta.url))
  const folders = ['.', ...[...importPaths].reverse(), ...beside, ...named, library]
  return file => {
    for (const folder of folders) {
      const path = resolve(folder, file)
      try {
        return { name: path, text: readFileSync(path, 'utf8') }
      } catch {
        // Not here, or not readable: the next folder may have it.
      }
    }
    return undefined
  }
}
