import { readFile, writeFile } from 'node:fs/promises'
import { get } from 'node:https'
import { basename, join } from 'node:path'
import { LabError } from '../../lab-port/index.ts'
import { callBridgectl, connectDeployment, serviceFinder } from '../deployment/connect-deployment.ts'
import { bundle, installPrograms, sinkProgram } from '../deployment/programs.ts'
import { currentVersion, makeRelease, nextVersion } from '../deployment/releases.ts'
import { imageDifference, openImages } from '../image/open-images.ts'
import { Progress } from '../lifecycle/progress.ts'
import type { LabParts } from '../lifecycle/running-lab.ts'
import { alertingDifference } from '../monitoring/alertmanager-config.ts'
import { chooseMonitoring, startMonitoring, waitForFirstLook } from '../monitoring/start-monitoring.ts'
import { type LabPlan, logPath } from '../plan/lab-plan.ts'
import { preparePostgres } from '../postgres/postgres.ts'
import type { ManagedProcess } from '../processes/managed-process.ts'
import { answers, waitUntil } from '../processes/wait-until.ts'
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
import { PAGE, readPageBlocks, readPageVersion } from './page-blocks.ts'
import { proxyProgram, readProxyConfiguration, type Substitution, writeProxyMain } from './proxy.ts'
import { SUBSTITUTED } from './run-blocks.ts'
import { type Sandbox, sandboxUnit } from './sandbox.ts'
import { connectScanner, LAB_SIGNATURES, readScannerConfiguration, scannerProgram, writeSignatures } from './scanner.ts'
import { makeSecondPerson } from './second-person.ts'
import { shippedFacts } from './shipped-facts.ts'
import type { Unit } from './unit-file.ts'

/** The longest time for the service to get ready once everything it needs is ready, in milliseconds. */
const READY_LIMIT = 60_000

/**
 * Starts a deployment from what is shipped: the page that sets a machine up, its units, its configuration and its nginx.conf. This process
 * must be in a mount namespace of its own.
 */
export async function startShipped(labPlan: LabPlan): Promise<Omit<LabParts, 'processes' | 'end'>> {
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
  const progress = new Progress(registry, plan.log)
  const watching = monitoring ? startMonitoring(plan, monitoring, progress) : []
  for (const part of watching) part.catch(() => undefined)
  // From here on this process sees the machine: before it, it would write to this one.
  await makeMachine(plan, images.image?.archive)
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
  const issuer: Issuer = { folder: authorityFolder, name: nginx.name, env }
  let started: Started | undefined
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
  const service = progress.part('releases', async () => {
    // The units of a copy are there already.
    if (!copied) await machine
    await installPrograms(plan)
    const names = copied?.units ?? (await installService(installation))
    if (!copied) await installNextRelease(plan)
    const units = await readUnits(names)
    started = addUnits(plan, await Promise.all(units.map(unit => sandboxUnit(unit, env))), units)
    return `${currentVersion(plan.paths.releases)}, before it ${readPageVersion(blocks)}`
  })
  const proxy = progress.part('proxy', async () => {
    await laidOut
    const folder = layoutFolder(plan)
    const { certificate, key } = nginx.served
    const places = { certificate: join(folder, basename(certificate)), key: join(folder, basename(key)) }
    await makeCertificates(issuer, places)
    await writeFile(join(folder, 'nginx.conf'), nginx.text)
    await writeProxyMain(plan)
    await installProxy(installation)
    const ca = await readFile(customer.authorityFile, 'utf8')
    await registry.add(proxyProgram(plan, () => answersWith(ca, plan.url))).start()
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
        await Promise.all([machine, database, service, proxy, scanner])
        await services.database.stop()
        const passwords = [postgres.url, administrator.url].map(url => new URL(url).password)
        const [databasePassword = '', administratorPassword = ''] = passwords
        await images.keep({ databasePassword, administratorPassword, units: demandStarted(started).units })
        await services.database.start()
        return 'kept: until something of it changes, a lab is a copy of it'
      })
  const bridge = (['api', 'worker'] as const).map(async name => {
    await Promise.all([machine, database, service, kept])
    await progress.part(name, () => startService(name, demandStarted(started).services[name], plan))
  })
  await progress.all([
    ...watching,
    machine,
    database,
    service,
    proxy,
    scanner,
    downstream,
    ...(kept ? [kept] : []),
    ...bridge,
  ])
  if (monitoring) await progress.part('first look', () => waitForFirstLook(plan))
  const { missing } = demandStarted(started)
  const storage: Storage = { kind: 'volume', sizeBytes: VOLUME_BYTES }
  return {
    findService: serviceFinder(plan),
    deployment: connectDeployment(plan, {
      ...{ storage, customer, databaseUrl: postgres.url, readKeyFile: MACHINE.readKey },
      databaseVolume: { data, reserve },
      scanner: connectScanner(plan, services.scanner),
      proxy: { ...nginx.served, issue: (places, endsIn) => issueCertificate(issuer, places, endsIn) },
    }),
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

/** The programs of the units, once these are known. */
interface Started {
  readonly services: Readonly<Record<'api' | 'worker', ManagedProcess>>
  /** Their units. */
  readonly units: readonly string[]
  /** The directives that do not hold. */
  readonly missing: readonly string[]
}

function demandStarted(started: Started | undefined): Started {
  if (started) return started
  throw new LabError('part-failed', 'the units were not read')
}

function addUnits(plan: LabPlan, sandboxes: readonly Sandbox[], units: readonly Unit[]): Started {
  const add = (name: 'api' | 'worker') => {
    const at = units.findIndex(unit => unit.name === `upload-bridge-${name}`)
    const sandbox = sandboxes[at]
    if (!sandbox) throw new LabError('part-failed', `${PAGE} does not start upload-bridge-${name}`)
    const { before, command, env, cwd, reloadSignal } = sandbox
    const isReady = () => answers(`http://127.0.0.1:${plan.ports[name]}/livez`)
    return plan.registry.add({ name, before, command, env, cwd, reloadSignal, log: logPath(plan, name), isReady })
  }
  return {
    services: { api: add('api'), worker: add('worker') },
    units: units.map(({ name }) => name),
    missing: [...new Set(sandboxes.flatMap(({ missing }) => missing))],
  }
}

/** A second release, so that there is one to roll back to. The first one was linked by hand. */
async function installNextRelease(plan: LabPlan): Promise<void> {
  const { releases } = plan.paths
  const next = await nextVersion(releases)
  await makeRelease(releases, next, join(bundle(plan, 'bridge/api.cjs'), '..'))
  await callBridgectl(plan, ['releases', 'activate', next])
}

async function startService(name: 'api' | 'worker', service: ManagedProcess, plan: LabPlan): Promise<string> {
  const { signal } = plan.registry.supervision
  const url = `http://127.0.0.1:${plan.ports[name]}`
  await service.start()
  if (await waitUntil(() => answers(`${url}/readyz`), { timeout: READY_LIMIT, signal }))
    return `${url}, as its unit says`
  throw new LabError('part-failed', `${name} did not get ready; its log is ${service.program.log}`)
}

/** Whether somebody answers there with a certificate of this CA. */
function answersWith(ca: string, url: string): Promise<boolean> {
  return new Promise(resolve => {
    get(url, { ca, agent: false, timeout: 2000 }, response => {
      response.resume()
      resolve(true)
    }).on('error', () => resolve(false))
  })
}
