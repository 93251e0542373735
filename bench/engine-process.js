/**
 * Starts engines, each in a process of its own (child.js).
 *
 * Comes in: the name of an engine. Goes out: `{ engine, ask, stop }`; requests are answered one at a time.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export async function startEngine(engine) {
  const child = fork(fileURLToPath(new URL('child.js', import.meta.url)), [], {
    serialization: 'advanced',
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  })
  child.stdout.resume()
  child.stderr.resume()
  let id = 0
  const ask = request =>
    new Promise((resolve, reject) => {
      const expected = ++id
      const onExit = () => reject(new Error(`${engine} stopped`))
      child.once('exit', onExit)
      child.on('message', function onMessage(answer) {
        if (answer.id !== expected) return
        child.off('message', onMessage)
        child.off('exit', onExit)
        if (answer.ok) resolve(answer)
        else reject(new Error(`${engine}: ${answer.message}`))
      })
      child.send({ id: expected, ...request })
    })
  await ask({ do: 'load', engine })
  return { engine, ask, stop: () => child.disconnect() }
}
