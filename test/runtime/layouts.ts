/** Layouts made by hand, for tests of migration: cells one after another, and what they are found again by. */
import type { StateOrigin } from '../../src/core/ast.ts'
import { POSITION_ID } from '../../src/core/layout.ts'
import type { Cell, Layout } from '../../src/core/program.ts'

export const SIZES = { i32: 4, f32: 4, f64: 8 }

export interface CellParts extends Partial<Omit<Cell, 'offset' | 'bytes'>> {
  readonly id: string
  readonly elements?: number
}

export function layoutOf(...parts: CellParts[]): Layout {
  let end = 0
  const cells = parts.map(({ elements = 1, ...part }): Cell => {
    const cell = { kind: 'memory' as const, element: 'f64' as const, ...part }
    const bytes = elements * SIZES[cell.element]
    const offset = end
    end += Math.ceil(bytes / 8) * 8
    return { ...cell, offset, bytes }
  })
  return { cells, inputPointers: end, outputPointers: end, end }
}

export function origin(path: string, parts: Partial<StateOrigin> = {}): StateOrigin {
  return { owner: path, path, label: path, form: 'filter', exact: 1, own: 1, shape: 1, ...parts }
}

export const position: CellParts = { id: POSITION_ID, kind: 'counter', element: 'i32' }
export const line = (elements: number, length = elements, element: Cell['element'] = 'f64'): CellParts => ({
  id: 'line',
  kind: 'delay',
  element,
  elements,
  length,
  origins: [origin('echo', { form: 'past' })],
})
