import { afterAll, afterEach, beforeAll, vi } from 'vitest'
import { bundleBridge } from './bundle-bridge.ts'
import { type Deployment, type DeploymentOptions, type Ground, startDeployment } from './deployment.ts'
import { startPostgres } from './postgres.ts'
import { makeTemporaryFolder } from './temporary-folder.ts'

/** Prepares a test file: bundles and PostgreSQL once, deployments as the tests ask for them, all ended afterwards. */
export function prepareGround(): { deploy: (options?: DeploymentOptions) => Promise<Deployment>; get: () => Ground } {
  // Real processes on a machine that may be slow and busy.
  vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })
  let ground: Ground | undefined
  let removeFolder = async () => {}
  const deployments: Deployment[] = []
  const get = () => {
    if (ground === undefined) throw new Error('the ground is not ready yet')
    return ground
  }
  beforeAll(async () => {
    const { path, remove } = await makeTemporaryFolder()
    removeFolder = remove
    const [bundles, postgres] = await Promise.all([bundleBridge(path), startPostgres(path)])
    ground = { folder: path, bundles, postgres }
  })
  afterEach(async () => {
    await Promise.all(deployments.splice(0).map(deployment => deployment.end()))
  })
  afterAll(async () => {
    await ground?.postgres.stop()
    await removeFolder()
  })
  return {
    get,
    async deploy(options) {
      const deployment = await startDeployment(get(), options)
      deployments.push(deployment)
      return deployment
    },
  }
}
