/**
 * Whether a built file is older than what it is made of: `isStale('dist/cli.js')`.
 */
import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const INPUTS = [
  'src',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
  'rolldown.config.js',
  'scripts',
]

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function filesBelow(path) {
  if (!statSync(path).isDirectory()) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).map(file => join(path, file))
}

/** @param {string} output a path from the root of the package */
export function isStale(output) {
  const built = timeOf(join(root, output))
  const inputs = INPUTS.map(input => join(root, input))
  return inputs.flatMap(input => [input, ...filesBelow(input)]).some(file => timeOf(file) > built)
}
