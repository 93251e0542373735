/** As much of JSON Schema as our schema uses. */
type Schema = Readonly<Record<string, unknown>>

export function schemaFaults(data: unknown, schema: unknown, path = ''): string[] {
  const s = schema as Schema
  const faults: string[] = []
  const check = (holds: boolean, text: string) => void (holds || faults.push(`${path}: ${text}`))
  if ('const' in s) check(data === s.const, `is not ${s.const}`)
  if (s.enum) check((s.enum as unknown[]).includes(data), 'is none of the list')
  if (s.type) check(hasType(data, s.type as string), `is no ${s.type}`)
  if (typeof s.minimum === 'number') check((data as number) >= s.minimum, 'is too small')
  if (typeof s.minLength === 'number') check((data as string).length >= s.minLength, 'is too short')
  for (const [key, least] of [
    ['oneOf', 1],
    ['anyOf', 1],
  ] as const) {
    const list = s[key] as Schema[] | undefined
    if (!list) continue
    const count = list.filter(option => schemaFaults(data, option, path).length === 0).length
    check(key === 'oneOf' ? count === 1 : count >= least, `fits ${count} of ${key}`)
  }
  if (Array.isArray(data)) faults.push(...listFaults(data, s, path))
  else if (typeof data === 'object' && data !== null) faults.push(...objectFaults(data as Schema, s, path))
  return faults
}

function hasType(data: unknown, type: string): boolean {
  if (type === 'array') return Array.isArray(data)
  if (type === 'integer') return Number.isInteger(data)
  if (type === 'object') return typeof data === 'object' && data !== null && !Array.isArray(data)
  return typeof data === type
}

function listFaults(data: unknown[], s: Schema, path: string): string[] {
  const {
    minItems = 0,
    maxItems = Infinity,
    items,
  } = s as { minItems?: number; maxItems?: number; items?: Schema }
  const length = data.length < minItems || data.length > maxItems ? [`${path}: ${data.length} items`] : []
  return [...length, ...data.flatMap((item, i) => (items ? schemaFaults(item, items, `${path}/${i}`) : []))]
}

function objectFaults(data: Schema, s: Schema, path: string): string[] {
  const properties = (s.properties ?? {}) as Record<string, Schema>
  const missing = ((s.required ?? []) as string[]).filter(key => !(key in data))
  const inner = Object.entries(data).flatMap(([key, value]) => {
    const schema: unknown = properties[key] ?? s.additionalProperties
    if (schema === false) return [`${path}/${key}: is not allowed`]
    return schema === undefined || schema === true ? [] : schemaFaults(value, schema, `${path}/${key}`)
  })
  return [...missing.map(key => `${path}/${key}: is missing`), ...inner]
}
