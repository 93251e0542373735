/** Expressions as text and as JSON. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Core } from '../../src/core/ast.ts'
import * as build from '../../src/core/build.ts'
import { dumpCore, kindName } from '../../src/core/dump.ts'
import { fromJson, toJson } from '../../src/core/json.ts'
import {
  DSPNodeContext,
  getStandardLibrary,
  JIT,
  PROGRAM_SCHEMA,
  programFromJson,
  programToJson,
} from '../../src/library/index.ts'
import { schemaFaults } from './schema.ts'

const { assign, call, iff, literal, opAdd, stmts, variable } = build

describe('dump', () => {
  it('shows calls with the index of each argument in front', () => {
    expect(dumpCore(assign('&sig1', call('phase', 1, [440, 0])))).toBe(
      '   assign:&sig1\n      call1:phase\n[0]          lit:440.0000\n[1]          lit:0.0000\n',
    )
  })

  it.each<readonly [string, Core]>([
    ['lit:0.3000', literal(0.3)],
    ['lit:11.0000', literal(11)],
    ['lit:   NaN', literal(NaN)],
    ['lit:   inf', literal(Infinity)],
    ['var:x', variable('x')],
    ['binop:Add', opAdd(1, 2)],
    ['binop:Sub', build.opSub(1, 2)],
    ['binop:Ne', build.opNe(1, 2)],
    ['binop:Ge', build.opGe(1, 0.5)],
    ['if', iff(1, 2)],
    ['bufdecl3:10', build.bufDeclare(3, 10)],
    ['len:Buffer(0)', build.bufLen(0)],
    ['len:Table(2)', build.tableLen(2)],
    ['buf:Write(0)', build.bufWrite(0, 1, 2)],
    ['buf:Read(0)', build.bufRead(0, 1)],
    ['buf:ReadLin(0)', build.bufReadLin(0, 1)],
    ['buf:TableRead(0)', build.tableRead(0, 1)],
    ['buf:TableReadLin(0)', build.tableReadLin(0, 1)],
    ['stmts:2', stmts([1, 2])],
  ])('%s', (line, ast) => expect(dumpCore(ast).split('\n')[0]).toBe(`   ${line}`))

  it('shows what an if tests, as written', () => {
    expect(dumpCore(iff(variable('x'), 1, 2))).toBe(
      '   if\n      var:x\n      lit:1.0000\n      lit:2.0000\n',
    )
    expect(dumpCore(iff(build.opGe(variable('x'), 0.5), 1)).split('\n')[1]).toBe('      binop:Ge')
  })

  it('names kinds as the original', () => {
    const kinds = [
      literal(1),
      variable('x'),
      assign('x', 1),
      build.opLt(1, 2),
      iff(1, 2),
      call('sin', 0, [1]),
    ]
    expect(kinds.map(kindName)).toEqual(['lit', 'var', 'assign', 'binop', 'if', 'call'])
    const others = [build.bufDeclare(0, 1), build.bufLen(0), build.bufRead(0, 0), stmts([])]
    expect(others.map(kindName)).toEqual(['bufdecl', 'len', 'bufop', 'stmts'])
  })

  it('is part of what a function tells', () => {
    const context = new DSPNodeContext()
    context.setDebug(true)
    const f = new JIT(getStandardLibrary(), context).compile(literal(1))
    expect(f.debugInfo()).toBe(
      `---------- AST ----------\n   lit:1.0000\n\n------- JIT IR -------\n${context.getIrDump()}\n---------- END ----------`,
    )
    expect(context.getIrDump()).toContain('export function compute')
  })
})

describe('JSON', () => {
  it('keeps what JSON has no numbers for', () => {
    for (const value of [NaN, Infinity, -Infinity, -0, 5e-324]) {
      const back = fromJson(JSON.parse(JSON.stringify(toJson(literal(value)))))
      expect(back.kind === 'literal' && Object.is(back.value, value)).toBe(true)
    }
  })

  it('keeps sharing, and is flat however deep', () => {
    let deep: Core = variable('x')
    for (let i = 0; i < 20_000; i++) deep = opAdd(deep, 1)
    const shared = opAdd(deep, deep)
    const { nodes } = JSON.parse(JSON.stringify(toJson(shared)))
    expect(nodes.length).toBe(40_002)
    expect(dumpLength(fromJson({ version: 1, nodes }))).toBe(40_002)
  })

  it('declares what a program declares', () => {
    const program = {
      name: 'echo',
      inputs: ['in'],
      outputs: ['left', 'right'],
      parameters: { gain: { default: 0.5, range: [0, 1] as const, unit: '' }, plain: { default: 2 } },
      buffers: { line: { length: 100 }, filled: { length: 3, initial: [1, 2, NaN] } },
      tables: { wave: [0, 1, 0, -1] },
      ast: stmts([assign('&left', variable('in'))]),
    }
    const json = JSON.parse(JSON.stringify(programToJson(program)))
    expect(programFromJson(json)).toEqual(program)
    expect(schemaFaults(json, PROGRAM_SCHEMA)).toEqual([])
  })

  it('is what the schema says, and the schema is the one in docs', () => {
    const all = stmts([
      ...[assign('x', -0), iff(1, 2, 3), iff(1, 2), call('accum', 'a', [1, 0]), build.bufDeclare(0, 3)],
      ...[build.bufLen(0), build.bufRead(0, 1), build.bufReadLin(1, NaN), build.bufWrite(0, 1, 2), stmts([])],
    ])
    expect(schemaFaults(JSON.parse(JSON.stringify(toJson(all))), PROGRAM_SCHEMA)).toEqual([])
    expect(
      schemaFaults({ version: 1, nodes: [{ kind: 'literal', value: '1' }] }, PROGRAM_SCHEMA),
    ).not.toEqual([])
    expect(schemaFaults({ version: 1, nodes: [{ kind: 'if', args: [0] }] }, PROGRAM_SCHEMA)).not.toEqual([])
    const written = JSON.parse(
      readFileSync(new URL('../../docs/program.schema.json', import.meta.url), 'utf8'),
    )
    expect(written).toEqual(JSON.parse(JSON.stringify(PROGRAM_SCHEMA)))
  })
})

/** Distinct nodes. */
function dumpLength(root: Core): number {
  return toJson(root).nodes.length
}
