/**
 * Where this package lies. Works from `src`, from `dist` and from the bundle, which have different depths.
 */
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The nearest directory above that has a package.json. */
export function packageRoot(): string {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'package.json')) && dirname(directory) !== directory) {
    directory = dirname(directory)
  }
  return directory
}

export function standardLibrary(): string {
  return join(packageRoot(), 'stdlib')
}
