/**
 * `dspc FILE --explain-cost`: what a program costs, by definition; which lanes were found, and what prevented more.
 */
import type { CostReport, LoopCostReport } from '../../codegen/explain-cost.ts'
import type { DefinitionCost, ReasonReport } from '../../codegen/explain-definitions.ts'
import { explainSource } from '../../explain-cost.ts'
import { assertNever } from '../../source.ts'
import { isBlockProgram, type Job, report as reportDiagnostics, withProblems } from '../compile-program.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { Failure, failUsage } from '../failure.ts'
import { DEFAULT_RATE } from '../options.ts'
import { writeData } from '../terminal.ts'

/** Definitions that cost less are summed up at the end, unless `--json` asks for all. */
const LEAST_PART = 0.005
const MOST_DEFINITIONS = 40
const MOST_NAMES = 3
/** Reasons for less of a definition's time are not worth a line. */
const LEAST_REASON = 0.1

export async function explainCostCommand(job: Job, isJson: boolean): Promise<ExitCode> {
  const { source, options, loader } = job
  if (isBlockProgram(source)) failUsage('optionConflict', { first: '--explain-cost', second: source.name })
  const result = explainSource(source.text, options)
  reportDiagnostics(withProblems(result.diagnostics, loader), loader)
  if (!result.ok) throw new Failure(EXIT.program, [])
  const { name, report } = result
  await writeData(
    isJson
      ? `${JSON.stringify({ program: name, file: source.name, ...report }, undefined, 2)}\n`
      : describeCost(`${name} (${source.name})`, report),
  )
  return EXIT.ok
}

export function describeCost(title: string, report: CostReport): string {
  const { nanoseconds, precision } = report
  const load = (100 * nanoseconds * DEFAULT_RATE) / 1e9
  const head = `${title}, ${precision} precision: about ${number(nanoseconds)} ns a frame, ${load.toFixed(2)} % of the time at ${DEFAULT_RATE / 1000} kHz\n`
  const how = describeDivision(report)
  return `${head}${how}\n${definitionTable(report)}\n${loopTable(report)}`
}

function describeDivision({ divided, undivided, lanes, loops }: CostReport): string {
  if (divided) return `divided into ${loops.length} loops; ${lanes} frames fill a vector\n`
  switch (undivided) {
    case 'disabled':
      return 'one loop, frame by frame: the pass that divides it is left out\n'
    case 'notUnderstood':
      return 'one loop, frame by frame: it does what cannot be divided\n'
    default:
      return 'one loop, frame by frame: divided it would not be faster\n'
  }
}

const number = (nanoseconds: number) => nanoseconds.toFixed(nanoseconds < 10 ? 2 : 1)

function definitionTable(report: CostReport): string {
  const { definitions, nanoseconds } = report
  const shown = definitions.filter(d => d.nanoseconds >= LEAST_PART * nanoseconds).slice(0, MOST_DEFINITIONS)
  const rest = definitions.filter(d => !shown.includes(d))
  const rows = shown.map(d => [
    d.definition,
    number(d.nanoseconds),
    percent(d.nanoseconds / nanoseconds),
    framesAtOnce(d, report),
    d.reasons
      .filter(r => r.part >= LEAST_REASON)
      .map(sayReason)
      .join('; '),
  ])
  if (rest.length > 0) {
    const sum = rest.reduce((total, d) => total + d.nanoseconds, 0)
    rows.push([`${rest.length} more`, number(sum), percent(sum / nanoseconds), '', ''])
  }
  return table(['definition', 'ns', 'part', 'at once', 'what prevents more'], rows)
}

const percent = (part: number) => `${(100 * part).toFixed(0)} %`

/** Frames that are computed at once. */
function framesAtOnce({ inLanes }: DefinitionCost, { divided, lanes, loops }: CostReport): string {
  if (!divided) return String(loops[0]?.frames ?? 1)
  if (inLanes === 0 || inLanes === 1) return String(inLanes === 1 ? lanes : 1)
  return `${lanes} for ${percent(inLanes)}`
}

function sayReason({ reason, through }: ReasonReport): string {
  const { kind } = reason
  const names = through.length > 1 ? ` through ${list(through)}` : ''
  switch (kind) {
    case 'feedback':
      return `feedback${names}`
    case 'shortDelay':
      return `feedback${names} after only ${reason.frames} frames`
    case 'unknownDelay':
      return `feedback${names} after a time that is not known`
    case 'noVectorForm':
      return `${reason.what} has no vector form`
    case 'condition':
      return 'computed in some frames only'
    case 'write':
      return 'writes a table at computed places'
    case 'handing':
      return 'handing values on would cost more'
    default:
      return assertNever(kind)
  }
}

function list(names: readonly string[]): string {
  const more = names.length - MOST_NAMES
  return names.slice(0, MOST_NAMES).join(', ') + (more > 0 ? ' …' : '')
}

function loopTable({ loops, divided }: CostReport): string {
  const rows = loops.map(loop => [
    loop.frames === 1 ? '1 frame' : `${loop.frames} frames`,
    number(loop.nanoseconds),
    `${loop.instructions}`,
    percent(loop.vectorInstructions / Math.max(1, loop.instructions)),
    loop.limit === 'feedback' ? 'waiting for the frame before' : 'instructions',
    divided ? list(loop.definitions) : namesOf(loop),
  ])
  return table(['loop over', 'ns', 'instructions', 'vector', 'time goes to', 'definitions'], rows)
}

const namesOf = ({ definitions }: LoopCostReport) =>
  definitions.length > MOST_NAMES ? 'all' : list(definitions)

/** Columns that stand at the right. */
const NUMBERS: ReadonlySet<string> = new Set(['ns', 'part', 'instructions', 'vector'])

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows]
  const widths = head.map((_, i) => Math.max(...all.map(row => row[i]!.length)))
  const isRight = (i: number) => NUMBERS.has(head[i]!)
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => (isRight(i) ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join('  ')
      .trimEnd()
  return `${all.map(line).join('\n')}\n`
}
