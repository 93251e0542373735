/**
 * The official libraries, from the package of the official compiler.
 *
 * Comes in: nothing. Goes out: the texts of its `.lib` files, by name, and a loader of them. They are read from the
 * package at run time, so that the project holds no copy. The package stores its file system as one file of bytes,
 * and the places of the files in it as a list inside a script.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Load } from '../../src/compile.ts'

const FOLDER = '/usr/share/faust/'
const PLACE = /\{"?filename"?:\s*"([^"]+)",\s*"?start"?:\s*(\d+),\s*"?end"?:\s*(\d+)/g

/** Names are relative to the folder of the libraries. */
export const officialLibraries: ReadonlyMap<string, string> = readPackage()

/** Finds official libraries. */
export const loadOfficialLibrary: Load = file => {
  const text = officialLibraries.get(file)
  return text === undefined ? undefined : { name: file, text }
}

function readPackage(): Map<string, string> {
  const require = createRequire(import.meta.url)
  const folder = join(dirname(require.resolve('@grame/faustwasm/package.json')), 'libfaust-wasm')
  const script = readFileSync(join(folder, 'libfaust-wasm.js'), 'utf8')
  const data = readFileSync(join(folder, 'libfaust-wasm.data'))
  const files = new Map<string, string>()
  for (const [, path, start, end] of script.matchAll(PLACE)) {
    if (!path!.startsWith(FOLDER) || !path!.endsWith('.lib')) continue
    files.set(path!.slice(FOLDER.length), data.toString('utf8', Number(start), Number(end)))
  }
  return files
}
