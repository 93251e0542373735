/**
 * The runtime: plays and renders programs that were compiled before. Loads no compiler; runs in browsers too.
 */
export type {
  Cell,
  CompiledProgram,
  Control,
  ControlKind,
  GroupKind,
  Layout,
  Precision,
  UiItem,
} from '../core/program.ts'
export { type Crossfade, mixCrossfade, planCrossfade } from './crossfade.ts'
export {
  type DescribedControl,
  type DescribedGroup,
  type DescribedItem,
  type Description,
  type DescriptionContext,
  describe,
  VERSION,
} from './description.ts'
export { RuntimeError } from './error.ts'
export { type Instance, type InstanceOptions, instantiate, MAX_BLOCK_SIZE, type Samples } from './instance.ts'
export {
  applyMigration,
  explainMigration,
  formatMigration,
  type MigrationOptions,
  planMigration,
} from './migrate.ts'
export type { Migration, MigrationEntry, MigrationReport, StateCopy } from './migration-types.ts'
export { createProgram, type Program } from './program.ts'
export { DEFAULT_BLOCK_SIZE, type Fill, type RenderOptions, render, renderBlocks } from './render.ts'
export { type PrepareOptions, prepareSwap, type Running, type Successor } from './swap.ts'
export { keyToHertz, type VoiceAllocator, type VoiceTarget, voiceAllocator } from './voices.ts'
export { encodeWav, type Levels, SAMPLE_FORMATS, type SampleFormat, type WavFormat } from './wav.ts'
export { decodeWav, type WavInfo } from './wav-read.ts'
