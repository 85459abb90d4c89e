// A folder, a database, a release and the configuration of this environment: everything else comes about by itself.
const begun = Date.now()
const place = await fs.mkdtemp(path.join(params.setUpIn, 'upload-bridge-new-'))
const database = path.basename(place).toLowerCase().replace(/\W/g, '_')
const config = path.join(place, 'upload-bridge.yaml')
const release = path.join(place, 'releases', 'current')
await fs.copy(await fs.realpath(path.join(target.releasesPath, 'current')), release)

const configuration = YAML.parse(await fs.readFile(target.configPath, 'utf8'))
const url = new URL(configuration.database.url ?? (await fs.readFile(configuration.database.urlFile, 'utf8')).trim())
const as = ({ hostname, port, username, password }: URL) => {
  const [PGUSER, PGPASSWORD] = [username, password].map(decodeURIComponent)
  return { ...process.env, PGHOST: hostname, PGPORT: port || '5432', PGUSER, PGPASSWORD, PGDATABASE: 'postgres' }
}
// The service's own role may not create databases: an administrator's does, and that role owns it.
const administrator = as(new URL((await fs.readFile(target.databaseAdministratorFile, 'utf8')).trim()))
const owner = as(url)
url.pathname = `/${database}`
configuration.database = { ...configuration.database, url: url.href, urlFile: undefined }
configuration.storage.path = path.join(place, 'storage')
configuration.state.path = path.join(place, 'state')
configuration.releases.path = path.join(place, 'releases')
configuration.auth = { required: true }
// Its uploads go on where they began, and not at the proxy's address.
configuration.api = { ...configuration.api, publicUrl: undefined }
configuration.bridgectl = { apiKeyFile: path.join(place, 'operator.key') }
await fs.writeFile(config, YAML.stringify({ ...configuration, bridgectl: {} }), { mode: 0o600 })

const running: ProcessPromise[] = []
function start(program: 'api' | 'worker') {
  const env = { ...process.env, UPLOAD_BRIDGE_API_PORT: '0', UPLOAD_BRIDGE_WORKER_PORT: '0' }
  const child = $({ env, nothrow: true, quiet: true })`node ${release}/${program}.cjs --config ${config}`
  running.push(child)
  return child
}
const startApi = async () => {
  const api = start('api')
  let log = ''
  api.stdout.on('data', (text: Buffer) => {
    log += text
  })
  const findUrl = () => /"message":"listening".*?"url":"([^"]+)"|"url":"([^"]+)".*?"message":"listening"/.exec(log)
  const [, first, second] = await waitFor(findUrl, { timeout: '15s', every: '100ms', what: `the API to listen: ${log}` })
  const url = first ?? second ?? ''
  await waitFor(async () => (await http(`${url}/readyz`)).status === 200, { timeout: '15s', every: '100ms' })
  return { api, url }
}
const canary = path.join(place, 'canary.txt')
await fs.writeFile(canary, `from nothing, ${new Date().toISOString()}\n`)
const send = async (url: string) => $`node ${release}/bridgectl.cjs uploads send ${canary} --url ${url} --wait 15s --config ${config}`
const rowsOf = async (name: string) => {
  await $`node ${release}/bridgectl.cjs backup export ${path.join(place, name)} --config ${config}`
  const { tables, files, migrations } = await fs.readJson(path.join(place, name, 'manifest.json'))
  return { tables, migrations, rows: files.filter((file: { path: string }) => file.path.startsWith('tables/')) }
}

try {
  await $({ env: administrator })`createdb --owner=${owner.PGUSER} ${database}`
  await $`node ${release}/bridgectl.cjs keys create operator --role operate --output ${place}/operator.key --config ${config}`
  await fs.writeFile(config, YAML.stringify(configuration))
  const first = await startApi()
  start('worker')
  await send(first.url)
  const seconds = (Date.now() - begun) / 1000
  expect(seconds).toBeLessThan(params.setUpWithin * 60)

  // The schema is there by now: a second start must change nothing.
  const before = await rowsOf('before')
  await first.api.kill('SIGTERM')
  const second = await startApi()
  expect(await rowsOf('after')).toEqual(before)
  await second.api.kill('SIGTERM')

  // What the release after this one may do to it: add, and never take away. Without that there is no way back.
  const next = `alter table upload_bridge.uploads add column of_the_next_release text default 'new';
    insert into upload_bridge.migrations (name) values ('999-of-the-next-release')`
  await $({ env: owner })`psql --quiet --no-psqlrc --set ON_ERROR_STOP=1 --dbname ${database} --command ${next}`
  const third = await startApi()
  await send(third.url)
  return { seconds }
} finally {
  await Promise.allSettled(running.map(async child => child.kill('SIGTERM')))
  await Promise.all(running)
  await $({ env: administrator, nothrow: true })`dropdb --if-exists ${database}`
  await fs.remove(place)
}
