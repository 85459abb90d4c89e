// A till that keeps every order in a file, and the command that starts it: `node till.mjs serve|start FOLDER PORT`.
import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** Starts the till, and returns when it answers. */
export async function startTill(folder, port) {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'serve', folder, String(port)], {
    detached: true,
    stdio: 'ignore',
  })
  child.unref()
  writeFileSync(join(folder, 'till.pid'), String(child.pid))
  while (!(await answers(`http://127.0.0.1:${port}/`))) await sleep(50)
}

/** Whether a URL answers with 200. */
export async function answers(url) {
  return fetch(url).then(
    ({ ok }) => ok,
    () => false,
  )
}

function serve(folder, port) {
  const file = join(folder, 'orders.txt')
  const read = () => (existsSync(file) ? readFileSync(file, 'utf8') : '')
  createServer((request, response) => {
    if (request.url === '/metrics') return response.end('till_open 1\n')
    if (request.method === 'GET') return response.end(read())
    const id = request.url?.slice(1)
    appendFileSync(file, `${id}\n`)
    response.statusCode = 201
    return response.end(id)
  }).listen(port, '127.0.0.1')
}

const [verb, folder, port] = process.argv.slice(2)
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (verb === 'serve') serve(folder, Number(port))
  if (verb === 'start') await startTill(folder, Number(port))
}
