const now = new Date().toISOString()
const countWaiting = async () => {
  const list = await $`bridgectl deliveries list --pending --json`.quiet()
  return list.json<{ acknowledgedAt: string }[]>().filter(({ acknowledgedAt }) => acknowledgedAt < now).length
}
const before = await countWaiting()
const isGone = async () => (await countWaiting()) === 0
const drained = await waitFor(isGone, { timeout: '60s', every: '2s' }).catch(() => false)
const left = drained ? 0 : await countWaiting()
console.log(`waited before: ${before}, of those still waiting: ${left}`)
if (left > 0 && left >= before) throw new Error('nothing that waits was delivered within a minute')
return { before, left }
