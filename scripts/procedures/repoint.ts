// The old configuration stays beside the new one: the way back is one rename. Both keep owner, group and mode: the service reads them.
const { config } = steps.restore
const before = `${target.configPath}.before-restore`
const next = `${target.configPath}.restored`
if (await fs.pathExists(before)) throw new Error(`${before} is there already: a restore before was neither kept nor rolled back`)
await $`bridgectl config validate ${config}`
for (const copy of [before, next]) await $`cp --preserve=all ${target.configPath} ${copy}`
const ownership = async (file: string) => {
  const { uid, gid, mode } = await fs.stat(file)
  return `${uid}:${gid} ${mode.toString(8)}`
}
if ((await ownership(next)) !== (await ownership(target.configPath))) {
  for (const copy of [before, next]) await fs.remove(copy)
  throw new Error(`${target.configPath} would get another owner, and nothing was changed: run this as root`)
}
await $`cp ${config} ${next}`
await fs.rename(next, target.configPath)
await service('worker', 'restart')
await service('api', 'restart')
await waitFor(async () => (await http(`${target.url}/readyz`)).status === 200, { timeout: '1m', what: 'the API to be ready' })
return { before }
