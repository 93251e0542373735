/**
 * Builds `dist`: types and single modules of the library by tsc, the library and the command line as bundles by rolldown.
 *
 * Builds beside `dist` and swaps at the end, so that a failed build leaves the last good one. With `--if-stale`
 * does nothing when `dist` is newer than the sources: npm runs `prepare` again for every first `npx dspc`.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundle, vendor } from './bundle.js'
import { warmUp } from './program.js'
import { isStale } from './stale.js'

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

async function buildAll() {
  mkdirSync(fresh, { recursive: true })
  try {
    if (!compileLibrary()) throw new Error('the library does not compile; dist is as it was before')
    await vendor(fresh)
    await bundle(fresh)
    warmUp(fresh)
    swap()
  } finally {
    rmSync(fresh, { recursive: true, force: true })
  }
}

const built = ['cli.cjs', 'compile-worker.cjs', 'host.js', 'host-worker.js', 'index.js', 'index.d.ts']
const fromAll = built.map(name => `dist/${name}`)
if (!process.argv.includes('--if-stale') || fromAll.some(isStale)) {
  try {
    await buildAll()
  } catch (error) {
    console.error(`build failed: ${error.message}`)
    process.exitCode = 1
  }
}
