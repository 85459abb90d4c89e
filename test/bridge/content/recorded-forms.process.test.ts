import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { expect, it } from 'vitest'
import { untilState } from '../support/clients.ts'
import type { Deployment } from '../support/deployment.ts'
import { prepareGround } from '../support/ground.ts'
import { until } from '../support/until.ts'

// Each file in forms/ is a request as it came from its client through a socket that wrote it down: with this name, with these bytes, and in
// most with a field before the file. What says of itself that it is written was not recorded: there was no such client to record.
const name = 'žluť 猫 "a".txt'
const text = 'Příliš žluťoučký kůň\n'
const forms = [
  ['curl 7.88.1, -F file=@…', 'curl', name],
  ['curl 7.88.1, -F file=@-;filename=…', 'curl-stdin', 'žluť.txt'],
  ['Python requests 2.34.2 with urllib3 2.7.0', 'requests', name],
  ['Chromium 156, a form of a page', 'chromium', name],
  ['fetch of Node 20.20.2 (undici)', 'node-fetch', name],
  ['java.net.http of Java 17.0.15: in chunks, and offering HTTP/2', 'java', name],
  ['.NET’s MultipartFormDataContent, written as it is documented', 'dotnet-written', name],
] as const

const ground = prepareGround()

it('takes the forms that real clients sent, with the names that they meant', async () => {
  const { api, sink } = await ground.deploy()
  for (const [client, file, meant] of forms) {
    const bytes = await readFile(`test/bridge/content/forms/${file}.http`)
    // On a busy machine the database may answer late. Clients come again then, too.
    const { status, id } = await until('it has an answer', async () => {
      const answer = await replay(api, bytes)
      return answer.status !== 503 && answer
    })
    expect([client, status]).toEqual([client, 201])
    await untilState(api.url, id, 'delivered')
    const sha256 = createHash('sha256').update(text).digest('hex')
    const arrived = sink.arrivalOf(id)
    expect([client, arrived?.name, arrived?.size, arrived?.sha256]).toEqual([
      client,
      meant,
      Buffer.byteLength(text),
      sha256,
    ])
  }
})

/** Sends a request as it is, and reads the status and the id of the answer. */
async function replay({ url }: Deployment['api'], bytes: Buffer): Promise<{ status: number; id: string }> {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.write(bytes)
  let answer = ''
  for await (const chunk of socket.setEncoding('utf8')) {
    answer += chunk
    const status = Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1])
    if (status >= 400) return { status, id: answer }
    const id = /"id":\s*"([\da-f]{32})"/.exec(answer)?.[1]
    if (id !== undefined) return { status, id }
  }
  throw new Error(`no answer: ${answer}`)
}
