/**
 * The core of the REPL, line by line: what each line asks for, without terminal, player or compiler.
 */
import { describe, expect, it } from 'vitest'
import { COMMANDS } from '../../src/cli/session/commands.ts'
import { mapDiagnostics } from '../../src/cli/session/program.ts'
import { cancel, createSession, finish, respond, step } from '../../src/cli/session/session.ts'
import type { Effect, Response, Session, Step } from '../../src/cli/session/types.ts'
import type { Control } from '../../src/core/program.ts'
import type { SwapOutcome } from '../../src/runtime/player-types.ts'

const control = (address: string, more: Partial<Control> = {}): Control => ({
  kind: 'hslider',
  address,
  label: address.replace(/^.*\//, ''),
  init: 440,
  min: 50,
  max: 2000,
  step: 1,
  metadata: [],
  offset: 0,
  ...more,
})

/** Types lines one after another; answers nothing. */
function type(lines: readonly string[], start: Session = createSession()): Step {
  return lines.reduce<Step>((before, line) => step(before.session, line), { session: start, effects: [] })
}

const answer = (session: Session, response: Response) => respond(session, response).session

const facts = (controls: readonly Control[] = []) => ({ inputs: 0, outputs: 1, controls })

function outcome(snapshot: number | undefined): SwapOutcome {
  const report = { kept: [], moved: [], resized: [], fresh: [], dropped: [] }
  return { ok: true, report, snapshot, frame: 0, fadeFrames: 0 }
}

/** A session whose program runs. */
function running(lines: readonly string[], controls: readonly Control[] = []): Session {
  const { session, effects } = type(lines)
  const run = effects.find(effect => effect.kind === 'run')!
  const playing = answer(session, { kind: 'playing', playing: true })
  return answer(playing, {
    kind: 'ran',
    version: run.version,
    program: facts(controls),
    outcome: outcome(undefined),
  })
}

function programOf(session: Session): string {
  const [save] = step(session, ':save x').effects
  return save?.kind === 'save' ? save.text : ''
}

const kinds = (effects: readonly Effect[]) => effects.map(effect => effect.kind)
const codes = (effects: readonly Effect[]) =>
  effects.flatMap(effect => (effect.kind === 'diagnose' ? effect.diagnostics.map(d => d.code) : []))
const printed = (effects: readonly Effect[]) =>
  effects.flatMap(effect => (effect.kind === 'print' ? [effect.text] : [])).join('\n')

describe('definitions', () => {
  it.each([
    ['replaces a definition of the same name', ['a = 1;', 'b = 2;', 'a = 3;'], 'b = 2;\na = 3;\n'],
    [
      'keeps the rules of one input together',
      ['f(0) = 1; f(n) = n*f(n-1);'],
      'f(0) = 1;\nf(n) = n*f(n-1);\n',
    ],
    ['replaces all rules at once', ['f(0) = 1; f(n) = 2;', 'f(x) = x;'], 'f(x) = x;\n'],
    [
      'keeps imports, each once',
      ['import("a.lib");', 'import("b.lib");', 'import("a.lib");'],
      'import("b.lib");\nimport("a.lib");\n',
    ],
    ['replaces declarations by key', ['declare name "x";', 'declare name "y";'], 'declare name "y";\n'],
    ['keeps comments of a definition', ['// loud', 'a = 1; // one', 'b = 2;'], 'a = 1; // one\nb = 2;\n'],
    ['takes a definition over several lines', ['a = 1', '+ 2', ';'], 'a = 1\n+ 2\n;\n'],
    ['waits for brackets', ['a = b with {', 'b = 1;', '};'], 'a = b with {\nb = 1;\n};\n'],
    ['waits for a right side', ['a = _ :', '_;'], 'a = _ :\n_;\n'],
    ['takes a continuation that starts with a colon', ['a = _', ': _;'], 'a = _\n: _;\n'],
    ['puts a missing semicolon at an empty line', ['a = 1', ''], 'a = 1;\n'],
    ['drops what was broken off', ['a = 1;', 'b = (('], 'a = 1;\n'],
  ])('%s', (_name, lines, text) => {
    expect(programOf(cancel(type(lines).session))).toBe(text)
  })

  it('runs the program only when there is one', () => {
    expect(kinds(type(['a = 1;']).effects)).toEqual([])
    expect(kinds(type(['a = 1;', 'process = a;']).effects)).toEqual(['run'])
    expect(kinds(type(['process = a;', 'a = 1;']).effects)).toEqual(['run'])
  })

  it('closes what is open at the end of a script', () => {
    const { session, effects } = finish(type(['process = 1']).session)
    expect(kinds(effects)).toEqual(['run'])
    expect(programOf(session)).toBe('process = 1;\n')
  })

  it('asks what an expression is, with or without a semicolon', () => {
    for (const line of ['os.osc(440)', 'os.osc(440);', '_,_ : +']) {
      const [effect] = type([line]).effects
      expect(effect).toMatchObject({
        kind: 'evaluate',
        expression: line.replace(';', ''),
        purpose: { kind: 'show' },
      })
    }
  })

  it('takes definitions and an expression in one line', () => {
    expect(kinds(type(['process = 1; a = 2; a*3']).effects)).toEqual(['run', 'evaluate'])
  })
})

describe('expressions', () => {
  const evaluated = (value: Extract<Response, { kind: 'evaluated' }>['value'], expression = 'e') => {
    const { session } = type(['e'])
    const purpose = { kind: 'show', offset: 0 } as const
    return respond(session, { kind: 'evaluated', expression, purpose, value })
  }

  it.each([
    [{ kind: 'numbers', values: [880] } as const, '880'],
    [{ kind: 'numbers', values: [1, 2.5] } as const, '1, 2.5'],
    [{ kind: 'block', inputs: 2, outputs: 1, text: [] } as const, '2 → 1'],
    [
      { kind: 'function', inputs: 1, outputs: 1, parameters: 1 } as const,
      'function of 1 argument; as a block 1 → 1',
    ],
  ])('prints %o and leaves the program alone', (value, text) => {
    const { session, effects } = evaluated(value)
    expect(printed(effects)).toBe(text)
    expect(programOf(session)).toBe('')
  })

  it('plays what sounds by itself', () => {
    const { session, effects } = evaluated({ kind: 'block', inputs: 0, outputs: 2, text: [''] })
    expect(kinds(effects)).toEqual(['print', 'run'])
    expect(programOf(session)).toBe('process = e;\n')
  })
})

describe('diagnostics', () => {
  it('shows the line of the session', () => {
    const { effects } = type(['a = 1;', '', 'b = 2 +;'])
    const [effect] = effects
    const [diagnostic] = effect?.kind === 'diagnose' ? effect.diagnostics : []
    expect(diagnostic?.span).toMatchObject({ file: 'session', start: { line: 3, column: 7 } })
  })

  it('maps places in the whole program to the lines that were typed', () => {
    const { session, effects } = type(['a = 1;', 'b = nope;', 'process = b;'])
    const [run] = effects
    if (run?.kind !== 'run') throw new Error('nothing runs')
    const offset = run.source.text.indexOf('nope')
    const place = (at: number) => ({ offset: at, line: 0, column: 0 })
    const span = { file: 'session', start: place(offset), end: place(offset + 4) }
    const diagnostic = { code: 'X', severity: 'error', message: '', span, notes: [] } as const
    const [mapped] = mapDiagnostics([diagnostic], run.source, session)
    expect(mapped!.span).toMatchObject({ start: { line: 2, column: 5 }, end: { line: 2, column: 9 } })
  })

  it('goes on after an error, keeps what was there, and remembers for the exit code', () => {
    const { session } = type(['a = 1;', 'b = );', 'c = 2;'])
    expect(programOf(session)).toBe('a = 1;\nc = 2;\n')
    expect(session.failed).toBe(true)
  })

  it('does not wait for more behind a forgotten bracket', () => {
    const { session, effects } = type(['bad = foo(;'])
    expect(session.pending).toBeUndefined()
    expect(codes(effects)).toEqual(['DSP0203'])
  })
})

describe('undo and redo', () => {
  it('brings program and state back', () => {
    const first = running(['process = 1;'])
    const second = step(first, 'process = 2;')
    const ran = answer(second.session, {
      kind: 'ran',
      version: (second.effects[0] as Extract<Effect, { kind: 'run' }>).version,
      program: facts(),
      outcome: outcome(7),
    })
    const undone = step(ran, ':undo')
    expect(undone.effects).toMatchObject([{ kind: 'note' }, { kind: 'run', restore: 7 }])
    expect(programOf(undone.session)).toBe('process = 1;\n')
    const back = undone.effects[1] as Extract<Effect, { kind: 'run' }>
    const after = answer(undone.session, {
      kind: 'ran',
      version: back.version,
      program: facts(),
      outcome: outcome(8),
    })
    const redone = step(after, ':redo')
    expect(redone.effects).toMatchObject([{ kind: 'note' }, { kind: 'run', restore: 8 }])
    expect(programOf(redone.session)).toBe('process = 2;\n')
  })

  it('leaves the sound alone when the change never ran', () => {
    const session = step(running(['process = 1;']), 'process = nope;').session
    const { session: undone, effects } = step(session, ':undo')
    expect(kinds(effects)).toEqual(['note'])
    expect(programOf(undone)).toBe('process = 1;\n')
  })

  it('is silent before the first program', () => {
    const { effects } = step(running(['process = 1;']), ':undo')
    expect(effects[1]).toMatchObject({ kind: 'run', source: { text: 'process = 0\n;\n' } })
  })

  it('forgets what was undone at the next change', () => {
    const { session, effects } = type(['a = 1;', 'a = 2;', ':undo', 'b = 1;', ':redo'])
    expect(codes(effects)).toEqual(['DSP0843'])
    expect(programOf(session)).toBe('a = 1;\nb = 1;\n')
  })
})

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
