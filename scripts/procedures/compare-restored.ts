// What was brought back is exported once more: the same rows to the letter, and every upload's bytes with its hash.
const { place, backup, config } = steps.restore
const again = path.join(place, 'again')
await $`bridgectl backup export ${again} --config ${config}`
const read = async (folder: string) => fs.readJson(path.join(folder, 'manifest.json'))
const [before, after] = [await read(backup), await read(again)]
const rows = ({ files }: { files: { path: string; sha256: string }[] }) =>
  files.filter(({ path }) => path === 'tables/uploads.ndjson').map(({ sha256 }) => sha256)
expect(rows(before)).toHaveLength(1)
// An empty backup would be equal to anything that was lost.
if (before.tables.find(({ name }: { name: string }) => name === 'uploads').rows === 0) throw new Error('the backup has no upload: nothing was compared')
expect(rows(after)).toEqual(rows(before))
expect(after.uploads.stored).toBe(before.uploads.stored)
await $`bridgectl backup verify ${again}`
// Only the circuit is another: nothing is delivered from here until somebody says so.
const { circuit } = (await $`bridgectl status --config ${config} --json`).json<{ circuit: { paused: boolean } | null }>()
expect(circuit?.paused).toBe(true)
return { uploads: after.uploads.stored }
