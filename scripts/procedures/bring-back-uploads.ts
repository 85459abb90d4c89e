// To a new place first, and only what is missing or has other bytes. Nothing is delivered before it is released.
const { found, later } = steps.search
const place = await fs.mkdtemp(path.join(params.restoreTo, 'upload-bridge-lost-'))
const uploads = path.join(target.storagePath, 'uploads')
const restic = (repository: string) => ['--repo', repository, '--password-file', target.backupPasswordFile, '--no-lock', '--quiet']
const silently = $({ quiet: true })
const hashOf = async (file: string) =>
  (await fs.pathExists(file)) ? (await silently`sha256sum ${file}`).stdout.split(' ')[0] : undefined

type Row = Record<string, unknown> & { id: string; state: string; sha256: string }
const missingBytes: typeof found = []
for (const each of found) {
  if (each.row.state !== 'delivered' && (await hashOf(path.join(uploads, each.row.id))) !== each.row.sha256) missingBytes.push(each)
}
for (const snapshot of new Set(missingBytes.map(each => each.snapshot))) {
  const these = missingBytes.filter(each => each.snapshot === snapshot)
  const include = these.flatMap(({ row }) => ['--include', `/uploads/${row.id}`])
  await $`restic ${restic(these[0]?.repository ?? '')} restore ${snapshot} --target ${place} ${include}`
  for (const { row } of these) {
    const file = path.join(place, 'uploads', row.id)
    if ((await hashOf(file)) !== row.sha256) throw new Error(`the backup has other bytes of ${row.id} than we acknowledged`)
    const beside = path.join(uploads, `.${row.id}.new`)
    await silently`chown --reference=${uploads} ${file} && chmod 600 ${file} && cp -p ${file} ${beside} && sync ${beside}`
    await fs.rename(beside, path.join(uploads, row.id))
  }
}
const rows: Row[] = found.map(({ row }) => row)
// Nobody backed these up, and their bytes are still on the volume: the name is lost.
for (const { id, size, sha256, at } of later) rows.push({ id, name: id, size, sha256, acknowledged_at: at, state: 'pending', attempts: 0 })
await $`sync ${uploads}`

const added = rows.map(row => (row.state === 'delivered' ? { ...row, bytes_removed_at: row.bytes_removed_at ?? new Date().toISOString() } : row))
// Each with its own columns: what a row of an older backup does not say has its default.
const inserts = added.map(row => {
  const columns = Object.keys(row).map(name => `"${name}"`).join(', ')
  const json = JSON.stringify(row).replaceAll("'", "''")
  return `insert into upload_bridge.uploads (${columns})
    select ${columns} from jsonb_populate_record(null::upload_bridge.uploads, '${json}'::jsonb) on conflict (id) do nothing;`
})

const { database } = YAML.parse(await fs.readFile(target.configPath, 'utf8'))
const url = new URL(database.url ?? (await fs.readFile(database.urlFile, 'utf8')).trim())
const login = { PGHOST: url.hostname, PGPORT: url.port || '5432', PGUSER: decodeURIComponent(url.username) }
const env = { ...process.env, ...login, PGPASSWORD: decodeURIComponent(url.password), PGDATABASE: url.pathname.slice(1) }
await $({ env, input: inserts.join('\n') })`psql --no-psqlrc --quiet --single-transaction --set ON_ERROR_STOP=1`
await fs.remove(place)
const waiting = rows.filter(({ state }) => state === 'pending').map(({ id }) => id)
console.log(`${rows.length} rows are back; ${waiting.length} of them are to be delivered`)
return { waiting }
