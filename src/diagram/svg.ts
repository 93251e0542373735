/**
 * Figures to SVG text.
 *
 * Comes in: a figure and what stands above it. Goes out: a file that needs nothing else, in light or dark colours as
 * the reader prefers, with words for those who cannot see it. The same figure gives the same text.
 */
import { assertNever } from '../source.ts'
import type { Figure } from './layout.ts'
import { counts } from './leaves.ts'
import type { Block, Frame, Mark, Point, Wire } from './sketch.ts'

const STYLE = `
svg { background: #fcfcfb; font: 12px ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace }
text { fill: #24292f; text-anchor: middle }
.title { font-size: 14px; font-weight: 600; text-anchor: start }
.wire, .plot { fill: none; stroke: #57606a; stroke-width: 1.1 }
.bundle { stroke-width: 3 }
.plot { stroke-width: 1 }
.arrow, .branch { fill: #57606a }
.delay { fill: #cf5c12 }
rect { fill: #ffffff; stroke: #8c959f }
.number rect { fill: #f0f2f4; stroke: none }
.control rect { fill: #e6f4ea; stroke: #4b9b62 }
.data rect, .route rect { fill: #f4ecfb; stroke: #9a6fc4 }
.slot rect { fill: #fff4d6; stroke: #c69a24 }
.link rect { fill: #e3eefb; stroke: #3b7dc4 }
.outside rect { fill: #57606a; stroke: none }
.cut path { fill: none; stroke: #8c959f; stroke-width: 1.4 }
.frame rect { fill: none; stroke: #b6bec7 }
.frame text { text-anchor: start; font-size: 11px; fill: #57606a }
.definition rect { stroke-dasharray: 4 3; stroke: #3b7dc4 }
.function rect { stroke-dasharray: 1.5 3; stroke: #c69a24 }
a:hover rect { stroke-width: 2.2 } a text { fill: #0b57a4 }
@media (prefers-color-scheme: dark) {
svg { background: #15181c }
text { fill: #e3e7eb }
.wire, .plot { stroke: #98a2ad }
.arrow, .branch, .outside rect { fill: #98a2ad }
.delay { fill: #f0883e }
rect { fill: #20262c; stroke: #69737e }
.number rect { fill: #2a3138 }
.control rect { fill: #17301f; stroke: #4b9b62 }
.data rect, .route rect { fill: #2b2136; stroke: #9a6fc4 }
.slot rect { fill: #352b10; stroke: #c69a24 }
.link rect { fill: #14273d; stroke: #4c8fd6 }
.frame rect { fill: none; stroke: #4a535c }
.frame text { fill: #98a2ad }
.definition rect { stroke: #4c8fd6 }
.function rect { stroke: #c69a24 }
a text { fill: #7cb7f5 }
}
`

/** A diagram that leads to this one. */
export interface Parent {
  readonly name: string
  readonly file: string
}

export function writeSvg(figure: Figure, parent: Parent | undefined): string {
  const { fold, box, width, height, marks } = figure
  const [w, h] = [Math.ceil(width), Math.ceil(height)]
  const about = `${fold.name}: ${counts(box.arity ?? { inputs: 0, outputs: 0 })}`
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${w}" height="${h}" viewBox="0 0 ${w} ${h}" role="img" aria-label="${escapeXml(about)}">`,
    `<title>${escapeXml(about)}</title>`,
    `<style>${STYLE}</style>`,
    heading(fold.name, parent),
    ...layers(marks).map(writeMark),
    '</svg>',
  ]
  return `${lines.join('\n')}\n`
}

function heading(name: string, parent: Parent | undefined): string {
  const own = `<tspan>${escapeXml(name)}</tspan>`
  const back = parent && `<a href="${escapeXml(parent.file)}"><tspan>${escapeXml(parent.name)}</tspan></a> › `
  return `<text class="title" x="16" y="22">${back ?? ''}${own}</text>`
}

/** Borders lie below wires, and wires below blocks. */
function layers(marks: readonly Mark[]): Mark[] {
  const order = ['frame', 'wire', 'branch', 'delay', 'block']
  return order.flatMap(kind => marks.filter(mark => mark.mark === kind))
}

