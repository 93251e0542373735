/**
 * The thread that compiles what is saved while a program plays.
 *
 * Comes in: texts. Goes out: drafts, and the finished programs when they are asked for. A thread of its own because Ctrl-C
 * is heard while it is busy, and because its heap is made for it (`compiler.ts`). While nobody waits it compiles a
 * program a few times for nothing: code that has run often runs several times as fast.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort } from 'node:worker_threads'
import type { LiveMemory } from '../../compile.ts'
import { type PackedProgram, packProgram } from '../../runtime/packed-program.ts'
import { jobOf } from '../compile-program.ts'
import { type Drafted, draftJob, type Finish } from '../drafts.ts'
import { leaveFlagsAlone } from '../first-compilation.ts'
import { isSameReading, type Reading, type Source } from '../load.ts'
import type { CompileFlags } from '../options-compile.ts'
import { type LoggedProgram, loggedProgram } from '../session-log.ts'

export interface ToCompile {
  readonly source: Source
  readonly flags: CompileFlags
}

export type Order =
  | ({ readonly kind: 'warmUp' | 'draft' } & ToCompile)
  /** `draft`: the number of the order that made the draft. */
  | { readonly kind: 'finish' | 'giveUp'; readonly draft: number }

export interface DraftAnswer {
  readonly kind: 'draft'
  readonly drafted: Omit<Drafted, 'finish' | 'program'>
  readonly program: PackedProgram | undefined
  readonly canBeFinished: boolean
  readonly origin: LoggedProgram | undefined
  /** Absent: what was found for the draft before. */
  readonly reading: Reading | undefined
}

export type Answer =
  | DraftAnswer
  | { readonly kind: 'finished'; readonly program: PackedProgram }
  | { readonly kind: 'warm' | 'givenUp' }
  | { readonly kind: 'fault'; readonly error: unknown }

export interface Numbered<T> {
  readonly id: number
  readonly message: T
}

const ROUNDS = 60
/**
 * Finishing takes longer than a draft, and nobody waits for it; but what it is made of has to be optimised as well, or the
 * engine does that beside the next drafts.
 */
const DRAFTS_A_FINISH = 2
/** That somebody may wait for come first: a pass of finishing takes up to 0.3 s the first time. */
const FIRST_DRAFTS = 6
/** Messages have their turn. */
const PAUSE_MS = 10
/** Who has saved may soon save again, and would wait for a round that is under way. */
const QUIET_MS = 1000
/** Of rounds, all together; on a busy machine there are fewer. */
const MOST_MS = 8000
/** What plays, and what is about to. */
const MOST_DRAFTS = 2

/** After a draft that is not finished, and after everything else. */
const TIDY_LATER_MS = 400
const TIDY_MS = 5

leaveFlagsAlone()
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void
// Code that is kept is for processes with the same flags (`cli/start/kept-code.ts`).
setFlagsFromString('--no-expose-gc')

const drafts = new Map<number, Finish>()
const memory: LiveMemory = {}
/** What the other side knows of files. */
let told: Reading | undefined
/** Of what is being finished. */
const finishing = new Map<number, AbortController>()
let rounds = 0
let spent = 0
let next: NodeJS.Timeout | undefined
let tidying: NodeJS.Timeout | undefined

/**
 * Collects young garbage while nobody waits, so that a draft finds an empty nursery and none is collected while it is
 * made. Not old garbage too: the engine then throws away the code of what has not run for a while.
 */
function tidy(milliseconds = TIDY_MS): void {
  clearTimeout(tidying)
  tidying = setTimeout(() => collect({ type: 'minor' }), milliseconds)
}

async function warmUp(order: ToCompile): Promise<void> {
  next = undefined
  const began = performance.now()
  // As an edit of more than numbers would be compiled.
  const isAnew = ++rounds % DRAFTS_A_FINISH === 0
  const { finish } = await draftJob(await jobOf(order.source, order.flags), isAnew ? {} : memory)
  if (isAnew && rounds > FIRST_DRAFTS) await finish?.()
  spent += performance.now() - began
  tidy()
  // What was saved meanwhile goes on by itself.
  if (next === undefined) warmUpLater(order, PAUSE_MS)
}

function warmUpLater(order: ToCompile, milliseconds: number): void {
  clearTimeout(next)
  if (rounds >= ROUNDS || spent > MOST_MS) return
  next = setTimeout(() => void warmUp(order).catch(() => {}), milliseconds)
}

async function draft(id: number, order: ToCompile): Promise<DraftAnswer> {
  clearTimeout(next)
  const job = await jobOf(order.source, order.flags)
  const { program, finish, ...rest } = await draftJob(job, memory)
  if (finish) drafts.set(id, finish)
  for (const old of drafts.keys()) if (drafts.size > MOST_DRAFTS) drafts.delete(old)
  tidy(TIDY_LATER_MS)
  // What is saved warms up as well.
  rounds++
  if (program) warmUpLater(order, QUIET_MS)
  return {
    kind: 'draft',
    drafted: rest,
    program: program && packProgram(program),
    canBeFinished: finish !== undefined,
    origin: program && loggedProgram(program),
    reading: newsOf(job.loader.reading(), order.source),
  }
}

/** Libraries are large, and the same as a rule. */
function newsOf(reading: Reading, { name }: Source): Reading | undefined {
  const isKnown = told && isSameReading(told, reading, name)
  told = reading
  return isKnown ? undefined : reading
}

/** What is saved meanwhile has its turn. */
async function finish(id: number): Promise<Answer> {
  const abort = new AbortController()
  finishing.set(id, abort)
  try {
    const program = await drafts.get(id)!(abort.signal)
    drafts.delete(id)
    return { kind: 'finished', program: packProgram(program) }
  } finally {
    finishing.delete(id)
    tidy()
  }
}

async function carryOut(id: number, order: Order): Promise<Answer> {
  switch (order.kind) {
    case 'warmUp':
      await warmUp(order)
      return { kind: 'warm' }
    case 'draft':
      return draft(id, order)
    case 'finish':
      return finish(order.draft)
    case 'giveUp':
      finishing.get(order.draft)?.abort()
      return { kind: 'givenUp' }
  }
}

parentPort!.on('message', async ({ id, message }: Numbered<Order>) => {
  const answer = await carryOut(id, message).catch((error): Answer => ({ kind: 'fault', error }))
  parentPort!.postMessage({ id, message: answer } satisfies Numbered<Answer>)
})
