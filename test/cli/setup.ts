/**
 * Builds the command line before its tests when it is missing or older than the sources.
 */
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const DIST = join(ROOT, 'dist')
const INPUTS = ['src', 'package.json', 'rolldown.config.js', 'scripts/bundle.js']

export default async function setup(): Promise<void> {
  if (built() > newest()) return
  // @ts-expect-error a script without types
  const { bundle } = (await import('../../scripts/bundle.js')) as {
    bundle: (directory: string) => Promise<void>
  }
  // Built elsewhere and moved file by file, so that a command that is running does not find half a file.
  const fresh = join(ROOT, 'node_modules', '.cache', `bundle-${process.pid}`)
  await bundle(fresh)
  moveFiles(fresh, DIST)
  rmSync(fresh, { recursive: true, force: true })
}

function built(): number {
  return statSync(join(DIST, 'cli.js'), { throwIfNoEntry: false })?.mtimeMs ?? 0
}

function newest(): number {
  const files = INPUTS.flatMap(input => [join(ROOT, input), ...below(join(ROOT, input))])
  return Math.max(...files.map(file => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0))
}

function below(path: string): string[] {
  if (!statSync(path).isDirectory()) return []
  return readdirSync(path, { recursive: true, encoding: 'utf8' }).map(file => join(path, file))
}

/** `cli.js` goes last: it is what tells that the build is done. */
function moveFiles(from: string, to: string): void {
  const files = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.js'))
  for (const file of files.sort((a, b) => Number(a === 'cli.js') - Number(b === 'cli.js'))) {
    mkdirSync(dirname(join(to, file)), { recursive: true })
    renameSync(join(from, file), join(to, file))
  }
}
