import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { connect } from 'node:tls'
import { LabError } from '../../lab-port/index.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { Deployment, Fault } from './fault.ts'

/** A certificate that nginx goes on serving. */
interface OldCertificate extends Pick<Fault, 'name' | 'title' | 'summary'> {
  /** When it ends, in seconds from now. */
  readonly endsIn: number
  /** Where the renewed pair is: beside nginx, where whoever renews it puts it; or in its place, and nginx does not know. */
  readonly renewed: 'beside' | 'in place'
}

/** Where renewed pairs are put, as the runbook says. */
const RENEWED = '/etc/nginx/renewed'

/** A fault: nginx serves a certificate that ends soon or has ended, although a renewed one is there. */
export function servedCertificate({ endsIn, renewed, ...named }: OldCertificate): Fault {
  const noteOf = ({ notesPath }: Deployment, what: string) => join(notesPath, `${named.name}.${what}`)
  return {
    ...named,
    async start(deployment) {
      const { certificate, key, issue, reload } = demandProxy(deployment)
      await copyFile(certificate, noteOf(deployment, 'pem'))
      await copyFile(key, noteOf(deployment, 'key'))
      await issue({ certificate, key }, endsIn)
      reload()
      await waitUntilServed(deployment)
      if (renewed === 'beside') {
        await mkdir(RENEWED, { mode: 0o700 })
        await copyFile(noteOf(deployment, 'pem'), join(RENEWED, basename(certificate)))
        await copyFile(noteOf(deployment, 'key'), join(RENEWED, basename(key)))
      } else await putBack(deployment)
      await writeFile(noteOf(deployment, 'workers'), readWorkers(deployment) ?? '')
    },
    async stop(deployment) {
      if (read(noteOf(deployment, 'pem')) === undefined) return
      await putBack(deployment)
      demandProxy(deployment).reload()
      await waitUntilServed(deployment)
      await rm(RENEWED, { recursive: true, force: true })
      const { certificate, key } = demandProxy(deployment)
      for (const file of [certificate, key]) await rm(`${file}.before`, { force: true })
      for (const what of ['pem', 'key', 'workers']) await rm(noteOf(deployment, what), { force: true })
    },
    // nginx has new workers once it has read its files again.
    isActive(deployment) {
      const [sound, workers] = [read(noteOf(deployment, 'pem')), read(noteOf(deployment, 'workers'))]
      if (sound === undefined || !deployment.proxy) return false
      return sound !== read(deployment.proxy.certificate) || !hasNewWorkers(workers, readWorkers(deployment))
    },
  }

  async function putBack(deployment: Deployment): Promise<void> {
    const { certificate, key } = demandProxy(deployment)
    await copyFile(noteOf(deployment, 'pem'), certificate)
    await copyFile(noteOf(deployment, 'key'), key)
  }
}

function demandProxy({ proxy }: Deployment): NonNullable<Deployment['proxy']> {
  if (proxy) return proxy
  throw new LabError('cannot-break', 'no nginx with a certificate runs in this lab: handbook lab up, as shipped')
}

/** The processes of nginx that serve, as the kernel lists them. */
function readWorkers({ pid }: Deployment): string | undefined {
  const main = pid('proxy')
  return main === undefined ? undefined : read(`/proc/${main}/task/${main}/children`)
}

/** Old workers end by and by after they were told to. */
function hasNewWorkers(before = '', now = ''): boolean {
  const known = new Set(before.split(/\s+/))
  return now.split(/\s+/).some(pid => !known.has(pid))
}

/** Waits until nginx serves what lies in its file. */
async function waitUntilServed(deployment: Deployment): Promise<void> {
  const { certificate } = demandProxy(deployment)
  const wanted = (await readFile(certificate, 'utf8')).replace(/\s|-----[^-]+-----/g, '')
  const isServed = async () => (await readServed(deployment).catch(() => undefined)) === wanted
  if (await waitUntil(isServed, { timeout: 10_000, signal: deployment.signal })) return
  throw new LabError('cannot-break', 'nginx does not read its certificate again')
}

async function readServed({ customer }: Deployment): Promise<string> {
  const { hostname, port } = new URL(customer.url)
  // One that has ended is read, too; nothing is sent.
  const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false })
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(2000) })
    return socket.getPeerCertificate().raw.toString('base64')
  } finally {
    socket.on('error', () => undefined).destroy()
  }
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}
