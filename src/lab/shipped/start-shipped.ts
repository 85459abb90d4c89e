import { readFile, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { LabError } from '../../lab-port/index.ts'
import { type Customer, callService } from '../customer/call-service.ts'
import { callBridgectl, connectDeployment, serviceFinder } from '../deployment/connect-deployment.ts'
import { bundle, installPrograms, sinkProgram } from '../deployment/programs.ts'
import { currentVersion, makeRelease, nextVersion } from '../deployment/releases.ts'
import { imageDifference, openImages } from '../image/open-images.ts'
import { type Progress, SERVING } from '../lifecycle/progress.ts'
import type { StartedParts } from '../lifecycle/running-lab.ts'
import { alertingDifference } from '../monitoring/alertmanager-config.ts'
import { chooseMonitoring, startMonitoring, waitForFirstLook } from '../monitoring/start-monitoring.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import { preparePostgres } from '../postgres/postgres.ts'
import { waitUntil } from '../processes/wait-until.ts'
import type { Storage } from '../status.ts'
import { AUTHORITY, type Issuer, issueCertificate, makeCertificates } from './certificates.ts'
import { listDifferences } from './configuration.ts'
import { makeAdministrator, planAdministrator } from './database-roles.ts'
import {
  customerKeyFile,
  type Installation,
  installDatabase,
  installMachine,
  installProxy,
  installScanner,
  installService,
  layOut,
  layoutFolder,
  readUnits,
} from './install-service.ts'
import { DATABASE_BYTES, MACHINE, makeMachine, planMachine, reserve, VOLUME_BYTES } from './machine.ts'
import { readPageBlocks, readPageVersion } from './page-blocks.ts'
import { proxyProgram, readProxyConfiguration, type Substitution, writeProxyMain } from './proxy.ts'
import { SUBSTITUTED } from './run-blocks.ts'
import { sandboxUnit } from './sandbox.ts'
import { connectScanner, LAB_SIGNATURES, readScannerConfiguration, scannerProgram, writeSignatures } from './scanner.ts'
import { makeSecondPerson } from './second-person.ts'
import { shippedFacts } from './shipped-facts.ts'
import { addUnits, demandUnits, type StartedUnits, startUnit } from './start-units.ts'

/** The longest time until customers are answered once everything runs, in milliseconds. */
const SERVING_LIMIT = 60_000

/**
 * Starts a deployment from what is shipped: the page that sets a machine up, its units, its configuration and its nginx.conf. This process
 * must be in a mount namespace of its own.
 */
export async function startShipped(labPlan: LabPlan, progress: Progress): Promise<StartedParts> {
  const images = await openImages(labPlan)
  const copied = images.image?.facts
  const plan = { ...planMachine(labPlan), ...(copied ? { secretsMade: copied.made } : {}) }
  const { registry, paths, ports, env } = plan
  const root = join(plan.bundles, '..')
  const monitoring = chooseMonitoring(plan)
  const blocks = await readPageBlocks(root)
  const nginx = await readProxyConfiguration(join(root, 'static/deployment'), ports)
  const clamd = await readScannerConfiguration(join(root, 'static/deployment'), ports)
  // Prometheus looks at its targets 5 s after its start, so it starts first.
  const watching = monitoring ? startMonitoring(plan, monitoring, progress) : []
  for (const part of watching) part.catch(() => undefined)
  // From here on this process sees the machine: before it, it would write to this one.
  await progress.part('file system', async () => {
    await makeMachine(plan, images.image?.archive)
    return images.image ? 'as it was on the machine that is copied' : 'laid over the one of this machine'
  })
  const [data, log] = [MACHINE.database, logPath(plan, 'database')]
  const password = copied?.databasePassword
  const postgres = preparePostgres({ from: plan.bundles, data, log, port: ports.database, env, password })
  const services = {
    database: registry.add(postgres.program),
    downstream: registry.add(sinkProgram(plan)),
    scanner: registry.add(scannerProgram(plan)),
  }
  const administrator = planAdministrator(postgres.url, copied?.administratorPassword)
  const installation: Installation = { plan, root, blocks, databaseUrl: postgres.url, administrator }

  const person = makeSecondPerson(plan)
  const authorityFolder = join(paths.data, 'tls')
  const customer = { url: plan.url, keyFile: customerKeyFile(plan), authorityFile: join(authorityFolder, AUTHORITY) }
  const trusted = { url: customer.url, authorityFile: customer.authorityFile }
  const issuer: Issuer = { folder: authorityFolder, name: nginx.name, env }
  let started: StartedUnits | undefined
  const laidOut = layOut(installation)
  const machine = progress.part('machine', async () => {
    await Promise.all([laidOut, reserve.make()])
    await installMachine(installation)
    return `${MACHINE.config}, ${MACHINE.releases}, ${VOLUME_BYTES / 1024 / 1024} MiB at ${MACHINE.mount}`
  })
  const database = progress.part('database', async () => {
    if (!copied) await postgres.initialize(registry)
    await services.database.start()
    if (!copied) {
      await makeAdministrator(postgres.url, administrator)
      await installDatabase(installation)
    }
    return `PostgreSQL at 127.0.0.1:${ports.database}; the service's role only owns its database`
  })
  // The units of a copy are there already.
  const service = progress.part(
    'releases',
    async () => {
      await installPrograms(plan)
      const names = copied?.units ?? (await installService(installation))
      if (!copied) await installNextRelease(plan)
      const units = await readUnits(names)
      started = addUnits(plan, await Promise.all(units.map(unit => sandboxUnit(unit, env))), units)
      return `${currentVersion(plan.paths.releases)}, before it ${readPageVersion(blocks)}`
    },
    copied ? [] : [machine],
  )
  const proxy = progress.part('proxy', async () => {
    await laidOut
    const folder = layoutFolder(plan)
    const { certificate, key } = nginx.served
    const places = { certificate: join(folder, basename(certificate)), key: join(folder, basename(key)) }
    await makeCertificates(issuer, places)
    await writeFile(join(folder, 'nginx.conf'), nginx.text)
    await writeProxyMain(plan)
    await installProxy(installation)
    await registry.add(proxyProgram(plan, async () => (await askService(trusted)) !== undefined)).start()
    return plan.url
  })
  const scanner = progress.part('scanner', async () => {
    await laidOut
    await writeFile(join(layoutFolder(plan), 'clamd.conf'), clamd.text)
    await Promise.all([installScanner(installation), writeSignatures()])
    await services.scanner.start()
    return `clamd at 127.0.0.1:${ports.scanner}; it knows the EICAR test file`
  })
  const downstream = progress.part('downstream', async () => {
    await services.downstream.start()
    return plan.downstreamUrl
  })
  const kept = copied
    ? undefined
    : progress.part('image', async () => {
        await services.database.stop()
        const passwords = [postgres.url, administrator.url].map(url => new URL(url).password)
        const [databasePassword = '', administratorPassword = ''] = passwords
        await images.keep({ databasePassword, administratorPassword, units: demandUnits(started).units })
        await services.database.start()
        return 'kept: until something of it changes, a lab is a copy of it'
      }, [machine, database, service, proxy, scanner])
  const ready = [machine, database, service, ...(kept ? [kept] : [])]
  const bridge = (['api', 'worker'] as const).map(name =>
    progress.part(name, () => startUnit(name, demandUnits(started).services[name], plan), ready),
  )
  const serving = progress.part(SERVING, () => awaitServing(trusted, plan), [...bridge, proxy, scanner, downstream])
  await progress.all([...watching, ...ready, proxy, scanner, downstream, ...bridge, serving])
  if (monitoring) await progress.part('first look', () => waitForFirstLook(plan))
  const { missing } = demandUnits(started)
  const storage: Storage = { kind: 'volume', sizeBytes: VOLUME_BYTES }
  return {
    findService: serviceFinder(plan),
    deployment: connectDeployment(plan, {
      ...{ storage, customer, databaseUrl: postgres.url, readKeyFile: MACHINE.readKey },
      databaseVolume: { data, reserve },
      scanner: connectScanner(plan, services.scanner),
      proxy: { ...nginx.served, issue: (places, endsIn) => issueCertificate(issuer, places, endsIn) },
    }),
    isCopy: copied !== undefined,
    facts: shippedFacts(plan, {
      apiKey: (await readFile(MACHINE.operatorKey, 'utf8')).trim(),
      databaseUrl: postgres.url,
      storage,
      hasMonitoring: monitoring !== undefined,
      customer,
      person: await person,
      differences: [
        ...listDifferences(plan).map(({ key, value, reason }) => `${key}: ${value}: ${reason}`),
        ...describeSubstitutions('nginx.conf', nginx.substitutions),
        ...describeSubstitutions('clamd.conf', clamd.substitutions),
        LAB_SIGNATURES,
        ...SUBSTITUTED,
        ...(registry.find('pager') ? [alertingDifference(plan)] : []),
        ...(images.image ? [imageDifference(images.image)] : []),
        `PostgreSQL: ${DATABASE_BYTES / 1024 / 1024} MiB of memory are its disk, so that it can be filled`,
      ],
      missing,
      isCopy: images.image !== undefined,
    }),
  }
}

function describeSubstitutions(file: string, substitutions: readonly Substitution[]): readonly string[] {
  return substitutions.map(({ shipped, here, reason }) => `${file}: “${here}” for “${shipped}”: ${reason}`)
}

/** A second release, so that there is one to roll back to. The first one was linked by hand. */
async function installNextRelease(plan: LabPlan): Promise<void> {
  const { releases } = plan.paths
  const next = await nextVersion(releases)
  await makeRelease(releases, next, join(bundle(plan, 'bridge/api.cjs'), '..'))
  await callBridgectl(plan, ['releases', 'activate', next])
}

/** Waits until a customer is answered 200, through nginx and TLS. */
async function awaitServing(customer: Customer, { registry }: LabPlan): Promise<string> {
  const { signal } = registry.supervision
  if (await waitUntil(async () => (await askService(customer)) === 200, { timeout: SERVING_LIMIT, signal }))
    return `${customer.url} answers customers`
  throw new LabError('part-failed', `${customer.url} did not answer 200 to a customer`)
}

/** With which status the service answers a customer; nothing when nobody answers with a certificate that customers trust. */
async function askService(customer: Customer): Promise<number | undefined> {
  const signal = AbortSignal.timeout(2000)
  return callService(customer, '/readyz', { signal }).then(
    ({ status }) => status,
    () => undefined,
  )
}
