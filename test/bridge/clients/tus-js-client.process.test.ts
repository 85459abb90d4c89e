import * as tus4 from 'tus-js-client'
import * as tus3 from 'tus-js-client-3'
import { expect, it } from 'vitest'
import { sample, untilState } from '../support/clients.ts'
import { freePort } from '../support/free-port.ts'
import { prepareGround } from '../support/ground.ts'

const ground = prepareGround()
const versions = [
  ['tus-js-client 3', tus3.Upload],
  ['tus-js-client 4', tus4.Upload],
] as const

it.each(versions)(
  '%s pauses, resumes, and goes on by itself when the service is killed under it',
  async (_, Upload) => {
    const deployment = await ground.deploy({ configuration: { api: { port: await freePort() } } })
    const { bytes, sha256 } = sample(4_000_000)
    const name = 'žluť 猫 "a".txt'
    const pauseAndCut = async (upload: { abort(): Promise<void>; start(): void }) => {
      await upload.abort()
      upload.start()
      await deployment.api.end('SIGKILL')
      await deployment.startApi()
    }
    const offsets: number[] = []
    const url = await new Promise<string | null>((resolve, reject) => {
      let isCut = false
      const upload = new Upload(bytes as never, {
        endpoint: `${deployment.api.url}/files/`,
        chunkSize: 200_000,
        retryDelays: Array(200).fill(100),
        metadata: { filename: name, customer: 'Žofie' },
        onError: reject,
        onSuccess: () => resolve(upload.url),
        onChunkComplete(_size, accepted) {
          offsets.push(accepted)
          if (isCut || accepted < 1_000_000) return
          isCut = true
          pauseAndCut(upload).catch(reject)
        },
      })
      upload.start()
    })
    expect(offsets.at(-1)).toBe(bytes.length)
    expect(offsets).toEqual([...offsets].sort((a, b) => a - b))
    const id = url?.split('/').at(-1) ?? ''
    await untilState(deployment.api.url, id, 'delivered')
    const arrival = deployment.sink.arrivalOf(id)
    expect(arrival).toMatchObject({ name, sha256 })
    const sent = `filename ${Buffer.from(name).toString('base64')},customer ${Buffer.from('Žofie').toString('base64')}`
    expect(arrival?.headers['upload-metadata']).toBe(sent)
  },
)
