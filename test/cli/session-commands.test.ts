/**
 * The commands of the REPL: what each asks for, what each refuses, and that the documentation names them all.
 */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/session/commands.ts'
import { respond, step } from '../../src/cli/session/session.ts'
import type { Session, Step } from '../../src/cli/session/types.ts'
import { answer, codes, control, printed, running, type } from './session-support.ts'

describe('commands', () => {
  const playing = () => running(['process = 1;'], [control('/session/freq'), control('/session/a/gain')])

  it.each([
    [':play', { kind: 'play' }],
    [':stop', { kind: 'stop' }],
    [':set freq 330', { kind: 'set', address: '/session/freq', value: 330 }],
    [':set /session/a/gain=0.5', { kind: 'set', address: '/session/a/gain', value: 0.5 }],
    [':scope', { kind: 'tap', first: 0, count: 1, audible: 1, view: { kind: 'scope' } }],
    [
      ':scope a : b 5ms trigger=0.5 gain=2 offset=-1 live',
      {
        kind: 'evaluate',
        expression: 'a : b',
        purpose: { view: { kind: 'scope', seconds: 0.005, trigger: 0.5, gain: 2, offset: -1, live: true } },
      },
    ],
    [
      ':spectrum a',
      { kind: 'evaluate', expression: 'a', purpose: { kind: 'tap', view: { kind: 'spectrum' } } },
    ],
    [':probe a', { kind: 'evaluate', expression: 'a', purpose: { kind: 'tap', view: { kind: 'probe' } } }],
    [':plot a + 1 50ms', { kind: 'evaluate', expression: 'a + 1', purpose: { kind: 'plot', seconds: 0.05 } }],
    [':type a', { kind: 'evaluate', expression: 'a', purpose: { kind: 'type' } }],
    [':doc os.osc', { kind: 'document', name: 'os.osc' }],
    [':svg', { kind: 'draw', file: 'process.svg' }],
    [':wat out.wat', { kind: 'listing', file: 'out.wat' }],
    [':record a.wav', { kind: 'record', file: 'a.wav' }],
    [':record', { kind: 'record', file: undefined }],
    [':save a.dsp', { kind: 'save', file: 'a.dsp', text: 'process = 1;\n' }],
    [':load a.dsp', { kind: 'load', file: 'a.dsp' }],
    [':wait 2s', { kind: 'wait', seconds: 2 }],
    [':midi key 69 100', { kind: 'set', address: '/session/freq', value: 440 }],
    [':swap-report', { kind: 'print', text: 'kept 0, new 0, dropped 0' }],
    [':q', { kind: 'quit' }],
  ])('%s', (line, effect) => {
    expect(step(playing(), line).effects[0]).toMatchObject(effect)
  })

  it.each([
    [':frob', 'DSP0840'],
    [':set freq', 'DSP0841'],
    [':set freq x', 'DSP0842'],
    [':set nothing 1', 'DSP0701'],
    [':undo', undefined],
    [':redo', 'DSP0843'],
    [':wait', 'DSP0841'],
    [':midi foo', 'DSP0841'],
    [':help frob', 'DSP0840'],
  ])('%s: %s', (line, code) => {
    expect(codes(step(playing(), line).effects)[0]).toBe(code)
  })

  it.each([':scope a', ':meters'])('%s needs sound', line => {
    expect(codes(type([line]).effects)).toEqual(['DSP0845'])
  })

  it.each([':controls', ':svg', ':wat', ':set freq 1', ':midi'])('%s needs a program', line => {
    expect(codes(type([line]).effects)).toEqual(['DSP0844'])
  })

  it('explains every command', () => {
    const list = printed(type([':help']).effects)
    for (const { name, help } of COMMANDS) {
      expect(list).toContain(`:${name}`)
      expect(printed(type([`:help ${name}`]).effects)).toContain(help)
    }
  })

  it('says which controls a name could mean', () => {
    const session = running(['process = 1;'], [control('/s/a/gain'), control('/s/b/gain')])
    const { effects } = step(session, ':set gain 1')
    expect(codes(effects)).toEqual(['DSP0846'])
    expect(step(session, ':set b/gain 1').effects[0]).toMatchObject({ kind: 'set', address: '/s/b/gain' })
  })

  it('lists controls with value, unit and range', () => {
    const session = running(['process = 1;'], [control('/s/freq', { metadata: [['unit', 'Hz']] })])
    const status = { frame: 0, load: 0, underruns: 0, peaks: [0.5], values: { '/s/freq': 330 } }
    const known = answer(session, { kind: 'status', status })
    expect(printed(step(known, ':controls').effects)).toBe('/s/freq  330 Hz  hslider, 50 … 2000, step 1')
    expect(printed(step(known, ':meters').effects)).toContain('-6.0 dB')
  })

  it('maps MIDI by the metadata of labels', () => {
    const log = control('/s/cut', {
      metadata: [
        ['midi', 'ctrl 1'],
        ['scale', 'log'],
      ],
      min: 100,
      max: 10_000,
    })
    const session = running(['process = 1;'], [log, control('/s/gate', { kind: 'button', min: 0, max: 1 })])
    const values = (line: string) =>
      step(session, line).effects.map(e => (e.kind === 'set' ? [e.address, e.value] : e.kind))
    expect(values(':midi cc 1 127')).toEqual([['/s/cut', 10_000]])
    expect(values(':midi cc 1 0')).toEqual([['/s/cut', 100]])
    expect(values(':midi cc 2 64')).toEqual(['print'])
    expect(values(':midi key 60 100')).toEqual([['/s/gate', 1]])
    expect(values(':midi key 60 0')).toEqual([['/s/gate', 0]])
  })
})

describe('taps', () => {
  const tap = (session: Session, expression: string, inputs: number) => {
    const view = { kind: 'probe', seconds: 0.1, trigger: undefined, gain: 1, offset: 0, live: false } as const
    const value = { kind: 'block', inputs, outputs: 1, text: [''] } as const
    return respond(session, { kind: 'evaluated', expression, purpose: { kind: 'tap', view }, value })
  }
  const text = ({ effects }: Step) => {
    const [effect] = effects
    return effect?.kind === 'tap' ? effect.source?.text.replace(/\s+/g, ' ').trim() : undefined
  }

  it('puts an expression beside the program, and what has inputs behind it', () => {
    const session = running(['process = a;'])
    expect(text(tap(session, 'b', 0))).toBe('process = ( a ) , (b );')
    expect(text(tap(session, 'abs', 1))).toBe('process = ( a ) <: par(i, 1, _), ((par(i, 1, _)) : (abs ));')
  })

  it('gives a program with parameters another name', () => {
    expect(text(tap(running(['process(x) = x;']), 'b', 0))).toBe(
      'whole_process(x) = x; process = (whole_process ) , (b );',
    )
  })

  it('does not swap for what is measured already', () => {
    const session = answer(running(['process = a;']), { kind: 'tapped', expression: 'b' })
    expect(tap(session, 'b', 0).effects[0]).toMatchObject({ kind: 'tap', source: undefined, first: 1 })
  })

  it('refuses more inputs than the program has outputs', () => {
    expect(codes(tap(running(['process = a;']), 'x', 2).effects)).toEqual(['DSP0847'])
  })
})

it('has a page that names every command', () => {
  const page = readFileSync(new URL('../../docs/REPL.md', import.meta.url), 'utf8')
  for (const { name, arguments: rest } of COMMANDS) {
    expect(page).toContain(`\`:${`${name} ${rest}`.trim()}\``)
  }
})
