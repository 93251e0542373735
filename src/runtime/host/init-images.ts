/**
 * Memory as `init` left it in programs before, for those whose `init` is the same.
 *
 * Comes in: a program. Goes out: memory after `init`, where another that is the same but for `compute` and its literals has
 * run it; `init` never calls `compute`. A stage of its own because filling tables takes longer than all the rest of starting
 * a program, and most edits change what is computed, not them.
 */

import type { CompiledProgram } from '../../core/program.ts'
import { SECTION } from '../../core/wasm-format.ts'
import type { MemoryImage } from '../memory-image.ts'
import { readNumber, readSections, readSegments, type Section } from '../wasm-sections.ts'

type Program = Pick<CompiledProgram, 'wasm' | 'layout'>

export interface InitImages {
  /** A copy, to be given away. The sample rate is the same for all. */
  find(program: Program): MemoryImage | undefined
  /** Keeps a copy. */
  keep(program: Program, image: MemoryImage): void
}

/** Of all together. What plays and its draft take turns. */
const MOST_BYTES = 2 * 2 ** 20
const MOST_IMAGES = 3

interface Kept {
  readonly key: Buffer
  readonly image: MemoryImage
}

export function createInitImages(): InitImages {
  /** The newest first. */
  let kept: readonly Kept[] = []
  const sizeOf = ({ key, image }: Kept) => key.length + image.content.byteLength
  return {
    find: program => {
      const key = keyOf(program)
      const found = key && kept.find(other => other.key.equals(key))
      if (!found) return undefined
      kept = [found, ...kept.filter(other => other !== found)]
      return copyOf(found.image)
    },
    keep: (program, image) => {
      const key = keyOf(program)
      if (!key) return
      kept = [{ key, image: copyOf(image) }, ...kept].slice(0, MOST_IMAGES)
      while (kept.reduce((sum, each) => sum + sizeOf(each), 0) > MOST_BYTES) kept = kept.slice(0, -1)
    },
  }
}

const copyOf = ({ pieces, content }: MemoryImage): MemoryImage => ({ pieces, content: content.slice(0) })

const FUNCTION = 0

/** All but the body of `compute` and its literals; undefined where that is not found. */
function keyOf({ wasm, layout }: Program): Buffer | undefined {
  const parts: Uint8Array[] = []
  let compute: number | undefined
  for (const section of readSections(wasm)) {
    // Imported functions would come first in the numbering.
    if (section.id === SECTION.import) return undefined
    if (section.id === SECTION.export) compute = findExport(wasm, section, 'compute')
    if (section.id === SECTION.code) {
      if (compute === undefined) return undefined
      parts.push(...bodiesBut(compute, wasm, section))
    } else if (section.id === SECTION.data) {
      const segments = readSegments(wasm, section)
      if (!segments) return undefined
      const others = segments.filter(({ offset }) => offset < (layout.literals ?? layout.end))
      for (const { offset, bytes } of others) parts.push(numbers(offset, bytes.length), bytes)
    } else parts.push(wasm.subarray(section.start, section.end))
  }
  return Buffer.concat(parts)
}

const numbers = (...values: number[]) => new Uint8Array(Uint32Array.from(values).buffer)

/** The number of an exported function. */
function findExport(wasm: Uint8Array, { content }: Section, wanted: string): number | undefined {
  let [count, at] = readNumber(wasm, content)
  for (; count > 0; count--) {
    const [length, start] = readNumber(wasm, at)
    const name = Buffer.from(wasm.subarray(start, start + length)).toString()
    const kind = wasm[start + length]
    const [number, end] = readNumber(wasm, start + length + 1)
    if (kind === FUNCTION && name === wanted) return number
    at = end
  }
  return undefined
}

/** With their lengths, so that no two lists of bodies are the same bytes. */
function bodiesBut(skipped: number, wasm: Uint8Array, { content }: Section): Uint8Array[] {
  const [count, first] = readNumber(wasm, content)
  const bodies: Uint8Array[] = [wasm.subarray(content, first)]
  let at = first
  for (let number = 0; number < count; number++) {
    const [length, start] = readNumber(wasm, at)
    if (number !== skipped) bodies.push(wasm.subarray(at, start + length))
    at = start + length
  }
  return bodies
}
