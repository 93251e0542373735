import { describe, expect, test } from 'vitest'
import { FunctionBuilder } from '../../src/codegen/builder.ts'
import type { Instruction, KernelFunction, KernelModule, Value } from '../../src/codegen/kernel.ts'
import { printKernel } from '../../src/codegen/print.ts'
import { verifyKernel } from '../../src/codegen/verify.ts'

const real = (id: number): Value => ({ id, type: 'f64' })
const int = (id: number): Value => ({ id, type: 'i32' })

function faultsOf(instructions: readonly Instruction[], parameters: readonly Value[] = []): string[] {
  const f: KernelFunction = {
    name: 'f',
    parameters,
    result: undefined,
    body: { instructions, yields: [] },
    exported: true,
  }
  return verifyKernel({ functions: [f], memoryBytes: 8, data: [] })
}

const constant = (result: Value, value: number): Instruction => ({ kind: 'const', result, value })
const x = real(0)
const n = int(1)

describe('verifyKernel finds', () => {
  test.each<[string, readonly Instruction[], readonly Value[], RegExp]>([
    [
      'a use before the definition',
      [{ kind: 'op', result: real(3), op: 'f64.neg', args: [x] }],
      [],
      /v0 is used/,
    ],
    ['two definitions', [constant(x, 1), constant(x, 2)], [], /v0 is defined twice/],
    [
      'a wrong operand',
      [{ kind: 'op', result: real(3), op: 'f64.neg', args: [n] }],
      [n],
      /f64.neg: expected/,
    ],
    ['a wrong result', [{ kind: 'op', result: int(3), op: 'f64.neg', args: [x] }], [x], /result of f64.neg/],
    [
      'an unknown instruction',
      [{ kind: 'op', result: real(3), op: 'f64.sin', args: [x] }],
      [x],
      /no instruction/,
    ],
    ['a fraction as int', [constant(n, 1.5)], [], /constant 1.5 is no i32/],
    [
      'a missing function',
      [{ kind: 'call', result: undefined, function: 'g', args: [] }],
      [],
      /no function g/,
    ],
    ['a real address', [{ kind: 'store', address: x, offset: 0, value: x }], [x], /address of store/],
    [
      'a value that leaves its region',
      [
        {
          kind: 'if',
          results: [],
          condition: n,
          thenRegion: { instructions: [constant(real(4), 1)], yields: [] },
          elseRegion: { instructions: [], yields: [] },
        },
        { kind: 'op', result: real(5), op: 'f64.neg', args: [real(4)] },
      ],
      [n],
      /v4 is used/,
    ],
    [
      'branches that yield too little',
      [
        {
          kind: 'if',
          results: [real(4)],
          condition: n,
          thenRegion: { instructions: [], yields: [x] },
          elseRegion: { instructions: [], yields: [] },
        },
      ],
      [x, n],
      /else: expected \(f64\)/,
    ],
    [
      'loops that yield another type',
      [
        {
          kind: 'loop',
          results: [real(4)],
          carried: [real(5)],
          initial: [x],
          body: { instructions: [], yields: [n] },
          condition: n,
        },
      ],
      [x, n],
      /loop yields/,
    ],
  ])('%s', (_, instructions, parameters, expected) => {
    expect(faultsOf(instructions, parameters).join('\n')).toMatch(expected)
  })

  test('data outside the memory, and names used twice', () => {
    const f = new FunctionBuilder().finish('f', [], undefined)
    const data = [{ offset: 5, bytes: new Uint8Array(4) }]
    expect(verifyKernel({ functions: [f, f], memoryBytes: 8, data })).toHaveLength(2)
  })
})

test('printKernel', () => {
  const b = new FunctionBuilder()
  const [count, start] = [b.parameter('i32'), b.parameter('f64')]
  const [, sum] = b.loop([count, start], ([left, s]) => {
    const rest = b.op('i32.sub', left!, b.i32(1))
    const [next] = b.if(
      rest,
      () => [b.op('f64.add', s!, b.load('f64', rest, 8, true))],
      () => [b.f64(-0)],
    )
    return { next: [rest, next!], condition: rest }
  })
  b.store(count, 16, sum!)
  const module: KernelModule = {
    functions: [b.finish('main', [count, start], b.call('main', 'f64', [count, sum!]), true)],
    memoryBytes: 64,
    data: [{ offset: 0, bytes: new Uint8Array(4) }],
  }
  expect(verifyKernel(module)).toEqual([])
  expect(printKernel(module)).toBe(`memory 64 bytes
data 0: 4 bytes

export function main(v0: i32, v1: f64): f64
  v10, v11 = loop v2 = v0, v3 = v1
    v4 = i32 1
    v5 = i32.sub v2, v4
    v9 = if v5
      v6 = f64 load constant [v5 + 8]
      v7 = f64.add v3, v6
      yield v7
    else
      v8 = f64 -0
      yield v8
    yield v5, v9
    while v5
  store [v0 + 16] v11
  v12 = call main(v0, v11)
  return v12
`)
})
