/**
 * Builds the command line before its tests when it is missing or older than the sources.
 */
import { mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
// @ts-expect-error a script without types
import { bundle } from '../../scripts/bundle.js'
// @ts-expect-error a script without types
import { isStale } from '../../scripts/stale.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

export default async function setup(): Promise<void> {
  if (!isStale('dist/cli.cjs')) return
  // Built elsewhere and moved file by file, so that a command that is running does not find half a file.
  const fresh = join(ROOT, 'node_modules', '.cache', `bundle-${process.pid}`)
  await bundle(fresh)
  moveFiles(fresh, join(ROOT, 'dist'))
  rmSync(fresh, { recursive: true, force: true })
}

/** `cli.cjs` goes last: it is what tells that the build is done. */
function moveFiles(from: string, to: string): void {
  const files = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter(file => /\.c?js$/.test(file))
  for (const file of files.sort((a, b) => Number(a === 'cli.cjs') - Number(b === 'cli.cjs'))) {
    mkdirSync(dirname(join(to, file)), { recursive: true })
    renameSync(join(from, file), join(to, file))
  }
}
