/**
 * The REPL and the panel as people meet them: in a (pseudo-)terminal, with the real player on the null backend.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { runInTerminal } from '../support/terminal.ts'
import { inFolder } from './support.ts'

const STARTER = fileURLToPath(new URL('../../bin/dspc.js', import.meta.url))

const environment = (folder: string) => ({
  TERM: 'xterm',
  HOME: folder,
  XDG_STATE_HOME: join(folder, 'state'),
  NO_COLOR: '1',
})

/** A prompt, and the cursor behind it. */
const PROMPT = 'dspc> [^\\n]*$'

it('live-codes in ten steps', async () => {
  await inFolder({}, async folder => {
    const saved = join(folder, 'saved.dsp')
    const result = await runInTerminal({
      command: [process.execPath, STARTER, 'repl', '--backend', 'null'],
      env: environment(folder),
      steps: [
        [PROMPT, 'import("stdfaust.lib");\r'],
        [PROMPT, 'freq = hslider("freq", 440, 50, 2000, 1);\r'],
        [PROMPT, 'process = os.osc(freq)\r'],
        ['\\.\\.\\. $|\\.\\.\\. [^\\n]*$', '* 0.2;\r'],
        [`0 → 1.*${PROMPT}`, 'process = os.osc(freq) * 0.2 + os.osc(2*freq) * 0.1;\r'],
        [`kept \\d+.*${PROMPT}`, ':set freq 330\r'],
        [`/session/freq = 330.*${PROMPT}`, 'process = nope;\r'],
        [`DSP0301.*session:7:11.*${PROMPT}`, ':undo\r'],
        [`undo: process.*${PROMPT}`, ':spectrum process\r'],
        [`peaks: 3[23]\\d.*${PROMPT}`, `:save ${saved}\r`],
        [`wrote .*${PROMPT}`, ':undo\r'],
        [`undo: process.*kept.*${PROMPT}`, ':quit\r'],
      ],
    })
    expect(result, result.printed.at(-1)).toMatchObject({ failed: null, code: 0, restored: true })
    expect(readFileSync(saved, 'utf8')).toContain('os.osc(2*freq) * 0.1;')
    expect(result.printed.join('')).not.toContain('\x1b[1;36m')
    const history = readFileSync(join(folder, 'state', 'dspc', 'history'), 'utf8')
    expect(history.split('\n')[0]).toBe('import("stdfaust.lib");')
  })
})

it('completes names, forgets a line at Ctrl-C, and ends at Ctrl-D', async () => {
  await inFolder({}, async folder => {
    const result = await runInTerminal({
      command: [process.execPath, STARTER, 'repl', '--no-play'],
      env: environment(folder),
      steps: [
        [PROMPT, ':sw\t'],
        [':swap-report', '\r'],
        [`nothing was swapped.*${PROMPT}`, 'volume_of_all = 0.5;\r'],
        [PROMPT, ':type volume_o\t'],
        ['volume_of_all', '\r'],
        [`constant 0\\.5.*${PROMPT}`, 'os.oscc\t'],
        ['os\\.osccos', '\x03'],
        [`\\^C.*${PROMPT}`, 'x = (\r'],
        ['\\.\\.\\. [^\\n]*$', '\x03'],
        [`\\^C.*${PROMPT}`, { rows: 20, columns: 40 }],
        ['', ':plot 1 2ms\r'],
        [`2 ms.*${PROMPT}`, '\x03'],
        ['once more', '1+1\r'],
        [`2.*${PROMPT}`, '\x04'],
      ],
    })
    expect(result, result.printed.at(-1)).toMatchObject({ failed: null, code: 0, restored: true })
  })
})

it('ends at the second Ctrl-C', async () => {
  await inFolder({}, async folder => {
    const result = await runInTerminal({
      command: [process.execPath, STARTER, 'repl', '--no-play'],
      env: environment(folder),
      steps: [
        [PROMPT, '\x03'],
        ['once more', '\x03'],
      ],
    })
    expect(result, result.printed.at(-1)).toMatchObject({ failed: null, code: 0, restored: true })
    expect(existsSync(join(folder, 'state'))).toBe(false)
  })
})

it('shows a panel, moves a control by keys and gives the terminal back', async () => {
  const program =
    'process = hgroup("g", hslider("level [unit:V]", 0.25, 0, 1, 0.25)) * (1 - 2*(1 : +~_ : %(2)));'
  await inFolder({ 'p.dsp': program }, async folder => {
    const log = join(folder, 'log.jsonl')
    const result = await runInTerminal({
      command: [
        process.execPath,
        STARTER,
        join(folder, 'p.dsp'),
        '--play',
        '--panel',
        '--backend',
        'null',
        '--log',
        log,
      ],
      env: environment(folder),
      steps: [
        ['0\\.25 V.*out 1 [^\\n]*-12\\.0 dB', '\x1b[C'],
        ['0\\.5 V.*out 1 [^\\n]*-6\\.0 dB', '1\r'],
        ['out 1 [^\\n]* 0\\.0 dB', 'q'],
      ],
    })
    expect(result, result.printed.at(-1)).toMatchObject({ failed: null, code: 0, restored: true })
    expect(result.rest).toContain('\x1b[?1049l')
    const sets = readFileSync(log, 'utf8')
      .split('\n')
      .filter(line => line.includes('"set"'))
    expect(sets.map(line => JSON.parse(line).value)).toEqual([0.5, 1])
  })
})
