/** Delays of delays become one. */
import { expect, it } from 'vitest'
import { lowerSource } from '../../src/compile.ts'
import { attempt } from '../../src/diagnostics.ts'

const RATE = 'SR = fconstant(int fSamplingFreq, <math.h>);'

function stateOf(process: string): string[] {
  const { value } = attempt(log => lowerSource(`${RATE} process = ${process};`, {}, log))
  const { kept, buffers } = value!.core
  return [...kept.map(() => 'variable'), ...buffers.map(() => 'line')]
}

it.each([
  ['the output of a delay line that is fed back', '(+ : @(SR / 100 : int)) ~ *(0.5)', ['line']],
  ['a sample more outside a loop', '@(SR / 100 : int) : mem', ['line']],
  ['a line that may be no delay at all', '(+ : @(SR / 100 - 1 : int : max(0))) ~ *(0.5)', ['line']],
  ['a delay that changes, not', '@(int(hslider("n", 20, 0, 99, 1))) : mem', ['variable', 'line']],
  ['what is made of the output, not', '(+ : @(SR / 100 : int) : +(1)) ~ *(0.5)', ['variable', 'line']],
])('%s', (_, process, expected) => {
  expect(stateOf(process)).toEqual(expected)
})
