import { defineConfig } from 'vitest/config'

const limits = { testTimeout: 60_000, hookTimeout: 60_000 }
/** Where to write a JSON report as well, for scripts that count. */
const report = process.env.DSPC_TEST_REPORT

export default defineConfig({
  test: {
    reporters: report ? ['default', ['json', { outputFile: report }]] : ['default'],
    projects: [
      { test: { name: 'unit', include: ['test/**/*.test.ts'], exclude: ['test/cli/**'], ...limits } },
      // These run the built command line, which their set-up builds when it is older than the sources.
      {
        test: {
          name: 'cli',
          include: ['test/cli/**/*.test.ts'],
          globalSetup: 'test/cli/setup.ts',
          ...limits,
        },
      },
    ],
  },
})
