/**
 * Two loops over the same piece as one.
 *
 * Comes in: two loops and what stands between them. Goes out: one that does a turn of each in its turns, and what goes
 * before and after it; nothing, if a turn would meet what the other loop has not done yet, or has done too early.
 * Apart from fusion, which says when it pays.
 */
import type { Instruction, Region, Value } from './kernel.ts'
import { type Definitions, linearSum } from './memory-order.ts'
import { everyInstruction, operands, valuesUsed } from './regions.ts'
import { rewriteRegion, withOperands } from './rewrite.ts'
import type { Loop } from './unroll.ts'

export interface Joined {
  readonly before: readonly Instruction[]
  readonly loop: Loop
  readonly after: readonly Instruction[]
  /** Spaces from which the loop does not load any more what it has, once for each load. */
  readonly spared: readonly string[]
}

export interface Joining {
  readonly defined: Definitions
  /** How often the function loads from a space. */
  readonly reads: Map<string, number>
  /** Of the loops that were joined: all are one. */
  readonly counters: Set<Value>
}

type Load = Extract<Instruction, { kind: 'load' }>
type Access = Load | Extract<Instruction, { kind: 'store' }>

export function joinLoops(
  joining: Joining,
  earlier: Loop,
  between: readonly Instruction[],
  later: Loop,
): Joined | undefined {
  const bytes = bytesOfTurn(joining, earlier)
  const isAlike =
    bytes !== undefined &&
    bytes === bytesOfTurn(joining, later) &&
    limitOf(joining, earlier) === limitOf(joining, later)
  if (!isAlike || earlier.initial[0] !== later.initial[0]) return undefined
  const around = split(earlier, between, later)
  if (!around) return undefined
  joining.counters.add(earlier.carried[0]!).add(later.carried[0]!)
  if (!keepTurns(joining, earlier, later, bytes)) return undefined
  const names = handedOn(earlier, later)
  const second = renamed(later.body, names)
  const [, ...results] = later.results
  const spared = second.instructions.flatMap(i => (isNamed(names, i) ? [i.space!] : []))
  const idle = idleRooms(joining, spared)
  const first = earlier.body.instructions.filter(i => i.kind !== 'store' || !idle.has(i.space))
  const body = {
    instructions: [...first, ...second.instructions.filter(i => !isNamed(names, i))],
    yields: [...earlier.body.yields, ...second.yields.slice(1)],
  }
  const loop: Loop = {
    ...earlier,
    body,
    results: [...earlier.results, ...results],
    carried: [...earlier.carried, ...later.carried.slice(1)],
    initial: [...earlier.initial, ...later.initial.slice(1)],
  }
  return { ...around, loop, spared }
}

/** Rooms from which nothing else reads. */
function idleRooms({ reads }: Joining, spared: readonly string[]): Set<string | undefined> {
  const counts = new Map<string, number>()
  for (const space of spared) counts.set(space, (counts.get(space) ?? 0) + 1)
  return new Set([...counts].flatMap(([space, count]) => (reads.get(space) === count ? [space] : [])))
}

/** Bytes of frames that a turn works on. */
function bytesOfTurn({ defined }: Joining, { carried, body }: Loop): number | undefined {
  const { factors, constant } = linearSum(body.yields[0]!, defined)
  return factors.size === 1 && factors.get(carried[0]!) === 1 ? constant : undefined
}

function limitOf({ defined }: Joining, { condition, body }: Loop): Value | undefined {
  const test = defined.get(condition)
  return test?.kind === 'op' && test.op === 'i32.lt_u' && test.args[0] === body.yields[0]
    ? test.args[1]
    : undefined
}

/** What stands between two loops goes before both, or after both if it needs what the first gives. */
function split(
  earlier: Loop,
  between: readonly Instruction[],
  later: Loop,
): { before: Instruction[]; after: Instruction[] } | undefined {
  const late = new Set(earlier.results)
  const [before, after]: Instruction[][] = [[], []]
  const accessed = spacesOf(earlier.body)
  for (const i of between) {
    if (operands(i).some(value => late.has(value))) {
      if (i.kind !== 'op') return undefined
      late.add(i.result)
      after!.push(i)
    } else if (i.kind === 'op' || i.kind === 'const' || mayGoBefore(accessed, i)) before!.push(i)
    else return undefined
  }
  if ([...later.initial, ...valuesUsed(later)].some(value => late.has(value))) return undefined
  return { before: before!, after: after! }
}

