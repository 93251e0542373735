/** The audio host as bundles of its own; the program of the command line and what starts it are in scripts/program.js. */
import { defineConfig } from 'rolldown'

export default defineConfig({
  input: {
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
