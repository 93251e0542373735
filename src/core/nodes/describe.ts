/**
 * The shelf as a page: docs/NODES.md.
 *
 * Comes in: node types. Goes out: Markdown. A module of its own so that users' libraries get the same page.
 */
import type { NodeType, Range } from '../node-type.ts'

const HEAD = `# Nodes

Every node that programs can call: the language with \`node("name", …)\`, the builder with \`call('name', id, […])\`, block
programs by name. Inputs stand in the order of the arguments; those with a default may be left out from the end. The
first output is the value of the call, the others follow.

This page is made from the declarations in \`src/core/nodes/\`.
`

export function describeNodes(types: Iterable<NodeType>): string {
  const chapters = new Map<string, NodeType[]>()
  for (const type of types) {
    const chapter = chapters.get(type.category) ?? []
    chapter.push(type)
    chapters.set(type.category, chapter)
  }
  const parts = [...chapters].map(([category, nodes]) => {
    const title = category[0]!.toUpperCase() + category.slice(1)
    return [`\n## ${title}\n`, ...nodes.map(describeNode)].join('\n')
  })
  return HEAD + parts.join('\n')
}

interface Row {
  readonly name: string
  readonly doc: string
  readonly range: Range | undefined
  readonly unit: string
  readonly default?: number | undefined
  readonly constant?: boolean
}

function describeNode({ name, documentation, inputs, outputs, stateful }: NodeType): string {
  const args = inputs.map(input => input.name).join(', ')
  const results = outputs.map(output => output.name).join(', ')
  const rows = [
    ...inputs.map(input => row('in', input)),
    ...outputs.map((output, i) => row(i === 0 ? 'out' : `out, \`%${i}\``, output)),
  ]
  const memory = stateful ? '' : ' No state.'
  return [
    `### \`${name}\`(${args}) → ${results}\n`,
    `${documentation}${memory}\n`,
    '| | | range | default | |\n|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n')
}

function row(side: string, { name, doc, range, unit, default: preset, constant }: Row): string {
  const ends = range ? `${range[0]} … ${range[1]}` : ''
  const value = preset === undefined ? '' : String(Number(preset.toPrecision(6)))
  const fixed = constant ? ' A constant.' : ''
  return `| ${side} | ${name ? `\`${name}\`` : ''} | ${`${ends} ${unit}`.trim()} | ${value} | ${doc}${fixed} |`
}
