/**
 * Builds `dist`: JavaScript and types of the library by tsc, the command line as a bundle by rolldown.
 *
 * Builds beside `dist` and swaps at the end, so that a failed build leaves the last good one.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle } from './bundle.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const dist = join(root, 'dist')
const cache = join(root, 'node_modules', '.cache')
const fresh = join(cache, `dist-${process.pid}`)
const old = join(cache, `dist-old-${process.pid}`)

function compileLibrary() {
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const args = [tsc, '-p', join(root, 'tsconfig.build.json'), '--outDir', fresh]
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' })
  return status === 0
}

function swap() {
  try {
    renameSync(dist, old)
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
  renameSync(fresh, dist)
  rmSync(old, { recursive: true, force: true })
}

mkdirSync(fresh, { recursive: true })
try {
  if (compileLibrary()) {
    await bundle(fresh)
    swap()
  } else {
    console.error('build failed: dist is as it was before')
    process.exitCode = 1
  }
} finally {
  rmSync(fresh, { recursive: true, force: true })
}
