/**
 * What the audio host is made of, and what is said where the package `speaker` is missing or was not built.
 */

import { spawn } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { dspc, finish, inFolder } from '../cli/support.ts'
import { noCard } from './alsa.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

/** All that is loaded with a file, over static imports. */
function loadedWith(file: string, seen = new Set<string>()): { files: Set<string>; packages: Set<string> } {
  const packages = new Set<string>()
  const pending = [file]
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (seen.has(next)) continue
    seen.add(next)
    for (const [, target] of readFileSync(next, 'utf8').matchAll(/^import[^;]*?["']([^"']+)["'];/gm)) {
      if (target!.startsWith('.')) pending.push(join(dirname(next), target!))
      else packages.add(target!)
    }
  }
  return { files: seen, packages }
}

test.each(['host.js', 'host-worker.js'])('%s loads neither compiler nor packages', name => {
  const { files, packages } = loadedWith(join(ROOT, 'dist', name))
  expect([...packages].filter(target => !target.startsWith('node:'))).toEqual([])
  const text = [...files].map(file => readFileSync(file, 'utf8')).join('\n')
  expect(text).not.toMatch(/chevrotain|binaryen|src\/(parser|lower|codegen)\//i)
  expect(text.length).toBeLessThan(400_000)
})

/** dspc as it is after an installation, with this in the place of `speaker`. */
async function installed(speaker: string | undefined, args: readonly string[]) {
  return inFolder({}, async cwd => {
    for (const part of ['bin', 'dist', 'package.json'])
      cpSync(join(ROOT, part), join(cwd, part), { recursive: true })
    symlinkSync(join(ROOT, 'stdlib'), join(cwd, 'stdlib'))
    const packages = join(cwd, 'node_modules')
    mkdirSync(join(packages, 'speaker'), { recursive: true })
    symlinkSync(
      dirname(createRequire(import.meta.url).resolve('binaryen/package.json')),
      join(packages, 'binaryen'),
    )
    if (speaker !== undefined) {
      writeFileSync(join(packages, 'speaker', 'package.json'), '{"name":"speaker","main":"index.js"}')
      writeFileSync(join(packages, 'speaker', 'index.js'), speaker)
    }
    const env = { ...process.env, NO_COLOR: '1', ...noCard(cwd) }
    return finish(spawn(process.execPath, [join(cwd, 'bin', 'dspc.js'), ...args], { cwd, env }))
  })
}

const PLAY = ['-e', 'process = 0.1;', '--play']
const NOT_BUILT = "throw new Error('Could not locate the bindings file. Tried:\\n → somewhere')"

test('speaker is missing', async () => {
  const { code, stderr } = await installed(undefined, PLAY)
  expect(stderr).toMatch(
    /^error\[DSP0722\]: the package `speaker`, which plays sound, is not installed here\nhelp: /,
  )
  expect(code).toBe(4)
  const doctor = await installed(undefined, ['doctor'])
  expect(doctor.stdout).toMatch(/--\s+package\s+speaker is not installed/)
  expect(doctor.stdout).toContain(process.platform === 'linux' ? 'libasound2-dev' : 'install')
  expect(doctor.code).toBe(4)
})

test('speaker was not built', async () => {
  const { code, stderr } = await installed(NOT_BUILT, PLAY)
  expect(stderr).toMatch(/^error\[DSP0723\].*not built\nhelp: npm did not run its install script/)
  expect(code).toBe(4)
  const doctor = await installed(NOT_BUILT, ['doctor'])
  expect(doctor.stdout).toMatch(/NO\s+package\s+speaker is installed, but its install script did not run/)
  expect(doctor.stdout).toContain('npm rebuild speaker')
})

test('speaker fails otherwise', async () => {
  const { code, stderr } = await installed("throw new Error('invalid ELF header')", PLAY)
  expect(stderr).toMatch(/^error\[DSP0726\]: the sound output `speaker` failed: invalid ELF header/)
  expect(code).toBe(4)
})

test('other ways need no speaker', async () => {
  const { code } = await installed(undefined, [...PLAY, '--backend', 'null', '--duration', '50ms'])
  expect(code).toBe(0)
  expect((await dspc(['doctor', '--json'])).stdout).toContain('"findings"')
})
