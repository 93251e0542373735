/**
 * Lowers a block program to Core.
 *
 * Comes in: a block program and its language. Goes out: one Core tree for the preset with two inputs and two
 * outputs; its value is that of the last open output of area 0 in reading order. A stage of its own because
 * geometry ends here: below, there are only expressions.
 *
 * In an area, what nothing else waits for runs in reading order: blocks without outputs, and every open output.
 * What these need runs before them, inputs from top to bottom. A block with several outputs runs once: its
 * values go to temporary variables, which are unique by block id. The block id is also the id of a node's state.
 */
import type { Core } from '../core/ast.ts'
import { type GridPlace, refuseBlock } from './error.ts'
import { Grid, type PortPlace, portRows, readingOrder } from './grid.ts'
import type { BlockLanguage, BlockProgram, BlockType, PlacedBlock } from './types.ts'

/** Columns and nested areas on one path; enough for any program drawn by hand, and safe for the stack. */
const MAX_DEPTH = 1500

const literal = (value: number): Core => ({ kind: 'literal', value, type: 'real' })
const variable = (name: string): Core => ({ kind: 'variable', name })
const assign = (name: string, value: Core): Core => ({ kind: 'assign', name, value })
const statements = (list: readonly Core[]): Core => ({ kind: 'statements', list })

export function lowerBlocks(program: BlockProgram, language: BlockLanguage): Core {
  return new AreaLowering(program, language, 0, 0).lower()
}

class AreaLowering {
  private readonly program: BlockProgram
  private readonly language: BlockLanguage
  private readonly area: number
  private readonly grid: Grid
  /** Blocks whose outputs are in temporary variables already. */
  private readonly done = new Set<number>()
  private depth: number

  constructor(program: BlockProgram, language: BlockLanguage, area: number, depth: number) {
    this.program = program
    this.language = language
    this.area = area
    this.depth = depth
    const found = program.areas[area]
    if (!found) refuseBlock('blockAreaUnknown', undefined, { area })
    this.grid = new Grid(found)
  }

  lower(): Core {
    const result = `_result${this.area}_`
    const list: Core[] = [assign(result, literal(0))]
    for (const placed of readingOrder(this.grid.area.blocks)) {
      const outputs = portRows(placed.block.outputs)
      if (outputs.length === 0) list.push(this.effect(placed))
      for (const row of outputs) {
        if (this.grid.target({ placed, row })) continue
        list.push(assign(result, this.output({ placed, row })))
      }
    }
    return statements([...list, variable(result)])
  }

  private effect(placed: PlacedBlock): Core {
    const type = this.typeOf(placed)
    if (type.meaning.kind !== 'set') return this.compute(placed, type)
    return assign(this.identifier(placed), this.inputs(placed, type)[0]!)
  }

  private output({ placed, row }: PortPlace): Core {
    if (++this.depth > MAX_DEPTH) refuseBlock('blockTooDeep', this.placeOf(placed), {})
    const value = this.outputValue(placed, row)
    this.depth--
    return value
  }

  private outputValue(placed: PlacedBlock, row: number): Core {
    const type = this.typeOf(placed)
    const rows = portRows(placed.block.outputs)
    if (rows.length === 1) return this.compute(placed, type)
    const wanted = variable(temporary(placed, this.outputIndex(placed, type, row)))
    if (this.done.has(placed.block.id)) return wanted
    this.done.add(placed.block.id)
    const results = type.meaning.kind === 'call' ? type.meaning.outputs : 1
    const list = [assign(temporary(placed, 0), this.compute(placed, type))]
    for (let i = 1; i < results; i++) list.push(assign(temporary(placed, i), variable(`%${i}`)))
    return statements([...list, wanted])
  }

  /** Which of its results an output yields: by name where ports are named, for they may have been shifted. */
  private outputIndex(placed: PlacedBlock, type: BlockType, row: number): number {
    if (type.meaning.kind !== 'call') return 0
    const name = placed.block.outputs[row]!
    const named = type.outputs.indexOf(name)
    return name !== '' && named >= 0 ? named : portRows(placed.block.outputs).indexOf(row)
  }

  /** The value of a block, its first result when there are several. */
  private compute(placed: PlacedBlock, type: BlockType): Core {
    const { meaning } = type
    const { block } = placed
    const args = this.inputs(placed, type)
    switch (meaning.kind) {
      case 'number':
        return literal(meaning.value)
      case 'labelledNumber':
        return literal(this.number(placed))
      case 'forward':
        return args[0]!
      case 'set':
        return assign(this.identifier(placed), args[0]!)
      case 'get':
        return variable(this.identifier(placed))
      case 'if':
        return this.branches(placed, args[0]!)
      case 'operator':
        return { kind: 'operator', op: meaning.op, args }
      case 'call':
        return { kind: 'call', node: type.name, id: String(block.id), args }
    }
  }

  private branches(placed: PlacedBlock, condition: Core): Core {
    const [first, second] = placed.block.contains
    return {
      kind: 'if',
      condition: { kind: 'operator', op: 'ge', args: [condition, literal(0.5)] },
      whenTrue: this.inner(first, placed),
      whenFalse: this.inner(second, placed),
    }
  }

  private inner(area: number | null | undefined, placed: PlacedBlock): Core {
    if (area === null || area === undefined) return literal(0)
    if (this.depth > MAX_DEPTH) refuseBlock('blockTooDeep', this.placeOf(placed), {})
    return new AreaLowering(this.program, this.language, area, this.depth + 1).lower()
  }

  /** In the order that the type declares: named ports by name, unnamed ones from top to bottom. */
  private inputs(placed: PlacedBlock, type: BlockType): Core[] {
    const declared = type.inputs
    const rows = portRows(placed.block.inputs)
    if (rows.length !== declared.length) {
      const counts = { type: type.name, expected: declared.length, found: rows.length }
      refuseBlock('blockInputs', this.placeOf(placed), counts)
    }
    const defaults = type.meaning.kind === 'call' ? type.meaning.defaults : []
    const values: (Core | undefined)[] = declared.map(() => undefined)
    for (const row of rows) {
      const name = placed.block.inputs[row]!
      const at = declared.findIndex((port, i) => port === name && values[i] === undefined)
      if (at < 0) refuseBlock('blockPort', this.placeOf(placed), { type: type.name, port: name })
      const source = this.grid.source({ placed, row })
      values[at] = source ? this.output(source) : literal(defaults[at] ?? 0)
    }
    return values.map(value => value!)
  }

  private typeOf(placed: PlacedBlock): BlockType {
    const type = this.language.types.get(placed.block.type)
    return type ?? refuseBlock('blockTypeUnknown', this.placeOf(placed), { type: placed.block.type })
  }

  private number(placed: PlacedBlock): number {
    const text = placed.block.label.trim()
    const value = Number(text)
    if (text === '' || !Number.isFinite(value)) {
      refuseBlock('blockNumber', this.placeOf(placed), { label: placed.block.label })
    }
    return value
  }

  private identifier(placed: PlacedBlock): string {
    const name = placed.block.label
    if (!/^[^\s]+$/.test(name)) refuseBlock('blockIdentifier', this.placeOf(placed), { label: name })
    return name
  }

  private placeOf({ x, y }: PlacedBlock): GridPlace {
    return { area: this.area, x, y }
  }
}

function temporary(placed: PlacedBlock, result: number): string {
  return `_block${placed.block.id}_${result}_`
}
