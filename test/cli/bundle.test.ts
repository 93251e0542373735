/**
 * What the bundle loads, since that decides how fast `dspc --version` answers; and what its files must be.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const PROGRAM = fileURLToPath(new URL('../../dist/program', import.meta.url))
const textOf = (name: string) => readFileSync(join(PROGRAM, name), 'utf8')

/** Files of the program, and what else, that a file of it loads at once, itself included. */
function loadedWith(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found
  found.add(name)
  // What a command loads later stands in a function.
  for (const [, target] of textOf(name).matchAll(/^(?:const|let) \w+ = require\("([^"]+)"\)/gm)) {
    if (target!.startsWith('./')) loadedWith(target!.slice(2), found)
    else found.add(target!)
  }
  return found
}

test('help and version load neither parser nor binaryen, and little code', () => {
  const loaded = [...loadedWith('main.cjs')]
  const files = loaded.filter(name => name.endsWith('.cjs'))
  const packages = loaded.filter(name => !name.endsWith('.cjs') && !name.startsWith('node:'))
  expect(packages).toEqual([])
  expect(files.length).toBeGreaterThan(1)
  for (const file of files) expect(textOf(file)).not.toMatch(/class CstParser|performSelfAnalysis\(/)
  expect(files.reduce((sum, file) => sum + statSync(join(PROGRAM, file)).size, 0)).toBeLessThan(250_000)
})

test('the program is ASCII, since it is read as bytes, and imports packages through what loads it', () => {
  const files = readdirSync(PROGRAM).filter(name => name.endsWith('.cjs'))
  expect(files).toContain('part-compiler.cjs')
  const isPlain = (name: string) => !/[\x80-\uffff]/.test(textOf(name))
  expect(files.filter(name => !isPlain(name))).toEqual([])
  // `import("file.lib")` stands in messages.
  const left = /\bimport\(["'`](binaryen|speaker|node:\w+)["'`]\)/
  expect(files.filter(name => left.test(textOf(name)))).toEqual([])
  const imports = /\? ?importModule ?:.*\("binaryen"\)/
  expect(files.filter(name => imports.test(textOf(name)))).toHaveLength(1)
})
