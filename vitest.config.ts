import { defineConfig } from 'vitest/config'

const limits = { testTimeout: 60_000, hookTimeout: 60_000 }
/** Where to write a JSON report as well, for scripts that count. */
const report = process.env.DSPC_TEST_REPORT

/** Examples import the package by its name. */
const alias = { dspc: new URL('src/index.ts', import.meta.url).pathname }
const BUILT = ['test/cli/**/*.test.ts', 'test/live/host*.test.ts']

export default defineConfig({
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      {
        resolve: { alias },
        test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: BUILT, ...limits },
      },
      // These run what is built: the command line and the audio host. Their set-up builds when it is older than the
      // sources.
      {
        test: {
          name: 'cli',
          include: BUILT,
          globalSetup: 'test/cli/setup.ts',
          ...limits,
        },
      },
    ],
  },
})