function writeMark(mark: Mark): string {
  switch (mark.mark) {
    case 'frame':
      return writeFrame(mark)
    case 'wire':
      return `<path class="wire${mark.bundle ? ' bundle' : ''}" d="${wirePath(mark)}"/>`
    case 'branch':
      return `<circle class="branch" cx="${number(mark.at.x)}" cy="${number(mark.at.y)}" r="2.4"/>`
    case 'delay': {
      const corner = `x="${number(mark.at.x - 4)}" y="${number(mark.at.y - 4)}"`
      return `<g><title>delay of one sample</title><rect class="delay" ${corner} width="8" height="8" style="stroke:none"/></g>`
    }
    case 'block':
      return writeBlock(mark)
    default:
      return assertNever(mark)
  }
}

function writeFrame(frame: Frame): string {
  const label =
    frame.label === ''
      ? ''
      : `<text x="${number(frame.x + 7)}" y="${number(frame.y + 13)}">${escapeXml(frame.label)}</text>`
  const linked = frame.href ? `<a href="${escapeXml(frame.href)}">${label}</a>` : label
  return `<g class="frame ${frame.kind}">${rectangle(frame, 5)}${linked}</g>`
}

function rectangle({ x, y, width, height }: Block | Frame, radius: number): string {
  const size = `width="${number(width)}" height="${number(height)}"`
  return `<rect x="${number(x)}" y="${number(y)}" ${size} rx="${radius}"/>`
}

const RADII: Readonly<Partial<Record<Block['kind'], number>>> = {
  control: 8,
  slot: 10,
  number: 3,
  outside: 4,
}

function writeBlock(block: Block): string {
  const { kind, x, y, width, height, label } = block
  const middle = `x="${number(x + width / 2)}" y="${number(y + height / 2)}"`
  const parts = [
    `<title>${escapeXml(block.title)}</title>`,
    kind === 'cut' ? cross(block) : rectangle(block, RADII[kind] ?? 2),
    ...(block.curves ?? []).map(curve => plotPath(block, curve)),
    label === '' ? '' : `<text ${middle} dy="0.35em">${escapeXml(label)}</text>`,
    kind === 'outside' || kind === 'cut' ? '' : arrows(block),
  ]
  const group = `<g class="${kind}">${parts.join('')}</g>`
  return block.href ? `<a href="${escapeXml(block.href)}">${group}</a>` : group
}

function cross({ x, y, width, height }: Block): string {
  const [x1, x2, y1, y2] = [x + width, x, y + 1, y + height - 1].map(number)
  return `<path d="M${x2} ${number(y + height / 2)}H${x1}M${x1} ${y1}V${y2}"/>`
}

function arrows({ inputs, mirrored, x, width }: Block): string {
  const tip = mirrored ? x + width : x
  const back = mirrored ? 6 : -6
  const triangle = (y: number) => `M${number(tip)} ${number(y)}l${back} -3v6z`
  return inputs.length === 0 ? '' : `<path class="arrow" d="${inputs.map(triangle).join('')}"/>`
}

function plotPath({ x, y, width, height }: Block, curve: readonly Point[]): string {
  const points = curve.map(p => `${number(x + p.x * width)} ${number(y + p.y * height)}`)
  return `<path class="plot" d="M${points.join('L')}"/>`
}

function wirePath({ from, to, via }: Wire): string {
  const start = `M${number(from.x)} ${number(from.y)}`
  if (via.length > 0) return `${start}${[...via, to].map(p => `L${number(p.x)} ${number(p.y)}`).join('')}`
  if (from.y === to.y) return `${start}H${number(to.x)}`
  const middle = number((from.x + to.x) / 2)
  return `${start}C${middle} ${number(from.y)} ${middle} ${number(to.y)} ${number(to.x)} ${number(to.y)}`
}

function number(value: number): string {
  return String(Math.round(value * 100) / 100)
}

/** Characters that XML forbids become a question mark. */
function escapeXml(text: string): string {
  return text
    .replace(
      /[\0-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g,
      '?',
    )
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
