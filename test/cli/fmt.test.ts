/**
 * `dspc fmt`: what it writes, what it leaves alone, and how it tells.
 */
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { dspc, dspcHere, inFolder } from './support.ts'

const ROUGH = '// gain\nprocess=_*0.5   ;\n\n\n\nf(x)=x;'
const NEAT = '// gain\nprocess = _ * 0.5;\n\nf(x) = x;\n'
const BROKEN = 'process = (1 + ;\n'

const read = (...path: string[]) => readFileSync(join(...path), 'utf8')

test('rewrites files in place and leaves nothing else behind', async () => {
  await inFolder({ 'a.dsp': ROUGH, 'b.dsp': NEAT }, async cwd => {
    const ran = await dspcHere(['fmt', 'a.dsp', 'b.dsp'], { cwd })
    expect(ran).toMatchObject({ code: 0, stdout: '', stderr: 'a.dsp: formatted\n' })
    expect(read(cwd, 'a.dsp')).toBe(NEAT)
    expect(read(cwd, 'b.dsp')).toBe(NEAT)
    expect(readdirSync(cwd).sort()).toEqual(['a.dsp', 'b.dsp'])
    expect(await dspcHere(['fmt', 'a.dsp', 'b.dsp'], { cwd })).toMatchObject({ code: 0, stderr: '' })
  })
})

test('a file that is in form is not touched', async () => {
  await inFolder({ 'a.dsp': NEAT }, async cwd => {
    const before = statSync(join(cwd, 'a.dsp'))
    await dspcHere(['fmt', 'a.dsp'], { cwd })
    expect(statSync(join(cwd, 'a.dsp'))).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs })
  })
})

test('--check lists what would change and changes nothing', async () => {
  await inFolder({ 'a.dsp': ROUGH, 'b.dsp': NEAT, 'c.dsp': ROUGH }, async cwd => {
    const ran = await dspcHere(['fmt', '--check', 'a.dsp', 'b.dsp', 'c.dsp'], { cwd })
    expect(ran).toMatchObject({ code: 1, stdout: 'a.dsp\nc.dsp\n', stderr: '' })
    expect(read(cwd, 'a.dsp')).toBe(ROUGH)
    expect(await dspcHere(['fmt', 'b.dsp', '--check'], { cwd })).toMatchObject({ code: 0, stdout: '' })
  })
})

test('a program with mistakes is refused and left alone; the others are formatted', async () => {
  await inFolder({ 'a.dsp': BROKEN, 'b.dsp': ROUGH }, async cwd => {
    const { code, stdout, stderr } = await dspcHere(['fmt', 'a.dsp', 'b.dsp'], { cwd })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/error\[DSP02\d\d\]/)
    expect(stderr).toContain(' --> a.dsp:1:')
    expect(stderr).toContain('1 | process = (1 + ;')
    expect(read(cwd, 'a.dsp')).toBe(BROKEN)
    expect(read(cwd, 'b.dsp')).toBe(NEAT)
  })
})

test('a file that cannot be read is said, and the others are formatted', async () => {
  await inFolder({ 'b.dsp': ROUGH }, async cwd => {
    const { code, stderr } = await dspcHere(['fmt', 'a.dsp', 'b.dsp'], { cwd })
    expect(code).toBe(3)
    expect(stderr).toContain('DSP0801')
    expect(read(cwd, 'b.dsp')).toBe(NEAT)
  })
})

test('- formats standard input to standard output', async () => {
  expect(await dspc(['fmt', '-'], { input: ROUGH })).toMatchObject({ code: 0, stdout: NEAT, stderr: '' })
  expect(await dspc(['fmt', '-', '--check'], { input: ROUGH })).toMatchObject({ code: 1, stdout: 'stdin\n' })
  const { code, stdout, stderr } = await dspc(['fmt', '-'], { input: BROKEN })
  expect([code, stdout]).toEqual([1, ''])
  expect(stderr).toContain(' --> stdin:1:')
})

test('links stay links, and permissions stay', async () => {
  await inFolder({ 'a.dsp': ROUGH }, async cwd => {
    chmodSync(join(cwd, 'a.dsp'), 0o640)
    symlinkSync('a.dsp', join(cwd, 'link.dsp'))
    await dspcHere(['fmt', 'link.dsp'], { cwd })
    expect(lstatSync(join(cwd, 'link.dsp')).isSymbolicLink()).toBe(true)
    expect(read(cwd, 'a.dsp')).toBe(NEAT)
    expect(statSync(join(cwd, 'a.dsp')).mode & 0o777).toBe(0o640)
  })
})

test('line ends of Windows are kept', async () => {
  await inFolder({ 'a.dsp': ROUGH.replaceAll('\n', '\r\n') }, async cwd => {
    await dspcHere(['fmt', 'a.dsp'], { cwd })
    expect(read(cwd, 'a.dsp')).toBe(NEAT.replaceAll('\n', '\r\n'))
  })
})

test('without a file', async () => {
  expect(await dspcHere(['fmt'])).toMatchObject({ code: 2, stdout: '' })
})
