// To a new place, never over the old: a folder and a database that were not there before. What runs is not touched.
const begun = Date.now()
const folder = params.restoreTo || path.dirname(target.storagePath)
const place = await fs.mkdtemp(path.join(folder, 'upload-bridge-restored-'))
const database = path.basename(place).toLowerCase().replace(/\W/g, '_')
const backup = path.join(place, 'backup')
const config = path.join(place, 'upload-bridge.yaml')

// The configuration that is in force, but for the three things that it must not share.
const configuration = YAML.parse(await fs.readFile(target.configPath, 'utf8'))
const { state, storage } = configuration
const url = new URL(configuration.database.url ?? (await fs.readFile(configuration.database.urlFile, 'utf8')).trim())
// The service's own role may not create databases: an administrator's does, and that role owns it.
const administrator = new URL((await fs.readFile(target.databaseAdministratorFile, 'utf8')).trim())
const [PGUSER, PGPASSWORD, role] = [administrator.username, administrator.password, url.username].map(decodeURIComponent)
const server = { PGHOST: administrator.hostname, PGPORT: administrator.port || '5432', PGUSER, PGPASSWORD, PGDATABASE: 'postgres' }
url.pathname = `/${database}`
configuration.database = { ...configuration.database, url: url.href, urlFile: undefined }
configuration.storage = { ...storage, path: path.join(place, 'storage') }
configuration.state = { ...state, path: path.join(place, 'state') }
await fs.writeFile(config, YAML.stringify(configuration), { mode: 0o600 })

// Root brings it back for the account that the service runs as: the one that its state belongs to.
const owner = await fs.stat(state.path).catch(async () => fs.stat(storage.path).catch(() => undefined))
if (process.getuid?.() === 0 && owner) await fs.chown(place, owner.uid, owner.gid)

try {
  const restic = ['--repo', target.backupRepository, '--password-file', target.backupPasswordFile, '--quiet']
  const [found] = (await $`restic ${restic} snapshots --tag upload-bridge --json ${params.snapshot}`).json<{ short_id: string }[]>()
  if (!found) throw new Error(`${target.backupRepository} has no snapshot ${params.snapshot}`)
  const snapshot = found.short_id
  await $`restic ${restic} restore ${snapshot} --target ${backup}`
  await $({ env: { ...process.env, ...server } })`createdb --owner=${role} ${database}`
  const { createdAt, uploads, bytes } = (await $`bridgectl backup import ${backup} --config ${config} --json`).json()
  return { place, database, backup, config, snapshot, createdAt, uploads, bytes, seconds: (Date.now() - begun) / 1000 }
} catch (error) {
  await $({ env: { ...process.env, ...server }, nothrow: true })`dropdb --if-exists ${database}`
  await fs.remove(place)
  throw error
}
