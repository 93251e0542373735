/**
 * Functions described without their arguments.
 */
import { expect, it } from 'vitest'
import { parametersIn } from '../../src/cli/repl/parameters.ts'
import { dspc } from './support.ts'

it.each([
  ['f(x, y) = x + y;', ['x', 'y']],
  ['f = _;', undefined],
  ['g(x) = f(x);', undefined],
  ['fact(0) = 1; \nf(n) = n;', ['n']],
  ['f(0, b) = b;\nf(n, (x, xs)) = f(n - 1, xs);', ['n', '(x, xs)']],
  ['f(a,\n  b) =\n _;', ['a', 'b']],
  ['f(a) == 1', undefined],
  ['f(a', undefined],
])('parameters of f in %j', (text, expected) => {
  expect(parametersIn(text, 'f')).toEqual(expected)
})

it('says how functions are called that cannot be evaluated without arguments', async () => {
  const lines = [
    'import("stdfaust.lib");',
    ':type fi.lowpass',
    ':type fi.lowpass(2)',
    'rep(n) = par(i, n, _);',
    'rep',
    'bad(n) = nope(n);',
    ':type bad',
    ':quit',
  ]
  const { stdout, stderr, code } = await dspc(['repl', '--no-play'], { input: `${lines.join('\n')}\n` })
  expect(stdout).toBe(
    [
      'function of 2 arguments: N, fc',
      '  usage: _ : lowpass(N, fc) : _',
      'function of 1 argument; as a block 2 → 1',
      'function of 1 argument: n',
      '',
    ].join('\n'),
  )
  expect(stderr).toContain('DSP0301')
  expect(code).toBe(1)
})
