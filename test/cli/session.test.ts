/**
 * The core of the REPL, line by line: definitions, expressions, diagnostics, undo.
 */
import { describe, expect, it } from 'vitest'
import { mapDiagnostics } from '../../src/cli/session/program.ts'
import { cancel, finish, respond, step } from '../../src/cli/session/session.ts'
import type { Effect, Response } from '../../src/cli/session/types.ts'
import { answer, codes, facts, kinds, outcome, printed, programOf, running, type } from './session-support.ts'

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
    ['ends a definition where a command begins', ['a = 1', ':controls'], 'a = 1;\n'],
    ['does not take a composition for a command', ['a = f', ': meters', ';'], 'a = f\n: meters\n;\n'],
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
