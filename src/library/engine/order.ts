/**
 * A compiled function as an order to the audio side: plain data, which may go to another thread.
 *
 * Comes in: an image, and the one that was ordered before it. Goes out: the module and all that happens to memory when
 * it takes over, as addresses. A stage of its own because here the objects of the compiling side end: what runs
 * sound only copies bytes.
 */
import type { Cell } from '../../core/program.ts'
import { VALUE } from '../declaration.ts'
import type { FunctionImage } from '../image.ts'
import { elementBytes, isOfNode } from '../places.ts'

/** Kinds of messages to the audio side: [kind, number, …]. The number comes back when it is done. */
export const UPDATE = {
  /** number */
  run: 1,
  /** number, directory entry, address; the length stands before the address, in elements. */
  buffer: 2,
  /** number */
  reset: 3,
} as const

/** Kinds of messages back: [kind, number, …]. */
export const RETURN = { done: 1, failed: 2 } as const

export interface FillOrder {
  readonly offset: number
  readonly element: Cell['element']
  readonly length: number
  readonly initial: readonly number[]
}

export interface FunctionOrder {
  readonly number: number
  readonly module: WebAssembly.Module
  /** Indices into a view of doubles. */
  readonly inputs: readonly number[]
  readonly outputs: readonly number[]
  readonly parameters: readonly number[]
  readonly value: number
  readonly passedThrough: readonly number[]
  readonly blockFrames: number
  /** Index of a double; -1 without. */
  readonly resetFlag: number
  /** Doubles that go on from the function before: from, to, count. */
  readonly carried: readonly (readonly [from: number, to: number, count: number])[]
  /** Bytes that move once: from, to, count. */
  readonly moved: readonly (readonly [from: number, to: number, bytes: number])[]
  /** Buffers that get another length; contents go along as far as they fit. */
  readonly resized: readonly ResizeOrder[]
  /** What a reset does. */
  readonly fills: readonly FillOrder[]
  /** First double and count of the persistent variables. */
  readonly persistent: readonly [first: number, count: number]
  /** It calls TypeScript, so it can only run where that is. */
  readonly hasCallbacks: boolean
}

export interface ResizeOrder {
  readonly entry: number
  readonly address: number
  readonly length: number
  readonly elementBytes: number
}

export function orderOf(
  number: number,
  image: FunctionImage,
  previous: FunctionImage | undefined,
): FunctionOrder {
  const doubles = (offsets: readonly number[]) => offsets.map(offset => offset / 8)
  const outputs = doubles(image.outputs)
  const { declaration, persistent } = image
  const value = declaration.outputs.lastIndexOf(VALUE)
  return {
    number,
    module: image.module,
    inputs: doubles(image.inputs.slice(0, declaration.inputs.length)),
    outputs,
    parameters: declaration.parameters.map(p => image.parameters.get(p.name)! / 8),
    value: outputs[value < 0 ? outputs.length - 1 : value] ?? 0,
    passedThrough: image.passedThrough.map(i => outputs[i]!),
    blockFrames: image.blockFrames,
    resetFlag: image.resetFlag === undefined ? -1 : image.resetFlag / 8,
    carried: previous ? carriedOver(image, previous) : [],
    moved: image.updates.flatMap(update => {
      if (update.kind !== 'cell' || update.move.done) return []
      const { from, to } = update.move
      if (from.element !== to.element) return []
      const bytes = Math.min(from.length, to.length) * elementBytes(to.element)
      return [[from.place.offset, to.place.offset, bytes] as const]
    }),
    resized: image.updates.flatMap(update => {
      if (update.kind !== 'slot') return []
      const { slot, place, length } = update
      return [{ entry: slot.entry, address: place.offset, length, elementBytes: slot.isTable ? 4 : 8 }]
    }),
    fills: image.cells.filter(isOfNode).map(({ place, element, length, initial }) => ({
      ...{ offset: place.offset, element, length, initial },
    })),
    persistent: [persistent.offset / 8, persistent.names.length],
    hasCallbacks: image.calls.some(call => call.host !== undefined),
  }
}

function carriedOver(image: FunctionImage, previous: FunctionImage): FunctionOrder['carried'] {
  const count = Math.min(image.persistent.names.length, previous.persistent.names.length)
  const variables = [previous.persistent.offset / 8, image.persistent.offset / 8, count] as const
  const parameters = [...image.parameters].flatMap(([name, to]) => {
    const from = previous.parameters.get(name)
    return from === undefined ? [] : [[from / 8, to / 8, 1] as const]
  })
  return [variables, ...parameters]
}
