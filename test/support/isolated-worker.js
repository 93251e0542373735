/**
 * Our compiler in a process of its own: the path of its bundle comes as an argument, sources as messages.
 * Plain JavaScript, so that Node 20 runs it without a build.
 */
import { pathToFileURL } from 'node:url'

const { compileSource } = await import(pathToFileURL(process.argv[2]).href)

async function answer({ source, files, options }) {
  const load = file => (Object.hasOwn(files, file) ? { name: file, text: files[file] } : undefined)
  try {
    const result = await compileSource(source, { ...options, load })
    if (result.ok) await start(result.program)
    return { result }
  } catch (error) {
    return { fault: String(error?.stack ?? error).slice(0, 2000) }
  }
}

/** A program counts as accepted when its module starts: tables are filled then, and memory is claimed. */
async function start({ wasm }) {
  const { instance } = await WebAssembly.instantiate(wasm)
  instance.exports.init(44_100)
}

process.on('message', async request => {
  process.send({ id: request.id, ...(await answer(request)) })
})
process.on('disconnect', () => process.exit(0))
process.send('ready')
