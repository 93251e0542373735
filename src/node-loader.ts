/**
 * Finds imported files when the library runs on Node.js and the caller gives no loader of their own.
 *
 * Comes in: import paths. Goes out: a loader, or nothing where there are no files, as in a browser. A module of its
 * own, imported only when needed, because the compiler itself does no IO.
 */
import type { Load, LoadSound } from './compile.ts'

export interface FileLoaders {
  readonly load: Load
  readonly loadSound: LoadSound
}

/**
 * Searches the current directory, `importPaths` from the last to the first, the directory of `filename`, the
 * directories in DSPC_PATH, and the standard library.
 */
export async function nodeLoader(
  filename: string | undefined,
  importPaths: readonly string[],
): Promise<FileLoaders | undefined> {
  if (typeof process === 'undefined' || !process.versions?.node) return undefined
  const { existsSync, readFileSync } = await import('node:fs')
  const { delimiter, dirname, resolve } = await import('node:path')
  const standardLibrary = (below: string): string => {
    let directory = dirname(below)
    // From the sources, single modules and bundles it is a different way up.
    while (!existsSync(resolve(directory, 'stdlib')) && dirname(directory) !== directory)
      directory = dirname(directory)
    return resolve(directory, 'stdlib')
  }
  const { fileURLToPath } = await import('node:url')
  const beside = filename === undefined ? [] : [dirname(resolve(filename))]
  const named = (process.env.DSPC_PATH ?? '').split(delimiter).filter(path => path !== '')
  const library = standardLibrary(fileURLToPath(import.meta.url))
  const folders = ['.', ...[...importPaths].reverse(), ...beside, ...named, library]
  const { decodeWav } = await import('./runtime/wav-read.ts')
  const read = (file: string): { path: string; bytes: Uint8Array; standard: boolean } | undefined => {
    for (const folder of folders) {
      const path = resolve(folder, file)
      // An exception takes longer than reading the file.
      if (!existsSync(path)) continue
      try {
        return { path, bytes: readFileSync(path), standard: folder === library }
      } catch {
        // Not readable: the next folder may have it.
      }
    }
    return undefined
  }
  return {
    load: file => {
      const found = read(file)
      return (
        found && { name: found.path, text: new TextDecoder().decode(found.bytes), standard: found.standard }
      )
    },
    loadSound: file => {
      const found = read(file)
      const wav = found && decodeWav(found.bytes)
      return wav?.ok ? { sampleRate: wav.info.sampleRate, channels: wav.channels } : undefined
    },
  }
}
