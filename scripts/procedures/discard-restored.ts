// The name was made by the restore: nothing else is called so.
const { place, database } = steps.restore
const { hostname, port, username, password } = new URL((await fs.readFile(target.databaseAdministratorFile, 'utf8')).trim())
const [PGUSER, PGPASSWORD] = [username, password].map(decodeURIComponent)
const server = { PGHOST: hostname, PGPORT: port || '5432', PGUSER, PGPASSWORD, PGDATABASE: 'postgres' }
await $({ env: { ...process.env, ...server } })`dropdb ${database}`
await fs.remove(place)
