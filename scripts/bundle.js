/**
 * Bundles the command line, the audio host and the library into a directory: `bundle(directory)`; and what modules of the library that
 * are loaded one by one, as benchmarks do, import: `vendor(directory)`.
 */
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { dirname, join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import config from '../rolldown.config.js'
import { bundleProgram } from './program.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

export async function bundle(directory) {
  await rm(join(directory, 'chunks'), { recursive: true, force: true })
  await build({ ...config, cwd: root, logLevel: 'warn', output: { ...config.output, dir: directory } })
  await bundleLibrary(join(directory, 'modules'))
  await bundleProgram(directory)
}

/**
 * What the package exports elsewhere than in Node, in place of the hundreds of modules that tsc makes of it: to find and load
 * them one by one takes as long as to compile a program.
 */
async function bundleLibrary(directory) {
  await build({
    ...config,
    cwd: root,
    logLevel: 'warn',
    checks: { ineffectiveDynamicImport: false },
    input: { index: 'src/index.ts', 'runtime/index': 'src/runtime/index.ts' },
    output: { ...config.output, dir: directory, chunkFileNames: 'chunks/[name].js' },
  })
}

/**
 * Chevrotain as one file, which the compiled library imports in place of the package: that has hundreds of modules,
 * and to load them one by one takes longer than to compile a program.
 */
export async function vendor(directory) {
  const output = { dir: join(directory, 'vendor'), format: 'esm', entryFileNames: '[name].js' }
  await build({
    input: { chevrotain: 'chevrotain' },
    cwd: root,
    platform: 'node',
    logLevel: 'warn',
    output,
  })
  for (const name of await readdir(directory, { recursive: true })) {
    if (!name.endsWith('.js') || /^(chunks|vendor)\b/.test(name)) continue
    const file = join(directory, name)
    const text = await readFile(file, 'utf8')
    const target = relative(dirname(file), join(output.dir, 'chevrotain.js')).split(sep).join('/')
    const specifier = target.startsWith('.') ? target : `./${target}`
    const changed = text.replaceAll("from 'chevrotain'", `from '${specifier}'`)
    if (changed !== text) await writeFile(file, changed)
  }
}