interface Spaces {
  readonly loads: ReadonlySet<string | undefined>
  readonly stores: ReadonlySet<string | undefined>
}

function spacesOf(body: Region): Spaces {
  const spaces = { loads: new Set<string | undefined>(), stores: new Set<string | undefined>() }
  for (const i of everyInstruction(body)) {
    if (i.kind === 'load' && !i.constant) spaces.loads.add(i.space)
    if (i.kind === 'store') spaces.stores.add(i.space)
  }
  return spaces
}

function mayGoBefore({ loads, stores }: Spaces, i: Instruction): boolean {
  if (i.kind !== 'load' && i.kind !== 'store') return false
  const meets = (spaces: ReadonlySet<string | undefined>) => spaces.has(i.space) || spaces.has(undefined)
  return i.space !== undefined && !meets(stores) && (i.kind === 'load' || !meets(loads))
}

/** Whether later turns of the earlier loop leave alone what the later loop has read and written. */
function keepTurns({ defined, counters }: Joining, earlier: Loop, later: Loop, bytes: number): boolean {
  const first = accessesOfRooms(earlier.body)
  const second = accessesOfRooms(later.body)
  for (const [space, list] of second) {
    for (const b of list) {
      for (const a of first.get(space) ?? []) {
        if (a.kind === 'load' && b.kind === 'load') continue
        const [start, end] = [placeOf(a), placeOf(b)]
        if (start === undefined || end === undefined || start + bytes < end + sizeOf(b)) return false
      }
    }
  }
  return true

  function placeOf({ address, offset }: Access): number | undefined {
    const { factors, constant } = linearSum(address, defined)
    const [[value, factor] = []] = factors
    return factors.size === 1 && factor === 1 && counters.has(value!) ? constant + offset : undefined
  }
}

/** Rooms are where loops of a piece hand values on. */
const isRoom = (space: string | undefined): boolean => space?.startsWith('$room ') ?? false

function accessesOfRooms(body: Region): Map<string, Access[]> {
  const found = new Map<string, Access[]>()
  for (const i of everyInstruction(body)) {
    if ((i.kind !== 'load' && i.kind !== 'store') || !isRoom(i.space)) continue
    const list = found.get(i.space!)
    if (list) list.push(i)
    else found.set(i.space!, [i])
  }
  return found
}

const sizeOf = (access: Access): number => {
  const { type } = access.kind === 'load' ? access.result : access.value
  return type === 'v128' ? 16 : type.endsWith('64') ? 8 : 4
}

/** What values of the later loop are in the joined one: the counter, and what was stored in the same turn. */
function handedOn(earlier: Loop, later: Loop): Map<Value, Value> {
  const names = new Map([[later.carried[0]!, earlier.carried[0]!]])
  const stored = new Map<string, Value>()
  const key = ({ space, offset }: Access, { type }: Value) => `${space} ${offset} ${type}`
  for (const i of earlier.body.instructions)
    if (i.kind === 'store' && i.address === earlier.carried[0] && isRoom(i.space))
      stored.set(key(i, i.value), i.value)
  const written = spacesOf(later.body).stores
  for (const i of later.body.instructions) {
    if (i.kind !== 'load' || i.address !== later.carried[0] || written.has(i.space)) continue
    const value = stored.get(key(i, i.result))
    if (value) names.set(i.result, value)
  }
  return names
}

const isNamed = (names: ReadonlyMap<Value, Value>, i: Instruction): i is Load =>
  i.kind === 'load' && names.has(i.result)

function renamed(body: Region, names: ReadonlyMap<Value, Value>): Region {
  const name = (value: Value) => names.get(value) ?? value
  return rewriteRegion(body, {
    plain: i => withOperands(i, name),
    compound: i => withOperands(i, name),
    yields: region => region.yields.map(name),
  })
}
