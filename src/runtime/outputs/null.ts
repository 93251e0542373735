/**
 * Output `null`: takes everything and plays nothing. For machines without sound, and tests.
 */
import type { Backend } from './output.ts'

export const nullBackend: Backend = async () => ({
  leastChannels: 1,
  device: false,
  open: async () => {},
  write: (_samples, done) => done(),
  drain: async () => {},
  stop: () => {},
})
