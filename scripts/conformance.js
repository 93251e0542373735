/**
 * Writes the files of the conformance suite: `node scripts/conformance.js programs | record [--all] | report`.
 * The work is in test/conformance/main.ts, which is TypeScript and shares code with the tests; it is bundled to run.
 */
import { rmSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'

const path = name => fileURLToPath(new URL(name, import.meta.url))
const folder = path(`../node_modules/.cache/conformance-${process.pid}`)

/** Files that are found relative to a source are still found there from the bundle. */
const keepPlaces = {
  name: 'keep-places',
  transform: (code, id) => code.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(id).href)),
}

const bundle = await rolldown({
  input: path('../test/conformance/main.ts'),
  external: /^[^./]/,
  platform: 'node',
  plugins: [keepPlaces],
  logLevel: 'silent',
})
await bundle.write({ dir: folder, format: 'esm', entryFileNames: 'main.mjs' })
await bundle.close()
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
const { main } = await import(pathToFileURL(`${folder}/main.mjs`).href)
process.exit(await main(process.argv.slice(2)))
