import { describe, test } from 'vitest'
import { interpretFunction } from '../../src/codegen/interpret.ts'
import { mathFunctions } from '../../src/codegen/math/index.ts'
import { NAMES, samples } from './math-samples.ts'
import { instantiate, same } from './run.ts'

describe.each(['double', 'single'] as const)('%s: interpreted = compiled, bit for bit', async precision => {
  const library = mathFunctions(precision)
  const functions = [...library.values()].map(f => ({ ...f, exported: true }))
  const compiled = await instantiate({ functions, memoryBytes: 0, data: [] })

  test.each(NAMES)('%s', name => {
    for (const x of samples(name, 1500, 7)) {
      same(interpretFunction(library, name, x), compiled[name]!(...x), () => `${name}(${x})`)
    }
  })

  test.each(['remInt', 'powInt', 'minInt', 'maxInt', 'absInt'])('%s', name => {
    const ints = [0, 1, -1, 2, -3, 7, 1000, 46341, 2147483647, -2147483648]
    for (const a of ints) {
      for (const b of ints) {
        const x = library.get(name)!.parameters.length === 1 ? [a] : [a, b]
        same(interpretFunction(library, name, x), compiled[name]!(...x), () => `${name}(${x})`)
      }
    }
  })
})
