/**
 * Tokens to a nest of bracketed constructs.
 *
 * Comes in: tokens in a row. Goes out: the constructs, innermost first and the program last; in each, an inner
 * construct is a single token. So the grammar never recurses, whatever the nesting: a construct is parsed when
 * all it contains has been. This is also the one place that knows about unbalanced brackets.
 */
import type { TokenType } from 'chevrotain'
import type { DiagnosticLog } from '../diagnostics.ts'
import { endOf, type Token, type Tokens } from '../lexer/lex.ts'
import * as T from '../lexer/tokens.ts'
import { type SourceFile, type Span, span } from '../source.ts'
import * as C from './constructs.ts'

const MAX_DEPTH = 100_000
/** Brackets reported as missing at one place; after a few, more say nothing new. */
const MAX_FORGOTTEN = 3

/** A construct whose closing bracket has not come yet. */
interface Frame extends C.Opening {
  readonly tokens: Token[]
  readonly open?: Token
  readonly head: number
  /** The last token ends an operand: an operator would be infix, and a bracket belongs to it. */
  afterOperand: boolean
  /** No token yet since the last `;` or the opening. */
  fresh: boolean
  /** A closing bracket that fits nothing was reported inside: its own end may be missing because of that. */
  disturbed: boolean
}

interface State {
  readonly file: SourceFile
  readonly log: DiagnosticLog
  readonly nests: C.Nest[]
  readonly stack: Frame[]
  /** How many brackets were reported as missing before which token. */
  forgotten: { readonly at: Token | undefined; count: number }
}

const CLOSING: ReadonlyMap<TokenType, TokenType> = new Map([
  [T.LeftParen, T.RightParen],
  [T.LeftBracket, T.RightBracket],
  [T.LeftBrace, T.RightBrace],
])
const OPENING: ReadonlyMap<TokenType, TokenType> = new Map([...CLOSING].map(([open, close]) => [close, open]))
const CLOSING_TEXT: ReadonlyMap<string, string> = new Map([
  ['(', ')'],
  ['[', ']'],
  ['{', '}'],
])

const OPERAND_ENDS: ReadonlySet<TokenType> = new Set<TokenType>([
  T.Identifier,
  T.Int,
  T.Float,
  T.Text,
  T.FileString,
  T.Wire,
  T.Cut,
  T.Prime,
  T.Primitive,
  T.NumberType,
  T.Unknown,
])
/** Infix after an operand, else themselves an operand. */
const OPERATORS: ReadonlySet<TokenType> = new Set([T.Operator, T.Bar, T.Plus, T.Minus])

export function nest({ file, tokens }: Tokens, log: DiagnosticLog): C.Nest[] {
  const program: Frame = {
    role: 'program',
    becomes: C.Misplaced,
    tokens: [],
    head: 0,
    afterOperand: false,
    fresh: true,
    disturbed: false,
  }
  const state: State = { file, log, nests: [], stack: [program], forgotten: { at: undefined, count: 0 } }
  for (const token of tokens) {
    if (CLOSING.has(token.tokenType)) open(state, token)
    else if (OPENING.has(token.tokenType)) close(state, token)
    else if (token.tokenType === T.Semicolon) endStatement(state, token)
    else plain(state, token)
  }
  while (state.stack.length > 1) closeForgotten(state)
  state.nests.push({ role: 'program', tokens: program.tokens, head: 0, tail: 0, muted: false })
  return state.nests
}

/** A misplaced brace is taken for the body of a function, as other languages write it. */
const takesStatements = ({ role }: Frame): boolean => C.isListRole(role) || role === 'misplaced'
const top = (state: State): Frame => state.stack[state.stack.length - 1]!
const place = (state: State, t: Token): Span => span(state.file, t.startOffset, endOf(t))

function append(frame: Frame, token: Token, afterOperand: boolean): void {
  frame.tokens.push(token)
  frame.afterOperand = afterOperand
  frame.fresh = false
}

function plain(state: State, token: Token): void {
  const type = token.tokenType
  if (type === T.Equals) escapeFromBrackets(state)
  const frame = top(state)
  const operand = OPERATORS.has(type) ? !frame.afterOperand : OPERAND_ENDS.has(type)
  append(frame, token, operand)
}

/** No `;` stands directly in round brackets, so any that are open here were forgotten. */
function endStatement(state: State, semicolon: Token): void {
  while (!takesStatements(top(state))) closeForgotten(state, semicolon)
  append(top(state), semicolon, false)
  top(state).fresh = true
}

/**
 * `f(x` newline `y = 3;`: a `=` cannot stand in round brackets, so where it follows a name at the start of a
 * line, the brackets before that name were forgotten. The name and its parameters move out of them.
 */
function escapeFromBrackets(state: State): void {
  const frame = top(state)
  if (takesStatements(frame)) return
  const { tokens } = frame
  const at = tokens.length - (tokens.at(-1)?.tokenType === C.Arguments ? 2 : 1)
  const name = tokens[at]
  if (at < frame.head || name?.tokenType !== T.Identifier || !startsLine(state.file, name)) return
  const header = tokens.splice(at)
  while (!takesStatements(top(state))) closeForgotten(state, name)
  append(top(state), { ...name, ...typed(T.Semicolon), image: ';', endOffset: name.startOffset - 1 }, false)
  for (const token of header) append(top(state), token, true)
}

