// The old configuration stays beside the new one: the way back is one rename.
const { config } = steps.restore
const before = `${target.configPath}.before-restore`
if (await fs.pathExists(before)) throw new Error(`${before} is there already: a restore before was neither kept nor taken back`)
await $`bridgectl config validate ${config}`
await fs.copy(target.configPath, before, { preserveTimestamps: true })
await fs.copy(config, target.configPath)
await service('worker', 'restart')
await service('api', 'restart')
await waitFor(async () => (await http(`${target.url}/readyz`)).status === 200, { timeout: '1m', what: 'the API to be ready' })
return { before }
