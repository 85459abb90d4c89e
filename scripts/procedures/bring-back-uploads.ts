// To a new place first, and only what is missing. What is there is never overwritten, and nothing is delivered before it is released.
const { found, later } = steps.search
const place = await fs.mkdtemp(path.join(params.restoreTo, 'upload-bridge-lost-'))
const uploads = path.join(target.storagePath, 'uploads')
const restic = (repository: string) => ['--repo', repository, '--password-file', target.backupPasswordFile, '--no-lock', '--quiet']
const hashOf = async (file: string) =>
  (await fs.pathExists(file)) ? (await $`sha256sum ${file}`.quiet()).stdout.split(' ')[0] : undefined

type Row = Record<string, unknown> & { id: string; state: string; sha256: string }
const rows: Row[] = []
for (const { row, snapshot, repository } of found) {
  if (row.state !== 'delivered' && (await hashOf(path.join(uploads, row.id))) !== row.sha256) {
    const file = path.join(place, row.id)
    await $`restic ${restic(repository)} dump ${snapshot} /uploads/${row.id} > ${file}`
    if ((await hashOf(file)) !== row.sha256) throw new Error(`the backup has other bytes of ${row.id} than we acknowledged`)
    await $`chown --reference=${uploads} ${file} && chmod 600 ${file} && cp -p ${file} ${uploads}/.${row.id}.new && sync ${uploads}/.${row.id}.new`
    await fs.rename(path.join(uploads, `.${row.id}.new`), path.join(uploads, row.id))
  }
  rows.push(row)
}
// Nobody backed these up, and their bytes are still on the volume: the name is lost.
for (const { id, size, sha256, at } of later) rows.push({ id, name: id, size, sha256, acknowledged_at: at, state: 'pending', attempts: 0 })
await $`sync ${uploads}`

const reason = 'lost, and brought back'
const waiting = rows.filter(({ state }) => state === 'pending').map(({ id }) => id)
const held = rows.map(row => {
  if (row.state === 'pending') return { ...row, state: 'held', reason }
  return row.state === 'delivered' ? { ...row, bytes_removed_at: row.bytes_removed_at ?? new Date().toISOString() } : row
})
const columns = [...new Set(held.flatMap(row => Object.keys(row)))].map(name => `"${name}"`).join(', ')
const json = JSON.stringify(held.map(row => ({ attempts: 0, ...row }))).replaceAll("'", "''")
const sql = `insert into upload_bridge.uploads (${columns})
  select ${columns} from jsonb_populate_recordset(null::upload_bridge.uploads, '${json}'::jsonb) on conflict (id) do nothing;`

const { database } = YAML.parse(await fs.readFile(target.configPath, 'utf8'))
const url = new URL(database.url ?? (await fs.readFile(database.urlFile, 'utf8')).trim())
const login = { PGHOST: url.hostname, PGPORT: url.port || '5432', PGUSER: decodeURIComponent(url.username) }
const env = { ...process.env, ...login, PGPASSWORD: decodeURIComponent(url.password), PGDATABASE: url.pathname.slice(1) }
await $({ env, input: sql })`psql --no-psqlrc --quiet --single-transaction --set ON_ERROR_STOP=1`
await fs.remove(place)
console.log(`${rows.length} uploads are back: ${waiting.length} wait to be released`)
return { waiting }
