/**
 * Compiling from the command line: summary, stages, diagnostics, where imports are found.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { STAGES } from '../../src/cli/options.ts'
import type { Diagnostic } from '../../src/diagnostics.ts'
import { dspc, dspcHere, inFolder, readWav } from './support.ts'

const SYNTH = `gain = hslider("gain[unit:dB]", 0.5, 0, 2, 0.01);
process = _ * gain * button("gate") <: _, hbargraph("level", 0, 1);
`

describe('summary', () => {
  test('lists inputs, outputs, controls and sizes on stdout', async () => {
    await inFolder({ 'synth.dsp': SYNTH }, async cwd => {
      const { code, stdout, stderr } = await dspc(['synth.dsp'], { cwd })
      expect([code, stderr]).toEqual([0, ''])
      expect(stdout).toMatch(/^inputs +1$/m)
      expect(stdout).toMatch(/^outputs +2$/m)
      expect(stdout).toMatch(/^state +\d+ bytes$/m)
      expect(stdout).toMatch(/^module +\d+ bytes$/m)
      expect(stdout).toMatch(/^compiled in +\d+ ms$/m)
      expect(stdout).toMatch(/^ {2}\/synth\/gain +hslider +0\.5 {2}\(0 … 2 dB, step 0\.01\)$/m)
      expect(stdout).toMatch(/^ {2}\/synth\/gate +button +0 or 1$/m)
      expect(stdout).toMatch(/^ {2}\/synth\/level +hbargraph +0 … 1$/m)
    })
  })

  test.each(['--single', '--double'])('%s', async option => {
    const { stdout } = await dspcHere([option, '-e', 'process = 0.5;'])
    expect(stdout).toMatch(new RegExp(`^precision +${option.slice(2)}$`, 'm'))
  })

  test('--entry and -O', async () => {
    const { code, stdout } = await dspcHere(['-O', '--entry', 'other', '-e', 'process = 1; other = _,_;'])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^inputs +2$/m)
  })

  test('reads standard input', async () => {
    const { code, stdout } = await dspc(['-'], { input: 'process = _,_,_;' })
    expect(code).toBe(0)
    expect(stdout).toMatch(/^inputs +3$/m)
  })
})

describe('stages', () => {
  test.each(STAGES.filter(stage => stage !== 'wasm'))('--emit=%s', async stage => {
    const { code, stdout, stderr } = await dspcHere([`--emit=${stage}`, '-e', 'process = _ * 0.5 + 0.25;'])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout.length).toBeGreaterThan(10)
    expect(stdout.endsWith('\n')).toBe(true)
  })

  test('--emit=wasm is a module that runs', async () => {
    const { code, bytes } = await dspc(['--emit=wasm', '-e', 'process = _;'])
    expect(code).toBe(0)
    const module = await WebAssembly.compile(Uint8Array.from(bytes))
    const names = WebAssembly.Module.exports(module).map(entry => entry.name)
    expect(names.sort()).toEqual(['compute', 'init', 'memory'])
    expect(WebAssembly.Module.imports(module)).toEqual([])
  })

  test('--emit=json is the description', async () => {
    const { stdout } = await dspcHere(['--emit=json', '-e', SYNTH])
    const parsed = JSON.parse(stdout) as { inputs: number; ui: unknown[] }
    expect(parsed.inputs).toBe(1)
    expect(parsed.ui).toHaveLength(1)
  })

  test('the name of the output says what to write', async () => {
    await inFolder({ 'a.dsp': 'process = _;' }, async cwd => {
      for (const name of ['a.wasm', 'a.wat', 'a.json']) {
        expect(await dspcHere(['a.dsp', '-o', name], { cwd })).toMatchObject({ code: 0, stdout: '' })
      }
      expect(readFileSync(join(cwd, 'a.wasm')).subarray(0, 4).toString('latin1')).toBe('\0asm')
      expect(readFileSync(join(cwd, 'a.wat'), 'utf8')).toMatch(/^\(module/)
      expect(readdirSync(cwd).sort()).toEqual(['a.dsp', 'a.json', 'a.wasm', 'a.wat'])
    })
  })

  test('errors of the program end them too', async () => {
    for (const stage of ['boxes', 'json']) {
      const { code, stdout, stderr } = await dspcHere([`--emit=${stage}`, '-e', 'process = foo;'])
      expect([code, stdout]).toEqual([1, ''])
      expect(stderr).toContain('error[DSP0301]')
    }
  })
})

describe('errors of the program', () => {
  const WRONG = 'a = foo;\nprocess = a : _,_;\n'

  test('are shown in their lines, and the exit code is 1', async () => {
    await inFolder({ 'wrong.dsp': WRONG }, async cwd => {
      for (const args of [['wrong.dsp'], ['check', 'wrong.dsp'], ['wrong.dsp', '-o', 'wrong.wav']]) {
        const { code, stdout, stderr } = await dspcHere(args, { cwd })
        expect([code, stdout]).toEqual([1, ''])
        expect(stderr).toContain('error[DSP0301]')
        expect(stderr).toContain(' --> wrong.dsp:1:5')
        expect(stderr).toContain('1 | a = foo;')
      }
      expect(readdirSync(cwd)).toEqual(['wrong.dsp'])
    })
  })

  test('check --json prints them as data on stdout', async () => {
    await inFolder({ 'wrong.dsp': WRONG }, async cwd => {
      const { code, stdout, stderr } = await dspc(['check', 'wrong.dsp', '--json'], { cwd })
      expect([code, stderr]).toEqual([1, ''])
      const [first] = JSON.parse(stdout) as Diagnostic[]
      expect(first).toMatchObject({ code: 'DSP0301', severity: 'error', span: { file: 'wrong.dsp' } })
      expect(first!.span!.start).toEqual({ offset: 4, line: 1, column: 5 })
    })
  })

  test('check says when there are none', async () => {
    const plain = await dspcHere(['check', '-e', 'process = _;'])
    expect(plain).toMatchObject({ code: 0, stdout: '', stderr: 'code: no problems\n' })
    const json = await dspcHere(['check', '--json', '-e', 'process = _;'])
    expect(json).toMatchObject({ code: 0, stdout: '[]\n', stderr: '' })
  })
})

describe('imports', () => {
  const value = (n: number) => `v = ${n};\n`
  const MAIN = 'import("v.lib"); process = v;\n'

  /** The value that a program gives, which tells which file was found. */
  async function found(cwd: string, args: string[], env: Record<string, string> = {}) {
    const { code, stderr } = await dspcHere([...args, '-o', 'v.wav', '--bits', '32f', '--duration', '1smp'], {
      cwd,
      env,
    })
    expect(stderr.replace(/^wrote.*\n/, '')).toBe('')
    expect(code).toBe(0)
    return readWav(join(cwd, 'v.wav')).channels[0]![0]
  }

  test('the order: current directory, -I from the last, the program, DSPC_PATH', async () => {
    await inFolder({}, async cwd => {
      for (const name of ['here', 'first', 'last', 'program', 'path']) mkdirSync(join(cwd, name))
      const put = (folder: string, n: number) => writeFileSync(join(cwd, folder, 'v.lib'), value(n))
      writeFileSync(join(cwd, 'program', 'main.dsp'), MAIN)
      const here = join(cwd, 'here')
      const args = ['../program/main.dsp', '-I', '../first', '-I', '../last', '-I', '../missing']
      const env = { DSPC_PATH: join(cwd, 'path') }
      const expectFound = async (n: number) => expect(await found(here, args, env)).toBe(n)

      put('path', 1)
      await expectFound(1)
      put('program', 2)
      await expectFound(2)
      put('first', 3)
      await expectFound(3)
      put('last', 4)
      await expectFound(4)
      put('here', 5)
      await expectFound(5)
    })
  })

  test('an -I directory goes before the standard library', async () => {
    await inFolder({ 'main.dsp': 'import("stdfaust.lib"); process = v;' }, async cwd => {
      mkdirSync(join(cwd, 'mine'))
      writeFileSync(join(cwd, 'mine', 'stdfaust.lib'), value(0.25))
      expect(await found(cwd, ['main.dsp', '-I', 'mine'])).toBe(0.25)
    })
  })

  test('the standard library is found from anywhere', async () => {
    await inFolder({ 'main.dsp': 'import("stdfaust.lib"); process = ma.PI;' }, async cwd => {
      expect(await found(cwd, ['main.dsp'])).toBeCloseTo(Math.PI, 6)
    })
  })

  test('a file that is missing is reported where it is imported', async () => {
    await inFolder({ 'main.dsp': 'import("nope.lib");\nprocess = 1;\n' }, async cwd => {
      const { code, stderr } = await dspcHere(['main.dsp'], { cwd })
      expect(code).toBe(1)
      expect(stderr).toMatch(/nope\.lib/)
      expect(stderr).toContain('1 | import("nope.lib");')
    })
  })

  test('addresses on the network are refused', async () => {
    const { code, stderr } = await dspcHere(['-e', 'import("https://example.com/a.lib"); process = 1;'])
    expect(code).toBe(1)
    expect(stderr).toContain('download the file')
  })

  test('a directory or binary file in the place of a library is named', async () => {
    await inFolder({ 'bin.lib': Uint8Array.from([0, 1, 2]) }, async cwd => {
      mkdirSync(join(cwd, 'dir.lib'))
      const binary = await dspcHere(['-e', 'import("bin.lib"); process = 1;'], { cwd })
      expect(binary).toMatchObject({ code: 1 })
      expect(binary.stderr).toContain('DSP0803')
      const directory = await dspcHere(['-e', 'import("dir.lib"); process = 1;'], { cwd })
      expect(directory).toMatchObject({ code: 1 })
      expect(directory.stderr).toContain('DSP0802')
    })
  })

  test('errors in a library show its own lines', async () => {
    await inFolder({ 'l.lib': '\nf = oops;\n', 'main.dsp': 'import("l.lib"); process = f;' }, async cwd => {
      const { code, stderr } = await dspcHere(['main.dsp'], { cwd })
      expect(code).toBe(1)
      expect(stderr).toContain(' l.lib:2:5')
      expect(stderr).toContain('2 | f = oops;')
    })
  })
})
