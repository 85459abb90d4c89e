import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { failure } from '../control-error.ts'
import { defineControlCommand } from '../define-control-command.ts'
import { type ControlContext, loadDeployment } from '../deployment.ts'
import { sendArgs, sendUntilDelivered } from './send-upload.ts'

const listSchema = z.array(z.object({ id: z.string(), sha256: z.string() }))

/** `bridgectl uploads canary`: sends a small file of its own all the way, so that one sees whether the way through is open. */
export function sendCanaryCommand(context: ControlContext) {
  return defineControlCommand(context, {
    name: 'uploads canary',
    changes: true,
    description: 'Send a small file of its own all the way, and compare its hash',
    examples: ['uploads canary', 'uploads canary --wait 20s'],
    args: sendArgs,
    async run(args, { stdout, stderr }) {
      const folder = await mkdtemp(join(tmpdir(), 'canary-'))
      try {
        const path = join(folder, 'canary.txt')
        await writeFile(path, `canary of ${new Date().toISOString()}, ${randomUUID()}\n`)
        const sent = await sendUntilDelivered(context, args, path, 'canary.txt')
        const { receivedUrl } = (await loadDeployment(context, args)).configuration.downstream
        const unknown = receivedUrl === undefined ? undefined : await compareReceived(receivedUrl, sent)
        if (unknown !== undefined) stderr(`What downstream has was not compared: ${unknown}\n`)
        stdout(args.json ? `${JSON.stringify(sent)}\n` : `${sent.id} ${sent.sha256}\n`)
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },
  })
}

/** Throws when downstream lists what it received, and not this. Returns why that is not known, when it does not list it. */
async function compareReceived(url: string, sent: { id: string; sha256: string }): Promise<string | undefined> {
  const signal = AbortSignal.timeout(10_000)
  const answer = await fetch(url, { signal }).catch((error: Error) => error)
  if (answer instanceof Error) return `${url} does not answer`
  if (answer.status !== 200) return `${url} answers ${answer.status}`
  const list = listSchema.safeParse(await answer.json().catch(() => undefined))
  if (!list.success) return `${url} has no list of uploads`
  const there = list.data.find(({ id }) => id === sent.id)
  if (there === undefined) throw failure(`downstream did not receive upload ${sent.id}`)
  if (there.sha256.toLowerCase() !== sent.sha256)
    throw failure(`downstream has upload ${sent.id} with SHA-256 ${there.sha256}, sent was ${sent.sha256}`)
  return undefined
}
