// The name was made by the restore: nothing else is called so.
const { place, database } = steps.restore
const { database: live } = YAML.parse(await fs.readFile(target.configPath, 'utf8'))
const url = new URL(live.url ?? (await fs.readFile(live.urlFile, 'utf8')).trim())
const { hostname, port, username, password } = url
const server = { PGHOST: hostname, PGPORT: port || '5432', PGUSER: username, PGPASSWORD: decodeURIComponent(password) }
await $({ env: { ...process.env, ...server } })`dropdb ${database}`
await fs.remove(place)
