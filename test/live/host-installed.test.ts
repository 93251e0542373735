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
async function installed(
  speaker: string | undefined,
  args: readonly string[],
  look: (cwd: string) => void = () => {},
) {
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
    const ran = await finish(spawn(process.execPath, [join(cwd, 'bin', 'dspc.js'), ...args], { cwd, env }))
    look(cwd)
    return ran
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

/** A package of that name that writes what it gets to a file. */
const pretend = (opening: string) => `
const { Writable } = require('node:stream')
const { appendFileSync, writeFileSync } = require('node:fs')
module.exports = class Speaker extends Writable {
  constructor(options) {
    super({ highWaterMark: 0 })
    writeFileSync('format.json', JSON.stringify(options))
    ${opening}
    this.once('finish', () => this.emit('close'))
  }
  _write(bytes, _, done) {
    appendFileSync('played', bytes)
    done()
  }
  static isSupported({ float }) {
    return !float
  }
}
`

test('a device that takes no floats gets 16-bit numbers', async () => {
  const args = ['-e', 'process = 0.5, -1.5;', '--play', '--backend', 'speaker', '--no-audition']
  const { code } = await installed(pretend(''), [...args, '--duration', '6000smp'], cwd => {
    const format = JSON.parse(readFileSync(join(cwd, 'format.json'), 'utf8'))
    expect(format).toMatchObject({
      channels: 2,
      sampleRate: 48_000,
      bitDepth: 16,
      float: false,
      signed: true,
    })
    const bytes = readFileSync(join(cwd, 'played'))
    expect(bytes.length).toBe(6000 * 4)
    for (let i = 0; i < bytes.length; i += 4) {
      if (bytes.readInt16LE(i) !== 16_384 || bytes.readInt16LE(i + 2) !== -32_768) throw new Error(`at ${i}`)
    }
  })
  expect(code).toBe(0)
})

test('a device that would play at another rate is refused', async () => {
  const opening = "process.stderr.write('rate 48000 not available, using 44100\\n')"
  const { code, stderr } = await installed(pretend(opening), [...PLAY, '--backend', 'speaker'])
  expect(stderr).toMatch(/^error\[DSP0732\]: the device does not take 48000 Hz; .* 44100 Hz\nhelp: .*--rate/)
  expect(code).toBe(4)
})
