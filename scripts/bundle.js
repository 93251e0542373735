/**
 * Bundles the command line into a directory: `bundle(directory)`.
 */
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'rolldown'
import config from '../rolldown.config.js'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')

export async function bundle(directory) {
  await rm(join(directory, 'chunks'), { recursive: true, force: true })
  await build({ ...config, cwd: root, logLevel: 'warn', output: { ...config.output, dir: directory } })
}
