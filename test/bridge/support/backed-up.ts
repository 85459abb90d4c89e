import { join } from 'node:path'
import { sample, sendByTus, untilState } from './clients.ts'
import type { Deployment } from './deployment.ts'
import type { prepareGround } from './ground.ts'

type Deployments = ReturnType<typeof prepareGround>

/** A deployment with an upload that is delivered, one that is held and one that waits, in that order. */
export async function deployWithUploads(
  ground: Deployments,
): Promise<{ deployment: Deployment; ids: [string, string, string] }> {
  const deployment = await ground.deploy()
  const send = (size: number) => sendByTus(deployment.api.url, sample(size).bytes)
  const delivered = await send(3000)
  await untilState(deployment.api.url, delivered, 'delivered')
  await deployment.control('deliveries', 'pause', '--reason', 'a line\u2028within')
  const held = await send(4000)
  await deployment.control('deliveries', 'hold', held, '--reason', 'a line\u2028within')
  return { deployment, ids: [delivered, held, await send(5000)] }
}

/** Exports a backup of it into a folder of this name. */
export async function exportOf(ground: Deployments, deployment: Deployment, name: string): Promise<string> {
  const folder = join(ground.get().folder, name)
  await deployment.control('backup', 'export', folder)
  return folder
}
