/**
 * The panel without a terminal: what keys do, and what is drawn.
 */
import { describe, expect, it } from 'vitest'
import { createPanel, nudge, partOf, press, snap, valueAt } from '../../src/cli/panel/model.ts'
import { renderPanel } from '../../src/cli/panel/render.ts'
import type { Control, UiItem } from '../../src/core/program.ts'

const control = (label: string, more: Partial<Control> = {}): Control => ({
  kind: 'hslider',
  address: `/p/${label}`,
  label,
  init: 0,
  min: 0,
  max: 1,
  step: 0.01,
  metadata: [],
  offset: 0,
  ...more,
})

const freq = control('freq', {
  init: 440,
  min: 20,
  max: 20_000,
  step: 1,
  metadata: [
    ['scale', 'log'],
    ['unit', 'Hz'],
  ],
})
const gate = control('gate', { kind: 'button', step: 1 })
const level = control('level', { kind: 'hbargraph', min: -60, max: 0, metadata: [['unit', 'dB']] })
const shape = control('shape', { max: 2, step: 1, metadata: [['style', "menu{'sine':0;'saw':1}"]] })
const hidden = control('secret', { metadata: [['hidden', '1']] })
const controls = [freq, gate, level, shape, hidden]
const ui: UiItem[] = [
  {
    kind: 'group',
    group: 'vgroup',
    label: 'synth',
    metadata: [],
    items: controls.map((_, i) => ({ kind: 'control', control: i })),
  },
]
const panel = createPanel({ name: 'synth', controls, ui })
const keys = (...names: string[]) => names.reduce((p, key) => press(p, key).panel, panel)
const selectedLabel = (p: typeof panel) => {
  const row = p.rows[p.selected]
  return row?.kind === 'control' ? row.control.label : undefined
}

describe('panel', () => {
  it('selects what can be moved, around the ends', () => {
    expect(selectedLabel(panel)).toBe('freq')
    expect(selectedLabel(keys('down'))).toBe('gate')
    expect(selectedLabel(keys('down', 'down'))).toBe('shape')
    expect(selectedLabel(keys('down', 'down', 'down'))).toBe('freq')
    expect(selectedLabel(keys('up'))).toBe('shape')
  })

  it('moves on a logarithmic scale by equal ratios', () => {
    expect(partOf(freq, Math.sqrt(20 * 20_000))).toBeCloseTo(0.5, 12)
    expect(valueAt(freq, 0.5)).toBeCloseTo(Math.sqrt(20 * 20_000), 9)
    const up = press(panel, 'pageup').changes[0]!
    expect(up.address).toBe('/p/freq')
    expect(up.value).toBe(Math.round(440 * 1000 ** 0.1))
  })

  it('moves by a step at least, and stays in range', () => {
    expect(nudge(shape, 0, 0.01)).toBe(1)
    expect(nudge(shape, 2, 0.01)).toBe(2)
    expect(nudge(freq, 20, 0.01)).toBe(21)
    expect(snap(freq, 1e9)).toBe(20_000)
    expect(snap(control('x', { step: 0.1 }), 0.30000000000000004)).toBe(0.3)
  })

  it('takes typed values, switches and the first value', () => {
    expect(press(keys('3', '3', '0'), 'return').changes).toEqual([{ address: '/p/freq', value: 330 }])
    expect(press(keys('9', '9', '9', '9', '9'), 'return').changes[0]!.value).toBe(20_000)
    expect(press(keys('-', '-'), 'return').changes).toEqual([])
    expect(press(keys('down'), 'space').changes).toEqual([{ address: '/p/gate', value: 1 }])
    expect(press(keys('down', 'space'), 'space').changes).toEqual([{ address: '/p/gate', value: 0 }])
    expect(press(keys('home'), 'r').changes).toEqual([{ address: '/p/freq', value: 440 }])
  })

  it('ends with q and Ctrl-C; Escape first ends typing', () => {
    expect(press(panel, 'q').quit).toBe(true)
    expect(press(panel, 'ctrl-c').quit).toBe(true)
    expect(press(keys('3'), 'escape').quit).toBe(false)
    expect(press(panel, 'escape').quit).toBe(true)
  })

  it('draws groups, units, menus and meters', () => {
    const shown = { ...panel, values: { ...panel.values, '/p/shape': 1, '/p/level': -30 }, peaks: [0.5] }
    const text = renderPanel(shown, { columns: 80, rows: 20, color: false }).join('\n')
    expect(text).toContain('synth')
    expect(text).toMatch(/freq .*●.* 440 Hz/)
    expect(text).toMatch(/shape .*saw/)
    expect(text).toMatch(/level +█{20}·+ -30 dB/)
    expect(text).toMatch(/out 1 .* -6\.0 dB/)
    expect(text).not.toContain('secret')
  })

  it.each([
    [80, 24],
    [40, 10],
    [20, 6],
    [10, 4],
    [200, 60],
  ])('fits into %i × %i', (columns, rows) => {
    const shown = { ...panel, peaks: [0.1, 2], message: 'x'.repeat(300) }
    const lines = renderPanel(shown, { columns, rows, color: false })
    expect(lines.length).toBe(rows)
    for (const line of lines) expect([...line].length).toBeLessThanOrEqual(Math.max(20, columns))
  })

  it('keeps the selected row in sight', () => {
    const many = Array.from({ length: 50 }, (_, i) => control(`c${i}`))
    const items: UiItem[] = many.map((_, i) => ({ kind: 'control', control: i }))
    const long = { ...createPanel({ name: 'n', controls: many, ui: items }), selected: 42 }
    expect(renderPanel(long, { columns: 60, rows: 12, color: false }).join('\n')).toContain('c42')
  })

  it('keeps values and place when the program changes', () => {
    const moved = press(keys('down', 'down'), 'end').panel
    const next = createPanel(
      {
        name: 'synth',
        controls: [shape, freq],
        ui: [
          { kind: 'control', control: 1 },
          { kind: 'control', control: 0 },
        ],
      },
      moved,
    )
    expect(selectedLabel(next)).toBe('shape')
    expect(next.values['/p/shape']).toBe(2)
  })
})
