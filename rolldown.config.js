/** The command line as a bundle: one small file that starts fast, and chunks that are loaded when needed. */
import { defineConfig } from 'rolldown'

export default defineConfig({
  input: {
    cli: 'src/cli/main.ts',
    'compile-worker': 'src/cli/watch/compile-worker.ts',
    host: 'src/runtime/host/main.ts',
    'host-worker': 'src/runtime/host/worker.ts',
  },
  platform: 'node',
  external: ['binaryen', 'speaker'],
  output: {
    dir: 'dist',
    format: 'esm',
    entryFileNames: '[name].js',
    chunkFileNames: 'chunks/[name].js',
    cleanDir: false,
  },
})
