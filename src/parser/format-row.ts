/**
 * Operands and operators in a row to a layout.
 *
 * Comes in: the pieces of a row in source order, as documents. Goes out: a document that breaks at its loosest
 * operators first. Like `operators`, a loop with a stack of its own; here operators of equal precedence make one
 * chain, since how they associate does not show.
 */
import { concat, type Doc, group, indent } from './format-doc.ts'

/** One more operand of a chain, with its operator. */
export interface Link {
  /** Ends the line before, such as a comma or a comment. */
  readonly before: Doc
  /** From the possible break to the end of the operand. */
  readonly link: Doc
}

interface Chain {
  readonly precedence: number
  readonly first: Doc
  readonly links: Link[]
}

/** What a row turned out to be, since statements place them differently. */
export type Laid =
  | { readonly kind: 'operand'; readonly doc: Doc }
  | { readonly kind: 'chain'; readonly doc: Doc }
  /** `base with { }`, with each block preceded by its break. */
  | { readonly kind: 'blocks'; readonly base: Laid; readonly blocks: Doc[] }

type Entry = Laid | (Chain & { readonly kind: 'open' })

/** An operator, given the operand after it, as the end of a line and the beginning of the next. */
export interface Operator {
  readonly precedence: number
  place(operand: Doc): Link
}

export class Row {
  private readonly operands: Entry[] = []
  private readonly operators: Operator[] = []

  pushOperand(doc: Doc): void {
    this.operands.push({ kind: 'operand', doc })
  }

  pushOperator(operator: Operator): void {
    while (this.operators.length > 0 && this.operators.at(-1)!.precedence >= operator.precedence) this.join()
    this.operators.push(operator)
  }

  /** Blocks bind loosest and take all on their left. */
  pushBlock(block: Doc): void {
    const base = this.finish()
    const blocks = base.kind === 'blocks' ? base.blocks : []
    blocks.push(block)
    this.operands.push(base.kind === 'blocks' ? base : { kind: 'blocks', base, blocks })
  }

  /** The row so far as one. */
  finish(): Laid {
    while (this.operators.length > 0) this.join()
    const all = this.operands.pop()!
    return all.kind === 'open' ? { kind: 'chain', doc: chainDoc(all, false) } : all
  }

  private join(): void {
    const operator = this.operators.pop()!
    const right = asOperand(this.operands.pop()!)
    const left = this.operands.pop()!
    const { precedence } = operator
    const link = operator.place(right)
    if (left.kind === 'open' && left.precedence === precedence) {
      left.links.push(link)
      this.operands.push(left)
    } else this.operands.push({ kind: 'open', precedence, first: asOperand(left), links: [link] })
  }
}

function asOperand(entry: Entry): Doc {
  return entry.kind === 'open' ? chainDoc(entry, true) : laidDoc(entry)
}

/** As one document that may stand anywhere. */
export function laidDoc(laid: Laid): Doc {
  return laid.kind === 'blocks' ? group(laidDoc(laid.base), ...laid.blocks) : laid.doc
}

function chainDoc({ first, links }: Chain, inner: boolean): Doc {
  if (isList(first, links)) return concat([first, ...links.flatMap(l => [l.before, group(l.link)])])
  const rest = links.flatMap(l => [l.before, l.link])
  return inner ? group(first, indent(...rest)) : group(first, ...rest)
}

/** Many short items fill lines instead of having one each. */
const MANY = 8
const SHORT = 10

function isList(first: Doc, links: readonly Link[]): boolean {
  const short = (doc: Doc) => !doc.hard && doc.flat <= SHORT
  return links.length >= MANY && short(first) && links.every(l => short(l.before) && short(l.link))
}

/** Items with commas between them, each on its line unless all fit or all are short. */
export function listDoc(first: Doc, links: readonly Link[]): Doc {
  return chainDoc({ precedence: 0, first, links: [...links] }, false)
}