export function startsLine(file: SourceFile, token: Token): boolean {
  let i = token.startOffset - 1
  while (i >= 0 && ' \t\r\uFEFF'.includes(file.text[i]!)) i--
  return i < 0 || file.text[i] === '\n'
}

function open(state: State, bracket: Token): void {
  const outer = top(state)
  const word = outer.tokens.at(-1)
  const claimed = word && C.WORD_OPENINGS.get(word.tokenType)
  const claims = claimed !== undefined && claimed.bracket === bracket.tokenType
  const { role, becomes } = claims ? claimed : roleOf(bracket, outer)
  if (role === 'misplaced') state.log.report('unexpectedBlock', place(state, bracket), {})
  const tokens = claims ? [outer.tokens.pop()!, bracket] : [bracket]
  const head = tokens.length
  state.stack.push({
    role,
    becomes,
    tokens,
    open: bracket,
    head,
    afterOperand: false,
    fresh: true,
    disturbed: false,
  })
  if (state.stack.length > MAX_DEPTH) state.log.fail('tooDeep', place(state, bracket), { limit: MAX_DEPTH })
}

function roleOf(bracket: Token, outer: Frame): C.Opening {
  switch (bracket.tokenType) {
    case T.LeftParen:
      if (outer.role === 'caseRules' && outer.fresh) return { role: 'argumentList', becomes: C.Arguments }
      if (outer.role === 'foreignFunction') return { role: 'typeList', becomes: C.TypeList }
      if (outer.afterOperand) return { role: 'argumentList', becomes: C.Arguments }
      return { role: 'parenthesised', becomes: C.Parenthesised }
    case T.LeftBracket:
      if (outer.afterOperand) return { role: 'substitution', becomes: C.Substitution }
      return { role: 'modulation', becomes: C.Construct }
    default:
      return { role: 'misplaced', becomes: C.Misplaced }
  }
}

function close(state: State, bracket: Token): void {
  const wanted = OPENING.get(bracket.tokenType)!
  const { stack } = state
  let i = stack.length - 1
  // Forgotten brackets do not hide the one that is meant, but a brace hides what is outside of it.
  while (i > 0 && stack[i]!.open!.tokenType !== wanted && stack[i]!.open!.tokenType !== T.LeftBrace) i--
  if (i > 0 && stack[i]!.open!.tokenType === wanted) {
    while (stack.length - 1 > i) closeForgotten(state, bracket)
    finish(state, bracket, top(state).role === 'misplaced')
  } else reject(state, bracket, wanted)
}

/** A closing bracket that fits no open one. */
function reject(state: State, bracket: Token, wanted: TokenType): void {
  const frame = top(state)
  const innermost = frame.open
  if (innermost && innermost.tokenType !== T.LeftBrace && wanted !== T.LeftBrace) {
    const args = { open: innermost.image, close: bracket.image }
    const label = { message: 'opened here', span: place(state, innermost) }
    state.log.report('bracketMismatch', place(state, bracket), args, [label])
    finish(state, bracket, true)
    return
  }
  frame.disturbed = true
  const meant = state.stack.findLast(f => f.open?.tokenType === wanted)
  if (meant) meant.disturbed = true
  const label = { message: 'the innermost open bracket is this', span: innermost && place(state, innermost) }
  const args = { bracket: bracket.image }
  state.log.report('closesNothing', place(state, bracket), args, innermost ? [label] : [])
}

/** Ends the innermost construct before `at` or the end of the file, as if its bracket stood there. */
function closeForgotten(state: State, at?: Token): void {
  const frame = top(state)
  const open = frame.open!
  const image = CLOSING_TEXT.get(open.image)!
  if (state.forgotten.at !== at) state.forgotten = { at, count: 0 }
  if (!frame.disturbed && state.forgotten.count++ < MAX_FORGOTTEN) {
    const help = at ? `add \`${image}\` before \`${at.image}\`` : `add \`${image}\``
    const labels = at ? [{ message: 'it should be closed before this', span: place(state, at) }] : []
    state.log.report('neverClosed', place(state, open), { bracket: open.image }, labels, help)
  }
  const start = endOf(frame.tokens.at(-1)!)
  const type = CLOSING.get(open.tokenType)!
  finish(state, { ...open, ...typed(type), image, startOffset: start, endOffset: start - 1 }, true)
}

function typed(type: TokenType): { tokenType: TokenType; tokenTypeIdx: number } {
  return { tokenType: type, tokenTypeIdx: type.tokenTypeIdx! }
}

function finish(state: State, bracket: Token, muted: boolean): void {
  const frame = state.stack.pop()!
  frame.tokens.push(bracket)
  const first = frame.tokens[0]!
  const token: C.NestedToken = {
    image: first.image,
    startOffset: first.startOffset,
    endOffset: endOf(bracket) - 1,
    ...typed(frame.becomes),
    value: '',
    broken: muted,
  }
  state.nests.push({ role: frame.role, tokens: frame.tokens, head: frame.head, tail: 1, muted, token })
  append(top(state), token, true)
}
