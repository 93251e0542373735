/**
 * docs/NODES.md is made from the declarations; write it anew with `vitest run --update`.
 */
import { expect, it } from 'vitest'
import { describeNodes } from '../../../src/core/nodes/describe.ts'
import { NODES } from '../../../src/core/nodes/index.ts'

it('docs/NODES.md lists the shelf as it is', async () => {
  await expect(describeNodes(NODES)).toMatchFileSnapshot('../../../docs/NODES.md')
})
