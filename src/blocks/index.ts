/**
 * Block programs for editors: types, grid, edits, snapshots, and their way to Core.
 */
export { chainAt, moveChain, splitChainAfter } from './chains.ts'
export {
  areaOf,
  blockAt,
  cloneBlock,
  emptyBlockProgram,
  fitAreas,
  moveBlock,
  placeBlock,
  removeBlock,
  setLabel,
  shiftPort,
} from './edit.ts'
export { BlockError, type GridPlace } from './error.ts'
export { Grid, type PortPlace } from './grid.ts'
export { parseBlocks, printBlocks } from './json.ts'
export { blockLanguage } from './language.ts'
export { lowerBlocks } from './lower.ts'
export type * from './types.ts'
