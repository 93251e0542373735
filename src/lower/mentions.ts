/**
 * Whether the body of an iteration depends on its index.
 *
 * Comes in: an iteration. Goes out: whether its body may mention the index. A body that does not is evaluated once
 * and not n times; for iterations nested d deep that is the difference between d and nᵈ. Apart from iterate.ts
 * because it reads syntax only. What it finds is kept with the syntax, which compilations share.
 */
import type { Expression } from '../parser/ast.ts'

type Iteration = Extract<Expression, { kind: 'iteration' }>

/** Stands for a place where any name may be read: a label with `%i`, a file that sees where it is imported. */
const ANYTHING = '%'
const FILES: ReadonlySet<string> = new Set(['import', 'library', 'component'])

const known = new WeakMap<Iteration, ReadonlySet<string>>()

/** May say yes where the truth is no: another name inside may be spelled alike. */
export function mentionsIndex(e: Iteration): boolean {
  const names = known.get(e) ?? mentionedIn(e)
  return names.has(e.name) || names.has(ANYTHING)
}

interface Found {
  readonly iteration: Iteration
  readonly names: Set<string>
  readonly around: Found | undefined
}

/** One walk for the iteration and all inside it, whose names are then handed on to those around them. */
function mentionedIn(root: Iteration): ReadonlySet<string> {
  const outermost: Found = { iteration: root, names: new Set(), around: undefined }
  const found = [outermost]
  const pending: { part: unknown; owner: Found }[] = [{ part: root.body, owner: outermost }]
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { part, owner } = next
    if (typeof part === 'string')
      owner.names.add(part.includes(ANYTHING) || FILES.has(part) ? ANYTHING : part)
    if (typeof part !== 'object' || part === null) continue
    if (isIteration(part)) {
      const inside: Found = { iteration: part, names: new Set(), around: owner }
      found.push(inside)
      pending.push({ part: part.count, owner }, { part: part.body, owner: inside })
      continue
    }
    for (const key in part) {
      if (!key.endsWith('pan')) pending.push({ part: (part as Record<string, unknown>)[key], owner })
    }
  }
  for (const { iteration, names, around } of found.reverse()) {
    known.set(iteration, names)
    for (const name of names) if (name !== iteration.name) around?.names.add(name)
  }
  return outermost.names
}

const isIteration = (part: object): part is Iteration => (part as { kind?: string }).kind === 'iteration'
