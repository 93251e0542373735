/**
 * The JSON description against the official compiler's, of the same user interface.
 */
import { describe, expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import type { CompiledProgram, Control, UiItem } from '../../src/core/program.ts'
import { compile } from '../../src/index.ts'
import {
  type DescribedControl,
  type DescribedItem,
  type Description,
  describe as describeProgram,
  sixDigits,
  VERSION,
} from '../../src/runtime/description.ts'
import { shortNames } from '../../src/runtime/shortnames.ts'
import { compileOfficially } from '../support/faust.ts'
import { makeProgram } from './programs.ts'

const INTERFACES: Readonly<Record<string, string>> = {
  'all kinds of controls': `declare author "somebody";
    process = hgroup("top", _ * button("gate") + checkbox("on off") + vslider("v", 0.1, -1, 1, 0.001)
      + hslider("[1]freq[unit:Hz][scale:log]", 440, 20, 20000, 0.01) + nentry("x/y", 1, 0, 10, 1)
      : vbargraph("meter[unit:dB]", -60, 0) : hbargraph("other", 0, 1));`,
  'numbers of many digits': 'process = hslider("a", 440.1234567, 1/3, 1e6, 0.00001);',
  'no controls': 'process = _, 0.5;',
  'equal labels in several groups': `process = hslider("a",0,0,1,0.1), vgroup("q",hslider("a",0,0,1,0.1)),
    vgroup("r",hgroup("s",hslider("a",0,0,1,0.1)),hgroup("q",hslider("a",0,0,1,0.1)));`,
  'awkward labels': `process = hslider("b[hidden:1]#",0,0,1,0.1), hslider("",0,0,1,0.1),
    vgroup("",hslider("b c",0,0,1,0.1)), vgroup("3d",hslider("3d",0,0,1,0.1)), hslider("a  b-c!",0,0,1,0.1);`,
  'names that only signs tell apart': `process = hslider("c",0,0,1,0.1), hslider("x!",0,0,1,0.1),
    hslider("x",0,0,1,0.1), vgroup("g#", hslider("y",0,0,1,0.1)), vgroup("h", hslider("y",0,0,1,0.1));`,
}

async function official(source: string): Promise<Description> {
  const result = await compileOfficially(source, { name: 'foo' })
  if (!result.ok) throw new Error(result.message)
  return JSON.parse(result.json) as Description
}

/** A program that has the user interface of a description. */
function programFrom(description: Description): CompiledProgram {
  const controls: Control[] = []
  const take = (item: DescribedItem): UiItem => {
    const metadata = (item.meta ?? []).flatMap(entry => Object.entries(entry))
    if ('items' in item) {
      return { kind: 'group', group: item.type, label: item.label, metadata, items: item.items.map(take) }
    }
    const { type: kind, label, address, index: offset, init = 0, min = 0, max = 1, step = 1 } = item
    controls.push({ kind, label, address, offset, init, min, max, step, metadata })
    return { kind: 'control', control: controls.length - 1 }
  }
  const ui = description.ui.map(take)
  return { ...makeProgram({ frame: '' }), name: 'foo', controls, ui }
}

function leaves(items: readonly DescribedItem[]): DescribedControl[] {
  return items.flatMap(item => ('items' in item ? leaves(item.items) : [item]))
}

/** Names of variables are numbered in an order that only the official compiler knows. */
function withoutVariables(items: readonly DescribedItem[]): unknown {
  return items.map(item => {
    if ('items' in item) return { ...item, items: withoutVariables(item.items) }
    const { varname, ...rest } = item
    return { ...rest, prefix: varname.replace(/\d+$/, '') }
  })
}

describe.each(Object.entries(INTERFACES))('%s', (_, source) => {
  test('the tree is described as the official compiler does', async () => {
    const expected = await official(source)
    const { ui } = describeProgram(programFrom(expected))
    expect(withoutVariables(ui)).toEqual(withoutVariables(expected.ui))
    expect(leaves(ui).map(c => Object.keys(c))).toEqual(leaves(expected.ui).map(c => Object.keys(c)))
  })

  test('compiling it gives the same controls', async () => {
    const expected = await official(source)
    const result = await compile(source, { filename: 'foo.dsp' })
    if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
    const withoutIndex = (items: readonly DescribedItem[]) =>
      leaves(items).map(c => ({ ...c, index: 0, varname: '' }))
    expect(withoutIndex(result.program.json().ui)).toEqual(withoutIndex(expected.ui))
  })
})

test('has every key that hosts read', async () => {
  const expected = await official(INTERFACES['all kinds of controls']!)
  const described = describeProgram(programFrom(expected))
  const optional = ['library_list']
  expect(Object.keys(described).filter(key => !optional.includes(key))).toEqual(Object.keys(expected))
  expect(described.meta.flatMap(entry => Object.keys(entry))).toEqual(['compile_options', 'filename', 'name'])
  expect(described.compile_options).toContain('-double')
})

test('metadata is sorted, and what the program declares wins', () => {
  const metadata = [
    ['name', 'Declared'],
    ['author', 'somebody'],
  ] as const
  const { meta } = describeProgram({ ...makeProgram({ frame: '' }), metadata })
  expect(meta.map(entry => Object.keys(entry)[0])).toEqual(['author', 'compile_options', 'filename', 'name'])
  expect(meta[3]).toEqual({ name: 'Declared' })
})

test('short names never collide', () => {
  const names = shortNames(['/foo/foo_x', '/foo/q/x', '/foo/x', '/foo/x!'])
  expect(new Set(names).size).toBe(4)
})

test.each([
  [440.1234567, '440.123'],
  [1 / 3, '0.333333'],
  [1e6, '1000000'],
  [2147483647, '2147480000'],
  [Number.POSITIVE_INFINITY, '1.79769e+308'],
])('%d is written as %s', (value, text) => {
  expect(JSON.stringify(sixDigits(value))).toBe(text)
})

test('the version is that of the package', () => {
  expect(VERSION).toBe(manifest.version)
})
