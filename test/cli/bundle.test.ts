/**
 * What the bundle loads, since that decides how fast `dspc --version` answers.
 */
import { readFileSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const DIST = fileURLToPath(new URL('../../dist', import.meta.url))

/** Files that a file of the bundle loads at once, itself included. */
function loadedWith(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  const imports = readFileSync(file, 'utf8').matchAll(
    /^(?:import|export)\s*(?:[^;"']*?\sfrom\s*)?["']([^"']+)["']/gm,
  )
  for (const [, target] of imports) {
    if (target!.startsWith('.')) loadedWith(resolve(dirname(file), target!), found)
    else found.add(target!)
  }
  return found
}

test('help and version load neither parser nor binaryen, and little code', () => {
  const loaded = [...loadedWith(join(DIST, 'cli.js'))]
  const files = loaded.filter(name => name.startsWith(DIST))
  const packages = loaded.filter(name => !name.startsWith(DIST) && !name.startsWith('node:'))
  expect(packages).toEqual([])
  expect(files.length).toBeGreaterThan(1)
  for (const file of files)
    expect(readFileSync(file, 'utf8')).not.toMatch(/class CstParser|performSelfAnalysis\(/)
  expect(files.reduce((sum, file) => sum + statSync(file).size, 0)).toBeLessThan(250_000)
})
