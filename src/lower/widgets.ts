/**
 * Widgets and groups: their parameters become numbers, their labels text.
 *
 * Comes in: a widget as written and its environment. Goes out: a box. `%i` in a label is replaced by the value
 * of `i`, which only evaluation knows; paths and metadata stay in the label for ui.ts to read.
 */
import type { Expression } from '../parser/ast.ts'
import type { Span } from '../source.ts'
import type { Box, WidgetSpec } from './box.ts'
import { type Environment, lookUp } from './environment.ts'
import type { Evaluator } from './evaluate.ts'
import type { Frame } from './trail.ts'
import type { Task } from './trampoline.ts'

export type WidgetExpression = Extract<
  Expression,
  {
    kind:
      | 'button'
      | 'checkbox'
      | 'hslider'
      | 'vslider'
      | 'nentry'
      | 'hbargraph'
      | 'vbargraph'
      | 'vgroup'
      | 'hgroup'
      | 'tgroup'
  }
>

export function* evaluateWidget(
  evaluator: Evaluator,
  e: WidgetExpression,
  environment: Environment,
  frame: Frame | undefined,
): Task<Box> {
  const label = yield* evaluateLabel(evaluator, e, environment, frame)
  function* number(x: Expression, name: string): Task<number> {
    const known = evaluator.number(x, environment, frame)
    if (known !== undefined && Number.isFinite(known)) return known
    const what = `the ${name} of \`${e.kind}\``
    const value = yield* evaluator.constant(x, environment, frame, what)
    if (!Number.isFinite(value))
      evaluator.log.fail('widgetNotFinite', x.span, { what, value }, evaluator.trail(frame))
    return value
  }
  switch (e.kind) {
    case 'vgroup':
    case 'hgroup':
    case 'tgroup':
      return evaluator.boxes.group(e.kind, label, yield* evaluator.evaluate(e.body, environment, frame))
    case 'button':
    case 'checkbox':
      return evaluator.boxes.widget({ kind: e.kind, label, init: 0, min: 0, max: 1, step: 1 })
    case 'hbargraph':
    case 'vbargraph': {
      const min = yield* number(e.min, 'minimum')
      const max = yield* number(e.max, 'maximum')
      return evaluator.boxes.widget({ kind: e.kind, label, init: 0, min, max, step: 0 })
    }
    default: {
      const init = yield* number(e.init, 'initial value')
      const min = yield* number(e.min, 'minimum')
      const max = yield* number(e.max, 'maximum')
      const step = yield* number(e.step, 'step')
      const spec: WidgetSpec = { kind: e.kind, label, init, min, max, step }
      if (!(min <= init && init <= max))
        evaluator.log.fail('sliderRange', e.span, { init, min, max }, evaluator.trail(frame))
      return evaluator.boxes.widget(spec)
    }
  }
}

/**
 * `%i`, `%2i` or `%{i}`: the integer value of a name in scope, padded with blanks to the width. What stands between
 * braces is taken for a name whatever it is.
 */
const VARIABLE = /%(\d*)(?:\{(\w*)(\}?)|([A-Za-z_]\w*))/g

export function* evaluateLabel(
  evaluator: Evaluator,
  e: { readonly label: string; readonly span: Span },
  environment: Environment,
  frame: Frame | undefined,
): Task<string> {
  let text = ''
  let end = 0
  for (const match of e.label.matchAll(VARIABLE)) {
    const [all, width, braced, closed, plain] = match
    text += e.label.slice(end, match.index)
    // A brace that does not close ends the label.
    if (braced !== undefined && closed === '') return `${text}%${width}`
    const name = braced ?? plain!
    if (!lookUp(name, environment))
      evaluator.log.fail('unknownName', e.span, { name }, evaluator.trail(frame))
    const expression = { kind: 'identifier', name, span: e.span } as const
    const value = yield* evaluator.constant(expression, environment, frame, `\`%${name}\` in a label`)
    text += String(Math.trunc(value)).padStart(labelWidth(width!), ' ')
    end = match.index + all.length
  }
  return text + e.label.slice(end)
}

/** At most 4; the number wraps as all integers of the language do. */
function labelWidth(digits: string): number {
  return Math.min(4, Number(BigInt.asIntN(32, BigInt(digits || '0'))))
}
